/** A program that supervises; it prints where it listens, and the process ids of its workers. */
import process from 'node:process';
import { type SuperviseOptions, supervise } from '../../../src/workers/index.ts';

const supervisor = supervise(new URL('./app.js', import.meta.url), {
  ...{ workers: 1, signals: true, grace: 500 },
  ...(JSON.parse(process.argv[2]!) as SuperviseOptions),
  onEvent: ({ type }) => type === 'reloaded' && process.stdout.write('reloaded\n'),
});
await supervisor.ready;
const pids = supervisor.workers.map(({ pid }) => pid);
process.stdout.write(`${JSON.stringify({ port: supervisor.addresses[0]!.port, pids })}\n`);
