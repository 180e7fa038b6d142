/** When a worker that has died is replaced: at once after a long life, ever later after short ones, and at some point not at all. */

/** A life of a worker, in milliseconds since it was ready, below which its death speaks of the program and not of bad luck. */
export const SHORT_LIFE_MS = 5_000;

/** So many short lives in a row are a crash loop. */
export const MOST_SHORT_LIVES = 5;

const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 10_000;

/** What is to be done: start another in so many milliseconds, or give up. */
export type Restart = { readonly delay: number } | 'give up';

export class RestartPolicy {
  #shortLives = 0;

  /**
   * A worker has died.
   *
   * @param life milliseconds since it was ready; 0 if it never was.
   * @param othersServe whether there is another one of the same code that has outlived a short life. As long as there is,
   *   it goes on being tried, as seldom as can be.
   */
  onDeath(life: number, othersServe: boolean): Restart {
    if (life >= SHORT_LIFE_MS) {
      this.#shortLives = 0;
      return { delay: 0 };
    }
    this.#shortLives++;
    if (this.#shortLives >= MOST_SHORT_LIVES) return othersServe ? { delay: LAST_DELAY_MS } : 'give up';
    return { delay: Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.#shortLives - 1)) };
  }
}
