/** The handshakes in progress at a listener, and how many there may be. */

interface Handshake {
  /** The place is needed for another one. */
  giveUp(): void;
}

/**
 * Beyond the limit, the handshake that has taken longest makes room. A client that goes on needs some round trips; one that
 * does not would otherwise keep others out, however many of its kind there are.
 */
export class OngoingHandshakes {
  readonly #most: number;
  /** The oldest first. */
  readonly #handshakes = new Set<Handshake>();

  /** @param most Infinity for any number. */
  constructor(most: number) {
    this.#most = most;
  }

  add(handshake: Handshake): void {
    const [oldest] = this.#handshakes;
    if (this.#handshakes.size >= this.#most) oldest!.giveUp();
    this.#handshakes.add(handshake);
  }

  delete(handshake: Handshake): void {
    this.#handshakes.delete(handshake);
  }

  get size(): number {
    return this.#handshakes.size;
  }
}
