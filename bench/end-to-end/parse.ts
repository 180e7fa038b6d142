/** The micro-benchmark of the request decoder, run on the runtime of the main comparison. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Measured } from './measured.ts';
import { ROOT, SERVER_CORE } from './places.ts';
import type { Contender } from './plan.ts';
import { scriptWords } from './runtimes.ts';

const MICRO = join(ROOT, 'build', 'bench', 'micro', 'main.js');

export async function measureParse({ runtime }: Contender): Promise<Measured> {
  if (runtime === undefined) throw new Error('the decoder needs a runtime');
  const words = [...scriptWords(runtime, MICRO), '--json', 'parse a head'];
  const { stdout } = await promisify(execFile)('taskset', ['-c', SERVER_CORE, runtime.binary, ...words]);
  const [head] = JSON.parse(stdout) as { octetsPerSecond: number }[];
  if (head === undefined) throw new Error(`the micro-benchmark printed nothing: ${stdout}`);
  return { figures: { throughput: head.octetsPerSecond }, invalid: [], disturbed: [], loadBound: false };
}
