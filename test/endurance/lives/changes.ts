/** Planned changes of workers under load: no request may be lost. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runWrk, type LoadReport as WrkReport } from '../../../bench/end-to-end/wrk.ts';
import { CheckingClient, type CheckingReport } from '../../support/checking-client.ts';
import { CheckingHttp2Client, type CheckingHttp2Report } from '../../support/checking-http2-client.ts';
import type { LoadReport } from '../../support/load.ts';
import type { Pool } from '../pool/pool.ts';
import { requestMix } from '../pool/requests.ts';
import { failed, type Row } from '../table.ts';

export interface Load {
  readonly keptLanes: number;
  readonly singleLanes: number;
  /** The load is sent over HTTP/2: eight streams for each connection. */
  readonly isHttp2: boolean;
}

export interface Changes {
  readonly where: string;
  readonly pool: Pool;
  /** The port that the load is sent to. */
  readonly port: number;
  readonly load: Load;
  /** The least number of requests, and of reloads. */
  readonly requests: number;
  readonly times: number;
  /** Connections of wrk. */
  readonly wrk: number;
}

export interface Outcome {
  readonly row: Row;
  readonly faults: readonly string[];
}

/** Between two changes, so that each meets a server that is done with the change before. */
const PAUSE_MS = 500;
/** Of a connection with HTTP/2. */
const STREAMS = 8;
/** wrk reports errors only at its end, so it runs again and again. */
const WRK_SECONDS = 10;
/** As long as the other client waits: on a busy machine a late response is not lost. */
const WRK_PATIENCE_SECONDS = 20;

export async function changeWorkers(
  { where, pool, port, load, requests, times, wrk }: Changes,
  print: (text: string) => void,
): Promise<Outcome[]> {
  const counts = { reloads: 0, resizes: 0, terminated: 0 };
  const size = (await pool.workers()).length;
  const client = clientOf(port, load);
  let isOver = false;
  const bulk = wrk > 0 ? runWrkUntil(port, wrk, () => isOver) : Promise.resolve(undefined);
  bulk.catch(() => {});
  try {
    while (counts.reloads < times || client.begun < requests) {
      await pool.hangUp();
      counts.reloads++;
      await sleep(PAUSE_MS);
      await pool.resize(size + 1);
      await sleep(PAUSE_MS);
      await pool.resize(size);
      counts.resizes += 2;
      await sleep(PAUSE_MS);
      const [oldest] = await pool.workers();
      await pool.signal(oldest!, 'SIGTERM');
      counts.terminated++;
      await sleep(PAUSE_MS);
      print(`${client.begun} requests, ${counts.reloads} reloads`);
    }
  } finally {
    isOver = true;
  }
  const report: CheckingReport & Partial<CheckingHttp2Report> = await client.stop();
  const what = `${counts.reloads} reloads, ${counts.resizes} resizes, ${counts.terminated} SIGTERM`;
  const connections = `${report.connections.toLocaleString('en')} connections`;
  const { goAways, repeated } = report;
  const remarks =
    goAways === undefined
      ? connections
      : `${connections}, ${goAways} GOAWAY, ${repeated} requests sent again`;
  const outcomes = [outcomeOf({ where, what, report, remarks })];
  const wrkReport = await bulk;
  if (wrkReport !== undefined)
    outcomes.push(outcomeOf({ where, what: 'wrk, meanwhile', report: wrkReport, remarks: '' }));
  return outcomes;
}

function clientOf(port: number, { keptLanes, singleLanes, isHttp2 }: Load) {
  const request = requestMix({ streams: true });
  if (!isHttp2) return new CheckingClient({ port, keptLanes, singleLanes, request });
  const connections = Math.ceil((keptLanes + singleLanes) / STREAMS);
  return new CheckingHttp2Client({ port, connections, streams: STREAMS, request });
}

function outcomeOf(row: Row): Outcome {
  const { failures } = row.report;
  return { row, faults: failures.size === 0 ? [] : [`${row.what}: ${failed(failures)}`] };
}

async function runWrkUntil(port: number, connections: number, isOver: () => boolean): Promise<LoadReport> {
  const folder = mkdtempSync(join(tmpdir(), 'serval-wrk-'));
  const requestFile = join(folder, 'request.http');
  writeFileSync(requestFile, 'GET /text/3 HTTP/1.1\r\nHost: app.example\r\n\r\n');
  const reports: WrkReport[] = [];
  try {
    while (!isOver())
      reports.push(
        await runWrk({
          port,
          requestFile,
          connections,
          seconds: WRK_SECONDS,
          patience: WRK_PATIENCE_SECONDS,
        }),
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
  return sumOf(reports);
}

function sumOf(reports: readonly WrkReport[]): LoadReport {
  const sum = (of: (report: WrkReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const failures = new Map<string, number>();
  for (const kind of ['connect', 'read', 'write', 'timeout', 'status'] as const) {
    const count = sum(({ errors }) => errors[kind]);
    if (count > 0) failures.set(kind, count);
  }
  const none = Number.NaN;
  return {
    requests: sum((report) => report.requests),
    seconds: sum((report) => report.seconds),
    failures,
    // Percentiles of several runs cannot be added.
    latency: { p50: none, p90: none, p99: none, p999: none, most: none },
  };
}
