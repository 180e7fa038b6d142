/**
 * Whether anything piles up: minutes of mixed load on two workers with a reload each minute, and what the supervisor and each worker
 * hold before, meanwhile, and after it.
 *
 *     npm run soak                                20 minutes
 *     npm run soak -- --minutes 60 --reload-every 0 --threads
 *
 * The load: small answers, JSON and other POSTs, files, streams, requests that are given up half-way, readers that are slow. Every
 * answer is checked.
 *
 * Exits with 1 when a request failed, or when more is held at the end than at the start.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CheckingClient } from '../support/checking-client.ts';
import { Pool } from './lives/pool.ts';
import { failed, markdownTable, thousands } from './lives/table.ts';
import { type Holding, holdingOf } from './soak/holding.ts';
import { mixedRequests } from './soak/requests.ts';
import { giveUp, readSlowly, repeat } from './soak/rude-clients.ts';

const WORKERS = 2;
const CLIENTS = { keptLanes: 16, singleLanes: 4, givingUp: 4, slow: 4 };
const MIB = 2 ** 20;
/** What a supervisor may be larger after all that, for what the garbage collector has not looked at. */
const MOST_RISE_MIB = 32;
/** Descriptors and handles of the connections that ask for them, which are closed a moment later. */
const SLACK = 2;
/** Until sockets that were closed are gone. */
const SETTLE_MS = 3_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    'reload-every': { type: 'string', default: '1' },
    threads: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
const minutes = Number(values.minutes);
const reloadEvery = Number(values['reload-every']);
if (values.help || !(minutes > 0 && reloadEvery >= 0)) {
  console.log('npm run soak -- [--minutes n] [--reload-every minutes, 0: never] [--threads]');
  process.exit(values.help ? 0 : 2);
}

const lines: string[][] = [];
const faults: string[] = [];
await using pool = await Pool.start({ kind: values.threads ? 'threads' : 'processes', workers: WORKERS });
await Promise.all(
  Array.from({ length: WORKERS * 8 }, () =>
    fetch(`http://127.0.0.1:${pool.port}/text/1`, { headers: { Connection: 'close' } }),
  ),
);
await sleep(SETTLE_MS);
const atStart = await sample('start, idle');

const request = mixedRequests();
const load = new CheckingClient({ port: pool.port, ...CLIENTS, request });
const stopRude = new AbortController();
const { signal } = stopRude;
const rude = [
  ...Array.from({ length: CLIENTS.givingUp }, () => repeat(() => giveUp(pool.port), signal)),
  ...Array.from({ length: CLIENTS.slow }, () => repeat(() => readSlowly(pool.port), signal)),
];
const began = performance.now();
const stepMs = Math.min(1, reloadEvery || 1, minutes) * 60_000;
for (let step = 1; step * stepMs <= minutes * 60_000; step++) {
  await sleep(began + step * stepMs - performance.now());
  const minute = (step * stepMs) / 60_000;
  await sample(`${minute.toFixed(minute < 1 ? 2 : 0)} min`, load.take());
  if (reloadEvery > 0 && step % Math.round((reloadEvery * 60_000) / stepMs) === 0) await pool.hangUp();
}
stopRude.abort();
await Promise.all(rude).catch((error: Error) => faults.push(`a slow reader: ${error.message}`));
const rest = await load.stop();
await sleep(SETTLE_MS);
const atEnd = await sample('end, idle', rest);

console.log(
  markdownTable(
    ['when', 'requests', 'failed', 'supervisor', 'descriptors', 'workers', 'descriptors', 'handles'],
    ['---', '--:', '---', '--:', '--:', '--:', '--:', '--:'],
    lines,
  ),
);
const rise = (atEnd.supervisor.resident - atStart.supervisor.resident) / MIB;
if (rise > MOST_RISE_MIB) faults.push(`the supervisor grew by ${rise.toFixed(1)} MiB`);
if (atEnd.supervisor.descriptors > atStart.supervisor.descriptors + SLACK)
  faults.push('the supervisor holds more descriptors than at the start');
const most = (holding: Holding, what: 'descriptors' | 'handles') =>
  Math.max(...holding.workers.map((worker) => worker[what]));
for (const what of ['descriptors', 'handles'] as const)
  if (most(atEnd, what) > most(atStart, what) + SLACK)
    faults.push(`a worker holds more ${what} than at the start`);
for (const fault of faults) console.error(`WRONG  ${fault}`);
if (faults.length > 0) process.exitCode = 1;

async function sample(when: string, report?: Awaited<ReturnType<CheckingClient['stop']>>): Promise<Holding> {
  const holding = await holdingOf(pool);
  const { supervisor, workers } = holding;
  const inMib = (octets: number) => `${(octets / MIB).toFixed(0)} MiB`;
  const each = (of: (worker: Holding['workers'][number]) => string | number) => workers.map(of).join(', ');
  if (report !== undefined && report.failures.size > 0) faults.push(`${when}: ${failed(report.failures)}`);
  lines.push([
    when,
    report === undefined ? '' : thousands(report.requests),
    report === undefined ? '' : failed(report.failures),
    ...[inMib(supervisor.resident), String(supervisor.descriptors)],
    ...[each(({ resident }) => inMib(resident)), each(({ descriptors }) => descriptors)],
    each(({ handles }) => handles),
  ]);
  console.error(lines.at(-1)!.join('  '));
  return holding;
}
