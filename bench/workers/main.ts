/**
 * Compares the ways to use several cores: requests a second, CPU time a request, memory, and how evenly connections are
 * distributed. Prints a Markdown table for bench/results/workers.md.
 *
 *     npm run bench:workers                                     this Node
 *     npm run bench:workers -- --node /path/to/node --rounds 5
 *     npm run bench:workers -- --only processes,round-robin
 *
 * The workers may use every core. wrk has one thread on the second core, so on two cores it slows down the second worker; CPU time
 * a request does not depend on that. Each round measures all mechanisms, one after the other; the table shows medians.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable, thousands } from '../../test/support/markdown-table.ts';
import { freePort } from '../../test/support/ports.ts';
import { RunningProgram } from '../../test/support/running-program.ts';
import { cpuSeconds, proportionalOctets } from '../end-to-end/process-tree.ts';
import { median } from '../end-to-end/statistics.ts';
import { loadFailures, runWrk } from '../end-to-end/wrk.ts';
import { MECHANISMS, type Mechanism } from './server.ts';
import { connectionsPerWorker, largestShare } from './spread.ts';

const SERVER = fileURLToPath(new URL('./server.js', import.meta.url));
const CONNECTIONS = 64;
const MANY = 1_000;
const MIB = 2 ** 20;
/** The code is compiled in the first second. */
const WARM_UP_SECONDS = 1;
/** `reusePort` came with Node 22.12 and 23.1. */
const REUSE_PORT_SINCE = [22, 12] as const;

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    workers: { type: 'string', default: '2' },
    only: { type: 'string', default: Object.keys(MECHANISMS).join(',') },
    help: { type: 'boolean', short: 'h' },
  },
});
const [rounds, seconds, workers] = [values.rounds, values.seconds, values.workers].map(Number) as [
  number,
  number,
  number,
];
const only = values.only.split(',');
const isRight = [rounds, seconds, workers].every((value) => Number.isSafeInteger(value) && value > 0);
if (values.help || !isRight || !only.every((name) => Object.hasOwn(MECHANISMS, name))) {
  console.log('npm run bench:workers -- [--node path] [--rounds n] [--seconds n] [--workers n] [--only a,b]');
  console.log(`of ${Object.keys(MECHANISMS).join(', ')}`);
  process.exit(values.help ? 0 : 2);
}

interface Measured {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly p99: number;
  readonly mebibytes: number;
  /** The share of the busiest worker: of 64 and 1,000 connections at once, and of 1,000 one after the other. */
  readonly shares: readonly number[];
}

const version = execFileSync(values.node, ['--version'], { encoding: 'utf8' }).trim();
const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
const hasReusePort =
  major > REUSE_PORT_SINCE[0] || (major === REUSE_PORT_SINCE[0] && minor >= REUSE_PORT_SINCE[1]);
const mechanisms = (only as Mechanism[]).filter((name) => hasReusePort || !name.startsWith('reuse-port'));

const folder = mkdtempSync(join(tmpdir(), 'serval-mechanisms-'));
const requestFile = join(folder, 'request.http');
writeFileSync(requestFile, 'GET / HTTP/1.1\r\nHost: app.example\r\n\r\n');
try {
  const measured = new Map<Mechanism, Measured[]>(mechanisms.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const mechanism of mechanisms) {
      const one = await measure(mechanism);
      measured.get(mechanism)!.push(one);
      console.error(`${round}. ${mechanism}: ${thousands(one.perSecond)}/s, ${one.cpuMicros.toFixed(1)} µs`);
    }
  }
  console.log(`Node ${version.slice(1)}, ${workers} workers, medians of ${rounds} rounds\n`);
  console.log(table(measured));
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(mechanism: Mechanism): Promise<Measured> {
  const port = await freePort();
  const count = mechanism === 'single' ? 1 : workers;
  const words = [SERVER, mechanism, String(count), String(port)];
  await using server = await RunningProgram.listening({ file: values.node, words }, port);
  await runWrk({ port, requestFile, connections: CONNECTIONS, seconds: WARM_UP_SECONDS });
  const before = cpuSeconds(server.pid);
  const report = await runWrk({ port, requestFile, connections: CONNECTIONS, seconds });
  const cpu = cpuSeconds(server.pid) - before;
  const mebibytes = proportionalOctets(server.pid) / MIB;
  const failures = loadFailures(report);
  if (failures.length > 0) throw new Error(`${mechanism}: ${failures.join(', ')}`);
  const shares = [];
  for (const [connections, atOnce] of [
    [CONNECTIONS, CONNECTIONS],
    [MANY, MANY],
    [MANY, 1],
  ] as const) {
    shares.push(largestShare(await connectionsPerWorker(port, connections, atOnce)));
  }
  return {
    perSecond: report.requests / report.seconds,
    cpuMicros: (cpu / report.requests) * 1e6,
    p99: report.p99,
    mebibytes,
    shares,
  };
}

function table(measured: ReadonlyMap<Mechanism, readonly Measured[]>): string {
  const lines = [...measured].map(([mechanism, all]) => {
    const of = (value: (one: Measured) => number) => median(all.map(value));
    const share = (index: number) => `${(100 * of(({ shares }) => shares[index]!)).toFixed(0)} %`;
    return [
      MECHANISMS[mechanism],
      thousands(of(({ perSecond }) => perSecond)),
      `${of(({ cpuMicros }) => cpuMicros).toFixed(1)} µs`,
      `${of(({ p99 }) => p99).toFixed(1)} ms`,
      `${of(({ mebibytes }) => mebibytes).toFixed(0)} MiB`,
      ...(mechanism === 'single' ? ['', '', ''] : [share(0), share(1), share(2)]),
    ];
  });
  return markdownTable(
    [
      ...['mechanism', 'requests/s', 'CPU a request', 'p99', 'memory'],
      ...['busiest of 64 at once', 'of 1,000 at once', 'of 1,000 one by one'],
    ],
    ['---', ...Array.from({ length: 7 }, () => '--:')],
    lines,
  );
}
