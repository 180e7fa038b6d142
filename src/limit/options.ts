/** What {@link limit} may be told. */
import { checkInteger } from '../options/checks.ts';

export interface ConcurrencyOptions {
  /** How many requests the handler may be busy with at once; at least 1. There is no default: only you know what it can do. */
  concurrency: number;
  /**
   * How many more may wait in line, first come, first served. With 0 nobody waits.
   *
   * @default as many as `concurrency`, so that who waits does so for about as long as one answer takes
   */
  queue?: number;
  /**
   * How long one may wait, in milliseconds; 0 is for ever.
   *
   * @default 5000
   */
  maxWait?: number;
  /**
   * What a 503 says in its Retry-After field, in seconds.
   *
   * @default 1
   */
  retryAfter?: number;
}

/** {@link ConcurrencyOptions}, checked and complete. */
export type ConcurrencySettings = Readonly<Required<ConcurrencyOptions>>;

const NAMES: readonly string[] = ['concurrency', 'queue', 'maxWait', 'retryAfter'];
/** What a timer holds. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * @throws {TypeError} for an option that is missing, unknown or of the wrong type.
 * @throws {RangeError} for a value that is out of range.
 */
export function settingsFor(options: ConcurrencyOptions): ConcurrencySettings {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`options: not an object: ${String(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) throw new TypeError(`options.${name}: there is no such option`);
  }
  const { concurrency, queue = concurrency, maxWait = 5_000, retryAfter = 1 } = options;
  if (concurrency === undefined) throw new TypeError('options.concurrency: missing');
  checkInteger('options.concurrency', concurrency, 1, Number.MAX_SAFE_INTEGER);
  checkInteger('options.queue', queue, 0, Number.MAX_SAFE_INTEGER);
  checkInteger('options.maxWait', maxWait, 0, LONGEST_MS);
  checkInteger('options.retryAfter', retryAfter, 0, Number.MAX_SAFE_INTEGER);
  return { concurrency, queue, maxWait, retryAfter };
}
