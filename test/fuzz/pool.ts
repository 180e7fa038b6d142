/** The messages to mutate: the corpus, and messages that took a new path. */
import type { Random } from './random.ts';

/** Enough for every path. When the pool is full, a new message replaces a random found one. */
const MOST_FOUND = 8_192;

export class Pool {
  readonly #given: readonly Buffer[];
  readonly #found: Buffer[] = [];
  readonly #random: Random;

  constructor(given: readonly Buffer[], random: Random) {
    this.#given = given;
    this.#random = random;
  }

  get found(): readonly Buffer[] {
    return this.#found;
  }

  add(message: Buffer): void {
    const copy = Buffer.from(message);
    if (this.#found.length < MOST_FOUND) this.#found.push(copy);
    else this.#found[this.#random.below(MOST_FOUND)] = copy;
  }

  /** A message of the corpus, or a found one, preferably a recent one. */
  pick(): Buffer {
    const random = this.#random;
    const count = this.#found.length;
    if (count === 0 || random.oneIn(4)) return random.pick(this.#given);
    if (random.oneIn(2)) return this.#found[Math.max(0, count - 1 - random.below(256))]!;
    return this.#found[random.below(count)]!;
  }
}
