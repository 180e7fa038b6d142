/** Token buckets for frames that cost the recipient more than the sender (RFC 9113 §10.5). */
import { HTTP2_ERRORS, type Http2Error } from './errors.ts';
import { EARNED_BY_DATA, EARNED_BY_REQUEST, RATES, type Rate, type RateName } from './limits.ts';

class Bucket {
  #tokens: number;
  /** The time of the last call of `take`, in milliseconds. */
  #since: number;
  readonly #rate: Rate;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#since = now;
  }

  /** Takes a token. @returns false if the bucket is empty. */
  take(now: number): boolean {
    this.earn(((now - this.#since) * this.#rate.perSecond) / 1_000);
    this.#since = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  earn(tokens: number): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + tokens);
  }
}

const ERRORS: Readonly<Record<RateName, Http2Error>> = {
  resets: HTTP2_ERRORS.TooManyResets,
  streamErrors: HTTP2_ERRORS.TooManyStreamErrors,
  settings: HTTP2_ERRORS.TooManySettings,
  pings: HTTP2_ERRORS.TooManyPings,
  emptyFrames: HTTP2_ERRORS.TooManyEmptyFrames,
  priorities: HTTP2_ERRORS.TooManyPriorities,
  priorityUpdates: HTTP2_ERRORS.TooManyPriorityUpdates,
  windowUpdates: HTTP2_ERRORS.TooManyWindowUpdates,
  goAways: HTTP2_ERRORS.TooManyGoAways,
  unknownFrames: HTTP2_ERRORS.TooManyUnknownFrames,
};

export class AbuseGuard {
  /** The time in milliseconds, from a clock that never goes back. The caller sets it, because the engine has no clock. */
  now = 0;
  /** Allocated when needed. Most connections need one or two. */
  readonly #buckets: Partial<Record<RateName, Bucket>> = {};

  /** Counts a frame. @returns the error if its bucket is empty. */
  note(name: RateName): Http2Error | undefined {
    let bucket = this.#buckets[name];
    if (bucket === undefined) {
      bucket = new Bucket(RATES[name], this.now);
      this.#buckets[name] = bucket;
    }
    return bucket.take(this.now) ? undefined : ERRORS[name];
  }

  /** This end has sent a request. The peer may open its window, and reset it. */
  onRequestSent(): void {
    this.#buckets.windowUpdates?.earn(EARNED_BY_REQUEST);
    this.#buckets.resets?.earn(1);
    this.#buckets.streamErrors?.earn(1);
  }

  /** A request was received. */
  onRequest(): void {
    this.#buckets.windowUpdates?.earn(EARNED_BY_REQUEST);
    this.#buckets.priorities?.earn(EARNED_BY_REQUEST);
    this.#buckets.priorityUpdates?.earn(EARNED_BY_REQUEST);
  }

  onDataSent(): void {
    this.#buckets.windowUpdates?.earn(EARNED_BY_DATA);
  }
}
