/**
 * Measures how late the event loop runs: the one number that grows when a process has more work than one core can do.
 *
 * The runtime starts a repeating timer and records how late it fires (`monitorEventLoopDelay`). It starts on first use, and
 * costs fifty wake-ups a second from then on.
 */
import perfHooks, { type IntervalHistogram } from 'node:perf_hooks';
import process from 'node:process';

/** In milliseconds, rounded to a hundredth. */
export interface EventLoopDelays {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** The length of the measurement, in seconds. */
  readonly seconds: number;
}

/** The interval of the timer. */
const RESOLUTION_MS = 20;
/** Figures over less time than this mean little; over much more, they hide the current state. */
const WINDOW_MS = 10_000;

/** Node records the whole time between two ticks, Bun only the excess over the interval. */
const EXPECTED_MS = process.versions['bun'] === undefined ? RESOLUTION_MS : 0;

/** Deno (2.9) has the function, but it reports 7 ms when the loop was blocked for 300. */
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
      // A runtime without support lacks the function, or has one that throws.
      this.#histogram = monitor?.({ resolution: RESOLUTION_MS });
      this.#histogram?.enable();
    } catch {
      this.#histogram = undefined;
    }
  }

  /**
   * The delays since the last new figures, at least ten seconds ago; in the first ten seconds, since the start. Calls within ten
   * seconds of new figures return the same ones. `undefined` if the runtime does not measure delays.
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

/** Converts nanoseconds. */
function lateness(nanoseconds: number): number {
  return Math.max(0, Math.round(nanoseconds / 1e4 - EXPECTED_MS * 100) / 100);
}

let shared: EventLoopDelay | undefined;

/** The shared measurement: a thread has one event loop. */
export function eventLoopDelay(): EventLoopDelay {
  shared ??= new EventLoopDelay();
  return shared;
}
