/**
 * The server of `serval.ts` in several workers, whose topics are one.
 *
 *     node workers.js <port> <workers>
 */
import process from 'node:process';
import { supervise } from '../../../src/workers/index.ts';

const [port, workers] = process.argv.slice(2).map(Number);

supervise(new URL('./serval.js', import.meta.url), {
  ...{ port: port!, hostname: '127.0.0.1', backlog: 4096, workers: workers!, args: [`${port}`] },
  env: { BENCH_SHARED: '1' },
});
