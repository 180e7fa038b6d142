/** When to replace a dead worker: at once after a long life, later and later after short ones, and finally not at all. */

/** A worker that dies sooner after it was ready probably has a fault in its program. */
export const SHORT_LIFE_MS = 5_000;

/** This many short lives in a row are a crash loop. */
export const MAX_SHORT_LIVES = 5;

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 10_000;

/** Start another worker after `delay` milliseconds, or give up. */
export type Restart = { readonly delay: number } | 'give up';

export class RestartPolicy {
  #shortLives = 0;

  /**
   * Call for each worker that has died.
   *
   * @param lifetime milliseconds since it was ready; 0 if it never was.
   * @param othersServe whether another worker with the same code has lived for longer than `SHORT_LIFE_MS`. If so, the policy
   *   never gives up, and waits for the maximum delay instead.
   */
  onDeath(lifetime: number, othersServe: boolean): Restart {
    if (lifetime >= SHORT_LIFE_MS) {
      this.#shortLives = 0;
      return { delay: 0 };
    }
    this.#shortLives++;
    if (this.#shortLives >= MAX_SHORT_LIVES) return othersServe ? { delay: MAX_DELAY_MS } : 'give up';
    return { delay: Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.#shortLives - 1)) };
  }
}
