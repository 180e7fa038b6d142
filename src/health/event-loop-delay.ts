/**
 * How long the event loop keeps callers waiting: the one number that grows when a process has more to do than one core can.
 *
 * The runtime has a timer fire again and again, and notes how late it comes (`monitorEventLoopDelay`). It is started when
 * it is first wanted, and costs fifty wake-ups a second from then on.
 */
import perfHooks, { type IntervalHistogram } from 'node:perf_hooks';
import process from 'node:process';

/** In milliseconds, to a hundredth. */
export interface EventLoopDelays {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** For how many seconds they were taken. */
  readonly seconds: number;
}

/** How often it is looked, in milliseconds. */
const RESOLUTION_MS = 20;
/** Figures of less time than this say little; of much more, they hide what happens now. */
const WINDOW_MS = 10_000;

/** Node notes the whole time between two looks, Bun only what is more than it should be. */
const EXPECTED_MS = process.versions['bun'] === undefined ? RESOLUTION_MS : 0;

/** Deno (2.9) has it, and sees 7 ms where the loop stood still for 300. */
const MONITOR = process.versions['deno'] === undefined ? perfHooks.monitorEventLoopDelay : undefined;

export class EventLoopDelay {
  #since: number;
  #last: EventLoopDelays | undefined;
  readonly #now: () => number;
  readonly #histogram: IntervalHistogram | undefined;

  constructor(
    monitor: typeof perfHooks.monitorEventLoopDelay | undefined = MONITOR,
    now: () => number = () => performance.now(),
  ) {
    this.#now = now;
    this.#since = now();
    try {
      // Runtimes without it have no such function, or one that throws.
      this.#histogram = monitor?.({ resolution: RESOLUTION_MS });
      this.#histogram?.enable();
    } catch {
      this.#histogram = undefined;
    }
  }

  /**
   * Of ten seconds or more, as long as nobody had asked; in the first ten seconds, since the start. Whoever asks within ten
   * seconds of somebody else is told the same. `undefined` where the runtime does not measure it.
   */
  read(): EventLoopDelays | undefined {
    const histogram = this.#histogram;
    if (histogram === undefined) return undefined;
    const age = this.#now() - this.#since;
    const isWhole = age >= WINDOW_MS;
    if (!isWhole && this.#last !== undefined) return this.#last;
    const delays = {
      p50: lateness(histogram.percentile(50)),
      p99: lateness(histogram.percentile(99)),
      max: lateness(histogram.max),
      seconds: Math.round(age / 100) / 10,
    };
    if (isWhole) {
      this.#last = delays;
      this.#since = this.#now();
      histogram.reset();
    }
    return delays;
  }
}

/** From nanoseconds. */
function lateness(nanoseconds: number): number {
  return Math.max(0, Math.round(nanoseconds / 1e4 - EXPECTED_MS * 100) / 100);
}

let shared: EventLoopDelay | undefined;

/** There is one event loop. */
export function eventLoopDelay(): EventLoopDelay {
  shared ??= new EventLoopDelay();
  return shared;
}
