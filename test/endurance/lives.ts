/**
 * Whether anything that is done to workers on purpose loses a request, and what is lost when one is killed.
 *
 *     npm run lives                                     all: 1,000,000 requests each for processes and threads, directly and
 *                                                       behind HAProxy; then the kills
 *     npm run lives -- --processes --direct --requests 20000 --times 3
 *
 * First, under load: reloads by SIGHUP, workers added and removed, a worker told to go by SIGTERM; not one request may fail.
 * Then a worker is killed, again and again: only requests that were in flight on its connections may fail; behind HAProxy, none
 * that may be sent again.
 *
 * Exits with 1 when more failed than may.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { freePort } from '../../bench/end-to-end/server-process.ts';
import { changeWorkers } from './lives/changes.ts';
import { startHaproxy } from './lives/haproxy.ts';
import { killWorkers } from './lives/kills.ts';
import { Pool, type WorkerKind } from './lives/pool.ts';
import { failed, type Row, tableOf } from './lives/table.ts';

const HELP = `node build/test/endurance/lives.js [options]

  --processes, --threads   only these workers; default both
  --direct, --haproxy      only so; default both
  --requests <number>      at least so many for each of them (1000000)
  --times <number>         reloads, and kills, at least (20)
  --kept <number>          connections that are kept (48)
  --single <number>        clients that connect for each request (8)
  --wrk <number>           connections of wrk beside them, 0 for none (8)
  --no-changes, --no-kills leave out the one half or the other`;

const { values } = parseArgs({
  options: {
    ...{ processes: { type: 'boolean' }, threads: { type: 'boolean' } },
    ...{ direct: { type: 'boolean' }, haproxy: { type: 'boolean' } },
    ...{ requests: { type: 'string', default: '1000000' }, times: { type: 'string', default: '20' } },
    ...{ kept: { type: 'string', default: '48' }, single: { type: 'string', default: '8' } },
    ...{ wrk: { type: 'string', default: '8' } },
    ...{ changes: { type: 'boolean', default: true }, kills: { type: 'boolean', default: true } },
    help: { type: 'boolean', short: 'h' },
  },
  allowNegative: true,
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const number = (name: 'requests' | 'times' | 'kept' | 'single' | 'wrk'): number => {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < 0) {
    console.error(`--${name}: not a number: ${values[name]}`);
    process.exit(2);
  }
  return value;
};
const load = { keptLanes: number('kept'), singleLanes: number('single') };
const plan = { requests: number('requests'), times: number('times'), wrk: number('wrk') };

const both = (first: boolean | undefined, second: boolean | undefined): [boolean, boolean] =>
  first || second ? [first === true, second === true] : [true, true];
const [withProcesses, withThreads] = both(values.processes, values.threads);
const [isDirect, isBalanced] = both(values.direct, values.haproxy);
const kinds: WorkerKind[] = [
  ...(withProcesses ? ['processes' as const] : []),
  ...(withThreads ? ['threads' as const] : []),
];

const WORKERS = 2;
const rows: Row[] = [];
const faults: string[] = [];
for (const kind of kinds) {
  if (isDirect) await run(kind, false);
  if (isBalanced) await run(kind, true);
}
console.log(`\n${tableOf(rows)}`);
for (const fault of faults) console.error(`WRONG  ${fault}`);
if (faults.length > 0) process.exitCode = 1;

async function run(kind: WorkerKind, isBehindHaproxy: boolean): Promise<void> {
  const where = `${kind}, ${isBehindHaproxy ? 'behind HAProxy' : 'directly'}`;
  const tell = (text: string) => console.error(`${where}: ${text}`);
  await using pool = await Pool.start({ kind, workers: WORKERS, behindProxy: isBehindHaproxy });
  const servers = [{ name: 'pool', host: '127.0.0.1', port: pool.port }];
  const port = isBehindHaproxy ? await freePort() : pool.port;
  await using _haproxy = isBehindHaproxy
    ? await startHaproxy({ port, servers, hasHealth: false })
    : undefined;
  const note = ({ row, faults: found }: { row: Row; faults: readonly string[] }) => {
    rows.push(row);
    tell(
      `${row.what}: ${row.report.requests} requests, failed ${failed(row.report.failures)}. ${row.remarks}`,
    );
    faults.push(...found.map((fault) => `${where}: ${fault}`));
  };
  if (values.changes)
    for (const outcome of await changeWorkers({ where, pool, port, load, ...plan }, tell)) note(outcome);
  if (values.kills) note(await killWorkers({ where, pool, port, load, isBehindHaproxy, ...plan }, tell));
}
