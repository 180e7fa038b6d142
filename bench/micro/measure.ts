/** Times a function: warmed up, in several batches, each long enough for the clock. */
import { type Spread, spread } from '../end-to-end/statistics.ts';

export interface Micro {
  /** The file below `src/` that it is about, without `.ts`. */
  readonly about: string;
  readonly what: string;
  /** Octets that one operation goes over, where that is what counts. */
  readonly octets?: number;
  /**
   * Does it so many times and gives a number that depends on each of them: what nobody needs, a compiler leaves out.
   */
  readonly run: (times: number) => number;
}

export interface MicroResult {
  readonly about: string;
  readonly what: string;
  /** Of one operation. */
  readonly nanoseconds: Spread;
  /** At the median. */
  readonly octetsPerSecond: number | undefined;
}

const WARM_UP_MS = 400;
const BATCH_MS = 25;
const BATCHES = 15;

/** @param now milliseconds of a clock that never goes back. */
export function measure(
  { about, what, octets, run }: Micro,
  now: () => number = () => performance.now(),
): MicroResult {
  let sink = 0;
  let times = 16;
  const warm = now() + WARM_UP_MS;
  // Doubles until a batch is long enough, and goes on until the code is compiled as well as it is going to be.
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
