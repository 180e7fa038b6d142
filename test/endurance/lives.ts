/**
 * Looks whether a planned change of workers loses a request, and what is lost when a worker is killed.
 *
 * First, under load: reloads by SIGHUP, workers added and removed, and a worker ended by SIGTERM. No request may fail. Then a
 * worker is killed again and again: only requests in flight on its connections may fail. Behind HAProxy, no request may fail
 * that can be sent again.
 */
import { parseArgs } from 'node:util';
import { type Command, wholeNumber } from '../support/commands.ts';
import { freePort } from '../support/ports.ts';
import { changeWorkers, type Load, type Outcome } from './lives/changes.ts';
import { startHaproxy } from './lives/haproxy.ts';
import { killWorkers } from './lives/worker-kills.ts';
import { Pool, type WorkerKind } from './pool/pool.ts';
import { failed, type Row, tableOf } from './table.ts';

const HELP = `[options]

  --processes, --threads   only these workers; both by default
  --direct, --haproxy      only without or with HAProxy in front; both by default
  --requests NUMBER        at least this many requests for each of them (1000000)
  --times NUMBER           at least this many reloads, and this many kills (20)
  --kept NUMBER            kept connections (48)
  --single NUMBER          clients that connect anew for each request (8)
  --wrk NUMBER             additional connections of wrk, 0 for none (8)
  --no-changes, --no-kills leave out one half
  --http2                  the load over HTTP/2, without kills, HAProxy and wrk

A short run: --processes --direct --requests 20000 --times 3`;

const WORKERS = 2;

export const lives: Command = {
  summary: 'reload, resize and kill workers under load: which requests are lost?',
  help: HELP,
  async run(words) {
    const { values } = parseArgs({
      args: [...words],
      options: {
        ...{ processes: { type: 'boolean' }, threads: { type: 'boolean' } },
        ...{ direct: { type: 'boolean' }, haproxy: { type: 'boolean' } },
        ...{ requests: { type: 'string', default: '1000000' }, times: { type: 'string', default: '20' } },
        ...{ kept: { type: 'string', default: '48' }, single: { type: 'string', default: '8' } },
        ...{ wrk: { type: 'string', default: '8' } },
        http2: { type: 'boolean', default: false },
        ...{ changes: { type: 'boolean', default: true }, kills: { type: 'boolean', default: true } },
      },
      allowNegative: true,
    });
    const number = (name: 'requests' | 'times' | 'kept' | 'single' | 'wrk') =>
      wholeNumber(`--${name}`, values[name]);
    const isHttp2 = values.http2;
    const plan: Plan = {
      load: { keptLanes: number('kept'), singleLanes: number('single'), isHttp2 },
      ...{ requests: number('requests'), times: number('times'), wrk: isHttp2 ? 0 : number('wrk') },
      ...{ withChanges: values.changes, withKills: values.kills && !isHttp2 },
    };
    const rows: Row[] = [];
    const faults: string[] = [];
    for (const kind of chosen<WorkerKind>(values, ['processes', 'threads'])) {
      for (const access of isHttp2 ? (['direct'] as const) : chosen<Access>(values, ['direct', 'haproxy'])) {
        for (const { where, row, faults: found } of await liveWith(kind, access, plan)) {
          rows.push(row);
          faults.push(...found.map((fault) => `${where}: ${fault}`));
        }
      }
    }
    console.log(`\n${tableOf(rows)}`);
    return faults;
  },
};

type Access = 'direct' | 'haproxy';

interface Plan {
  readonly load: Load;
  readonly requests: number;
  readonly times: number;
  readonly wrk: number;
  readonly withChanges: boolean;
  readonly withKills: boolean;
}

/** The names that are set; all of them, when none is. */
function chosen<Name extends string>(
  values: { [name in Name]?: boolean },
  names: readonly Name[],
): readonly Name[] {
  const set = names.filter((name) => values[name]);
  return set.length === 0 ? names : set;
}

async function liveWith(
  kind: WorkerKind,
  access: Access,
  { withChanges, withKills, ...plan }: Plan,
): Promise<(Outcome & { readonly where: string })[]> {
  const isBehindHaproxy = access === 'haproxy';
  const version = plan.load.isHttp2 ? ', HTTP/2' : '';
  const where = `${kind}, ${isBehindHaproxy ? 'behind HAProxy' : 'directly'}${version}`;
  const print = (text: string) => console.error(`${where}: ${text}`);
  await using pool = await Pool.start({ kind, workers: WORKERS, behindProxy: isBehindHaproxy });
  const port = isBehindHaproxy ? await freePort() : pool.port;
  await using _haproxy = isBehindHaproxy ? await startHaproxy({ port, server: pool.port }) : undefined;
  const outcomes = [
    ...(withChanges ? await changeWorkers({ where, pool, port, ...plan }, print) : []),
    ...(withKills ? [await killWorkers({ where, pool, port, isBehindHaproxy, ...plan }, print)] : []),
  ];
  for (const { row } of outcomes)
    print(
      `${row.what}: ${row.report.requests} requests, failed ${failed(row.report.failures)}. ${row.remarks}`,
    );
  return outcomes.map((outcome) => ({ where, ...outcome }));
}
