/**
 * What a client sees of three machines behind HAProxy while one of them is cut off, comes back, and another is drained. The
 * machines are network namespaces; HAProxy runs with `deploy/haproxy.cfg`.
 *
 *     npm run replicas                        as root; two minutes
 *     npm run replicas -- --seconds 5         each phase that long
 *
 * Exits with 1 when a request failed that should not have: any at all, but those without an idempotent method that were under way
 * when the cable was pulled.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from '../bench/end-to-end/server-process.ts';
import { CheckingClient, type CheckingReport } from '../test/support/checking-client.ts';
import { startHaproxy } from './lives/haproxy.ts';
import { requestMix } from './lives/requests.ts';
import type { RunningProgram } from './lives/running.ts';
import { failed, inMs, markdownTable, thousands } from './lives/table.ts';
import { Network } from './replicas/network.ts';
import { REPLICA_PORT, startReplica } from './replicas/replica.ts';

const MACHINES = 3;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    kept: { type: 'string', default: '48' },
    single: { type: 'string', default: '8' },
    help: { type: 'boolean', short: 'h' },
  },
});
const phaseMs = Number(values.seconds) * 1_000;
const load = { keptLanes: Number(values.kept), singleLanes: Number(values.single) };
if (values.help || !(phaseMs > 0 && load.keptLanes >= 0 && load.singleLanes >= 0)) {
  console.log('npm run replicas -- [--seconds n] [--kept connections] [--single connections]');
  process.exit(values.help ? 0 : 2);
}
if (process.getuid?.() !== 0) {
  console.error('replicas: network namespaces are for root');
  process.exit(2);
}

const lines: string[][] = [];
const replicas: RunningProgram[] = [];
using network = new Network(MACHINES);
// Before the machines go: what runs on one holds on to it.
await using _replicas = {
  [Symbol.asyncDispose]: () =>
    Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]())).then(() => {}),
};
const [, second, third] = network.machines;
for (const machine of network.machines) {
  replicas.push(await startReplica(network, machine));
}
const port = await freePort();
const servers = network.machines.map(({ name, address: host }) => ({ name, host, port: REPLICA_PORT }));
await using _haproxy = await startHaproxy({ port, servers, hasHealth: true });
// No streams: an answer that has begun can't be asked for again.
const client = new CheckingClient({ port, ...load, request: requestMix({ streams: false }) });

let unexpected = 0;
await phase('all three', () => {});
await phase(
  `${second!.name} cut off`,
  () => network.cut(second!),
  (report) => report.failed.filter(({ isIdempotent }) => isIdempotent).length,
);
await phase(`${second!.name} back`, () => network.mend(second!));
await phase(`${third!.name} drained`, () => void replicas[2]!.child.kill('SIGTERM'));
await phase(`${third!.name} back`, async () => void replicas.push(await startReplica(network, third!)));
await client.stop();
console.log(
  markdownTable(
    [
      'phase',
      's',
      'requests',
      'failed',
      'p50',
      'p99',
      'slowest',
      ...network.machines.map(({ name }) => name),
    ],
    ['---', '--:', '--:', '---', '--:', '--:', '--:', ...network.machines.map(() => '--:')],
    lines,
  ),
);
if (unexpected > 0) {
  console.error(`WRONG  ${unexpected} requests failed that should not have`);
  process.exitCode = 1;
}

async function phase(
  name: string,
  begin: () => void | Promise<void>,
  wrongOf: (report: CheckingReport) => number = ({ failed: { length } }) => length,
): Promise<void> {
  await begin();
  await sleep(phaseMs);
  const report = client.take();
  unexpected += wrongOf(report);
  const { requests, seconds, failures, latency, answers } = report;
  const answered = [...answers.values()].reduce((sum, count) => sum + count, 0);
  const shares = network.machines.map((machine) => {
    const own = [...answers].find(([worker]) => worker.startsWith(machine.name))?.[1] ?? 0;
    return `${((100 * own) / answered).toFixed(0)} %`;
  });
  const times = [latency.p50, latency.p99, latency.most].map(inMs);
  lines.push([name, seconds.toFixed(0), thousands(requests), failed(failures), ...times, ...shares]);
  console.error(lines.at(-1)!.join('  '));
}
