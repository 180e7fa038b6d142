/** One server, one round: start, check, load, stop. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, mismatch } from './answer.ts';
import { askHttp2 } from './ask-http2.ts';
import { type BenchCase, isHttp2, isSecure } from './cases.ts';
import { coreUsage, disturbance } from './core-usage.ts';
import { atScalePoint, type Durations, SCALE_POINTS } from './durations.ts';
import { runH2load } from './h2load.ts';
import { runHandshakes } from './handshakes.ts';
import { measureIdle, measureIdleLoad } from './idle.ts';
import type { LoadTarget, Measured } from './measured.ts';
import { measureParse } from './parse.ts';
import { LOAD_CORE, SERVER_CORE } from './places.ts';
import type { Contender } from './plan.ts';
import { endedChildrenCpuSeconds } from './process-tree.ts';
import { requestFor } from './request.ts';
import { ServerProcess } from './server-process.ts';
import type { Site } from './site.ts';
import { type LoadReport, loadFailures, runWrk, type WrkReport } from './wrk.ts';

/** A core with more usage than this is full. */
const FULL = 0.95;

/** @throws {Error} when the server does not start or sends another response than expected. */
export async function measure(
  bench: BenchCase,
  contender: Contender,
  site: Site,
  durations: Durations,
): Promise<Measured[]> {
  if (bench.kind === 'parse') return [await measureParse(contender)];
  // Memory is measured after garbage collection.
  const flags = bench.kind === 'idle' && contender.runtime?.kind === 'node' ? ['--expose-gc'] : [];
  const { server: kind, runtime } = contender;
  const server = await ServerProcess.start((port) =>
    kind.command({ port, app: bench.app, over: bench.over, site, runtime, flags }),
  );
  try {
    const target = await lookAt(server, bench, contender, site);
    switch (bench.kind) {
      case 'idle':
        return [await measureIdle(server, target, bench.connections)];
      case 'idle-load':
        return await measureIdleLoad(
          server,
          target,
          (seconds) => load(server, bench, target, seconds),
          durations,
        );
      case 'scale':
        return await measureScale(server, bench, target, durations);
      case 'load':
      case 'handshakes':
        await load(server, bench, target, durations.warmUp);
        return [await load(server, bench, target, durations.counted)];
    }
  } finally {
    await server.stop();
  }
}

/** @throws {Error} when the response is not the expected one. */
async function lookAt(
  server: ServerProcess,
  bench: BenchCase,
  { server: kind }: Contender,
  site: Site,
): Promise<LoadTarget> {
  const shape = bench.shape(kind.id);
  const request = requestFor(server.port, shape);
  const octets = bench.pipelined === 1 ? request : Buffer.concat(Array(bench.pipelined).fill(request));
  const expected = bench.expected(site, server.port);
  const answers = isHttp2(bench.over)
    ? [await askHttp2(urlOf(server, bench), shape)]
    : await ask(server.port, octets, bench.pipelined, isSecure(bench.over));
  for (const answer of answers) {
    const wrong = mismatch(answer, expected);
    if (wrong !== undefined) throw new Error(`it answers with ${wrong}`);
  }
  const requestFile = join(site.scratch, `request-${server.port}.http`);
  writeFileSync(requestFile, octets);
  const contentFile = shape.content && join(site.scratch, `content-${server.port}`);
  if (contentFile !== undefined) writeFileSync(contentFile, shape.content!);
  const { wireOctets, fields } = answers[0]!;
  const fixedLength = !isHttp2(bench.over) && bench.kind !== 'handshakes' && fields.has('content-length');
  return { shape, request, requestFile, contentFile, wireOctets, fixedLength };
}

const urlOf = ({ port }: ServerProcess, { over }: BenchCase) =>
  `${isSecure(over) ? 'https' : 'http'}://127.0.0.1:${port}`;

/** Requests a second that each server has answered: h2load is told a count, and not a time. */
const lastRates = new Map<number, number>();

async function runLoad(
  server: ServerProcess,
  bench: BenchCase,
  target: LoadTarget,
  seconds: number,
  connections: number,
): Promise<LoadReport & Partial<WrkReport>> {
  const { port } = server;
  if (bench.kind === 'handshakes') return runHandshakes(port, bench.resumes === true, seconds);
  if (!isHttp2(bench.over))
    return runWrk({
      port,
      isSecure: isSecure(bench.over),
      requestFile: target.requestFile,
      connections,
      seconds,
    });
  const { shape, contentFile } = target;
  const streams = bench.streams ?? 1;
  const url = `${urlOf(server, bench)}${shape.target ?? '/'}`;
  const least = connections * streams;
  const rate = lastRates.get(port) ?? (bench.moves === undefined ? 5_000 : 5);
  const requests = Math.max(least, Math.round(rate * seconds));
  const report = await runH2load({ url, shape, contentFile, connections, streams, requests });
  lastRates.set(port, report.requests / report.seconds);
  return report;
}

async function load(
  server: ServerProcess,
  bench: BenchCase,
  target: LoadTarget,
  seconds: number,
  connections = bench.connections,
): Promise<Measured> {
  const before = {
    cpu: server.cpuSeconds(),
    load: endedChildrenCpuSeconds(),
    serverCore: coreUsage(SERVER_CORE).busy,
    loadCore: coreUsage(LOAD_CORE).busy,
    time: performance.now(),
  };
  const { wireOctets, fixedLength } = target;
  const report = await runLoad(server, bench, target, seconds, connections);
  const elapsed = (performance.now() - before.time) / 1_000;
  const loadSeconds = endedChildrenCpuSeconds() - before.load;
  const cpu = server.cpuSeconds() - before.cpu;
  const disturbed = [
    disturbance(SERVER_CORE, coreUsage(SERVER_CORE).busy - before.serverCore, cpu, elapsed),
    disturbance(LOAD_CORE, coreUsage(LOAD_CORE).busy - before.loadCore, loadSeconds, elapsed),
  ].filter((what) => what !== undefined);

  const large = !isHttp2(bench.over) && bench.moves !== undefined && wireOctets > bench.moves;
  // Some large responses are always in progress, so their bytes are counted and not their ends.
  const requests = large ? report.octets / wireOctets : report.requests;
  const invalid = loadFailures(report);
  const least = report.requests * wireOctets;
  const most = (report.requests + connections * bench.pipelined) * wireOctets;
  if (fixedLength && (report.octets < least || report.octets > most)) {
    invalid.push(
      `responses of ${(report.octets / report.requests).toFixed(1)} bytes instead of ${wireOctets}`,
    );
  }
  const { p50, p99 } = report;
  const serverShare = cpu / report.seconds;
  const loadShare = loadSeconds / report.seconds;
  return {
    figures: {
      rate: requests / report.seconds,
      cpu: (cpu / requests) * 1e6,
      ...(bench.moves === undefined ? {} : { throughput: (requests * bench.moves) / report.seconds }),
      // wrk does not measure the latency of pipelined requests, and the other programs none.
      ...(bench.pipelined === 1 && p50 !== undefined && p99 !== undefined ? { p50, p99 } : {}),
      resident: server.residentOctets(),
      serverShare,
      loadShare,
    },
    invalid,
    disturbed,
    loadBound: loadShare >= FULL && serverShare < FULL,
  };
}

async function measureScale(
  server: ServerProcess,
  bench: BenchCase,
  target: LoadTarget,
  durations: Durations,
): Promise<Measured[]> {
  const { warmUp, counted } = atScalePoint(durations);
  const points: Measured[] = [];
  for (const connections of SCALE_POINTS) {
    await load(server, bench, target, warmUp, connections);
    const measured = await load(server, bench, target, counted, connections);
    points.push({ ...measured, point: connections });
  }
  return points;
}
