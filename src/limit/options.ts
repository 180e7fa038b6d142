/** The options of {@link limit}. */
import { checkInteger, checkMembers, refusal } from '../options/checks.ts';

export interface ConcurrencyOptions {
  /** How many requests the handler may process at once; at least 1. There is no default: only you know its capacity. */
  concurrency: number;
  /**
   * How many more requests may wait, in the order of their arrival; 0: none.
   *
   * @default `concurrency`: then a request waits about as long as one response takes
   */
  queue?: number;
  /**
   * How long a request may wait, in milliseconds; 0: no limit.
   *
   * @default 5000
   */
  maxWait?: number;
  /**
   * The `Retry-After` of a 503, in seconds.
   *
   * @default 1
   */
  retryAfter?: number;
}

/** {@link ConcurrencyOptions}, checked and complete. */
export type ConcurrencySettings = Readonly<Required<ConcurrencyOptions>>;

const NAMES: readonly string[] = ['concurrency', 'queue', 'maxWait', 'retryAfter'];
/** The longest timeout of a timer. */
const MAX_MS = 2 ** 31 - 1;

/**
 * @throws {TypeError} for an option that is missing, unknown or of the wrong type.
 * @throws {RangeError} for a value that is out of range.
 */
export function settingsFor(options: ConcurrencyOptions): ConcurrencySettings {
  if (options === undefined) throw new TypeError(refusal('options', 'an object', options));
  checkMembers('options', options, NAMES);
  const { concurrency, queue = concurrency, maxWait = 5_000, retryAfter = 1 } = options;
  if (concurrency === undefined)
    throw new TypeError(refusal('options.concurrency', 'an integer from 1', concurrency));
  checkInteger('options.concurrency', concurrency, 1, Number.MAX_SAFE_INTEGER);
  checkInteger('options.queue', queue, 0, Number.MAX_SAFE_INTEGER);
  checkInteger('options.maxWait', maxWait, 0, MAX_MS);
  checkInteger('options.retryAfter', retryAfter, 0, Number.MAX_SAFE_INTEGER);
  return { concurrency, queue, maxWait, retryAfter };
}
