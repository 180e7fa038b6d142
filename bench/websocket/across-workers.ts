/**
 * What `Topics` across workers costs: one publisher, 64 subscribers spread over the workers, 16 messages of 32 bytes at a time, which
 * all have before the next follow. CPU time is that of the supervisor and all workers.
 *
 *     node build/bench/websocket/across-workers.js [rounds] [milliseconds]
 */
import { join } from 'node:path';
import process from 'node:process';
import { ROOT } from '../end-to-end/places.ts';
import { ServerProcess } from '../end-to-end/server-process.ts';
import { median } from '../end-to-end/statistics.ts';
import { Load } from './load-process.ts';

const [rounds = 3, milliseconds = 2_000] = process.argv.slice(2).map(Number);
const FOLDER = join(ROOT, 'build/bench/websocket/servers');
const SOCKETS = 64;
const PUBLISH = { act: 'all', bytes: 32, depth: 16 } as const;
/** 0: one process, without a supervisor. */
const WORKERS = [0, 1, 2, 4];

async function measure(workers: number): Promise<{ cost: number; rate: number }> {
  const server = await ServerProcess.start((port) => ({
    file: process.execPath,
    words:
      workers === 0
        ? [join(FOLDER, 'serval.js'), `${port}`]
        : [join(FOLDER, 'workers.js'), `${port}`, `${workers}`],
    environment: { SERVAL_DIST: join(ROOT, 'build/src') },
  }));
  const load = new Load(server.port);
  try {
    // The first workers take all connections that come before the others listen.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await load.run({ act: 'open', path: '/all', sockets: SOCKETS });
    await load.run({ ...PUBLISH, milliseconds: 1_000 });
    const before = server.cpuSeconds();
    const { count, seconds } = await load.run({ ...PUBLISH, milliseconds });
    const published = count / SOCKETS;
    return { cost: ((server.cpuSeconds() - before) * 1e6) / published, rate: published / seconds };
  } finally {
    load.end();
    await server.stop();
  }
}

const samples = new Map(WORKERS.map((workers) => [workers, [] as { cost: number; rate: number }[]]));
for (let round = 0; round < rounds; round++)
  for (const workers of WORKERS) samples.get(workers)!.push(await measure(workers));
console.log('| workers | messages/s | CPU µs for each published message |\n|--:|--:|--:|');
for (const [workers, of] of samples) {
  const name = workers === 0 ? 'one process, not shared' : workers;
  console.log(
    `| ${name} | ${Math.round(median(of.map(({ rate }) => rate)))} | ${median(of.map(({ cost }) => cost)).toFixed(1)} |`,
  );
}
process.exit(0);
