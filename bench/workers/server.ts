/**
 * One way to serve with many workers: `server.js <mechanism> <workers> <port>`. The mechanisms that Serval does not use are here
 * for comparison.
 */
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { supervise } from '../../src/workers/index.ts';

export const MECHANISMS = {
  single: 'one process',
  processes: 'processes on one socket (`--workers`)',
  threads: 'threads on one socket (`--threads`)',
  'round-robin': '`node:cluster`, round robin',
  'reuse-port-processes': 'processes with `reusePort`',
  'reuse-port-threads': 'threads with `reusePort`',
} as const;

export type Mechanism = keyof typeof MECHANISMS;

const HOSTNAME = '127.0.0.1';
const BACKLOG = 4_096;

if (process.argv[1] === fileURLToPath(import.meta.url)) start();

function start(): void {
  const [mechanism, count, port] = process.argv.slice(2);
  const workers = Number(count);
  const module = new URL('./hello.js', import.meta.url);
  const listening = new URL('./listening.js', import.meta.url);
  const address = { hostname: HOSTNAME, port: Number(port), backlog: BACKLOG };
  const numbers = Array.from({ length: workers });
  switch (mechanism as Mechanism) {
    case 'single':
      process.argv[2] = JSON.stringify(address);
      void import(listening.href);
      break;
    case 'processes':
      supervise(module, { ...address, workers });
      break;
    case 'threads':
      supervise(module, { ...address, workers: 1, threads: workers });
      break;
    case 'round-robin':
      cluster.schedulingPolicy = cluster.SCHED_RR;
      cluster.setupPrimary({ exec: fileURLToPath(listening), args: [JSON.stringify(address)] });
      for (const _ of numbers) cluster.fork();
      break;
    case 'reuse-port-processes': {
      const argument = JSON.stringify({ ...address, reusePort: true });
      for (const _ of numbers) fork(listening, [argument]);
      break;
    }
    case 'reuse-port-threads': {
      const argument = JSON.stringify({ ...address, reusePort: true });
      for (const _ of numbers) new Worker(listening, { argv: [argument] });
      break;
    }
    default:
      throw new Error(`unknown mechanism: ${mechanism}`);
  }
}
