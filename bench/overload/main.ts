/**
 * Overload of a server, with `serval/limit` in front of its handler and without.
 *
 *     npm run bench:overload -- [seconds for each step] [file for the chart]
 *
 * The handler has 8 places and takes 20 ms, so it can answer 400 requests a second. Requests arrive at random, at a quarter of
 * that rate to three times that rate. Each client waits for one second. Prints a table and draws a chart; needs an idle machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServer } from '../../test/support/server-process.ts';
import type { PoolOptions } from './behind-a-pool.ts';
import { type Curve, overloadChart } from './chart.ts';
import { type Outcome, openLoop } from './open-loop.ts';

const PLACES = 8;
const SERVICE_MS = 20;
const CAPACITY = (PLACES / SERVICE_MS) * 1_000;
const PATIENCE_MS = 1_000;
const LOADS = [0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 2.5, 3];
/** Eight waiting requests for each place: the last one waits for 160 ms. */
const LIMIT = { concurrency: PLACES, queue: 8 * PLACES, maxWait: PATIENCE_MS / 2 };

const CHART = fileURLToPath(new URL('../../../bench/results/overload.svg', import.meta.url));

const seconds = Number(process.argv[2] ?? 8);
const chart = process.argv[3] ?? CHART;
if (!(seconds > 0)) {
  console.error('usage: npm run bench:overload -- [seconds for each step] [file for the chart]');
  process.exit(2);
}

/** Waits until the handler has finished the requests of clients that have left. */
async function settled(server: ServerProcess): Promise<void> {
  while ((await server.command<number>('inside')) > 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

async function curve(name: string, className: Curve['className'], options: object): Promise<Curve> {
  const pool: PoolOptions = { places: PLACES, service: SERVICE_MS, ...options };
  const server = await startServer('../../../bench/overload/behind-a-pool', pool);
  const points: { load: number; outcome: Outcome }[] = [];
  const url = `http://127.0.0.1:${server.port}/`;
  const step = (load: number, length: number) =>
    openLoop({ url, rate: load * CAPACITY, seconds: length, settling: length / 4, patience: PATIENCE_MS });
  try {
    await step(0.5, Math.min(2, seconds)); // Code that runs for the first time is slow.
    for (const load of LOADS) {
      await settled(server);
      const outcome = await step(load, seconds);
      points.push({ load, outcome });
      console.log(row(name, load, outcome));
    }
  } finally {
    await server.stop();
  }
  return { name, className, points };
}

function row(name: string, load: number, outcome: Outcome): string {
  const rates = [outcome.offered, outcome.answered, outcome.refused, outcome.late, outcome.failed];
  const cells = [
    `${load} ×`,
    ...rates.map((rate) => String(Math.round(rate))),
    ...[outcome.p50, outcome.p99, outcome.lag].map((time) => (Number.isNaN(time) ? '–' : time.toFixed(1))),
  ];
  return [name.padEnd(14), ...cells.map((cell) => cell.padStart(11))].join('');
}

const HEAD = [
  'load',
  'offered/s',
  'in time/s',
  '503/s',
  'late/s',
  'failed/s',
  'p50, ms',
  'p99, ms',
  'lag, ms',
];
console.log(
  `${PLACES} places, ${SERVICE_MS} ms each: ${CAPACITY} requests a second; ${JSON.stringify(LIMIT)}`,
);
console.log(''.padEnd(14) + HEAD.map((cell) => cell.padStart(11)).join(''));
const curves = [
  await curve('without limit', 'other', {}),
  await curve('with limit', 'serval', { limit: LIMIT }),
];
const subtitle = `A handler with a capacity of ${CAPACITY} requests a second; clients wait for ${PATIENCE_MS / 1_000} s. Node ${process.versions.node}.`;
mkdirSync(dirname(chart), { recursive: true });
writeFileSync(chart, overloadChart(curves, subtitle));
console.log(`The chart is in ${chart}`);
