/** At high rates not every exchange is recorded: so many in each tenth of a second, and the others are counted. */

const WINDOW_MS = 100;

export class RateLimit {
  skipped = 0;
  readonly #most: number;
  #left: number;
  #windowEnd = 0;

  /** @param perSecond at least 10. */
  constructor(perSecond: number) {
    this.#most = Math.floor((perSecond * WINDOW_MS) / 1_000);
    this.#left = this.#most;
  }

  /** Whether one more is recorded at this time, in milliseconds. */
  take(now: number): boolean {
    if (this.hasRoom(now)) {
      this.#left--;
      return true;
    }
    this.skipped++;
    return false;
  }

  /** Known without a look at the clock. */
  get isOpen(): boolean {
    return this.#left > 0;
  }

  hasRoom(now: number): boolean {
    if (now >= this.#windowEnd) {
      this.#windowEnd = now + WINDOW_MS;
      this.#left = this.#most;
    }
    return this.#left > 0;
  }
}
