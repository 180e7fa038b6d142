/** The messages worth changing further: the corpus, and what has led somewhere new. */
import type { Random } from './random.ts';

/** Enough for every path there is; then a new message takes the place of any other found one. */
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

  /** One that was given, or found; of those found, the newest are the furthest from where all began. */
  pick(): Buffer {
    const random = this.#random;
    const count = this.#found.length;
    if (count === 0 || random.oneIn(4)) return random.pick(this.#given);
    if (random.oneIn(2)) return this.#found[Math.max(0, count - 1 - random.below(256))]!;
    return this.#found[random.below(count)]!;
  }
}
