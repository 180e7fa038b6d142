/** Times a function: after a warm-up, in several batches that are long enough for the clock. */
import { type Spread, spread } from '../end-to-end/statistics.ts';

export interface Micro {
  /** The measured file below `src/`, without `.ts`. */
  readonly about: string;
  readonly what: string;
  /** Bytes that one operation reads, for a figure in bytes/s. */
  readonly octets?: number;
  /**
   * Repeats the operation. The result depends on each repetition, or the compiler could leave it out.
   */
  readonly run: (times: number) => number;
}

export interface MicroResult {
  readonly about: string;
  readonly what: string;
  /** For one operation. */
  readonly nanoseconds: Spread;
  /** At the median. */
  readonly octetsPerSecond: number | undefined;
}

const WARM_UP_MS = 400;
const BATCH_MS = 25;
const BATCHES = 15;

/** @param now a monotonic clock, in milliseconds. */
export function measure(
  { about, what, octets, run }: Micro,
  now: () => number = () => performance.now(),
): MicroResult {
  let sink = 0;
  let times = 16;
  const warm = now() + WARM_UP_MS;
  // Doubles until a batch is long enough, and continues until the code is optimised.
  for (let elapsed = 0; elapsed < BATCH_MS || now() < warm; ) {
    const start = now();
    sink += run(times);
    elapsed = now() - start;
    if (elapsed < BATCH_MS) times *= 2;
  }
  const samples: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const start = now();
    sink += run(times);
    samples.push(((now() - start) * 1e6) / times);
  }
  if (Number.isNaN(sink)) throw new Error(`${what}: the operations gave no number`);
  const nanoseconds = spread(samples)!;
  const octetsPerSecond = octets === undefined ? undefined : (octets / nanoseconds.median) * 1e9;
  return { about, what, nanoseconds, octetsPerSecond };
}
