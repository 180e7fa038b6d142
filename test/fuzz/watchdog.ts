/**
 * Notices an execution that does not end, which the hanging thread itself cannot. The message is in shared memory, so the watchdog
 * can write it to a file.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/**
 * An execution takes microseconds. One that does not end often allocates memory, and must be stopped before that runs out. It hangs
 * if it exceeds both limits, of time and of CPU time: a paused machine or a waiting thread does not count.
 */
const PATIENCE_MS = 3_000;
const EVERY_MS = 500;
/** No execution is in progress. */
export const IDLE = -1;

export interface Watched {
  /** The progress: a changing number, and the length of the message. */
  readonly progress: Int32Array;
  readonly message: Uint8Array;
  readonly seed: number;
}

/** @returns a function that ends the watch. */
export function watch(watched: Watched): () => Promise<unknown> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: watched });
  worker.unref();
  return () => worker.terminate();
}

export function newWatched(octets: number, seed: number): Watched {
  const progress = new Int32Array(new SharedArrayBuffer(8));
  // Preparing the first execution may take long.
  progress[0] = IDLE;
  return { progress, message: new Uint8Array(new SharedArrayBuffer(octets)), seed };
}

function guard({ progress, message, seed }: Watched): void {
  let last = IDLE;
  let since = performance.now();
  let used = process.cpuUsage();
  setInterval(() => {
    const now = Atomics.load(progress, 0);
    if (now !== last || now === IDLE) {
      last = now;
      since = performance.now();
      used = process.cpuUsage();
      return;
    }
    const { user, system } = process.cpuUsage(used);
    if (performance.now() - since < PATIENCE_MS || (user + system) / 1000 < PATIENCE_MS) return;
    const octets = Uint8Array.from(message.subarray(0, Atomics.load(progress, 1)));
    const file = join(process.cwd(), `fuzz-failure-hang-${seed}.http`);
    writeFileSync(file, octets);
    const text = JSON.stringify(Buffer.from(octets).toString('latin1'));
    writeFileSync(2, `\nBROKEN: an execution comes to its end\n${text}\nseed ${seed}; written to ${file}\n`);
    // The main thread is blocked and could not handle another signal.
    process.kill(process.pid, 'SIGKILL');
  }, EVERY_MS);
}

if (!isMainThread && (workerData as Partial<Watched> | null)?.progress !== undefined)
  guard(workerData as Watched);
