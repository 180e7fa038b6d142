/** Flow control (RFC 9113 §5.2, §6.9): how much may come, and when the peer is told that more may. */

/**
 * What this end has allowed the peer to send, on one stream or on the connection.
 *
 * The window opens for what was consumed, not for what has arrived: a reader that stops reading stops the peer. It opens in steps
 * of half its size, so that a WINDOW_UPDATE is not sent for each frame.
 */
export class ReceiveWindow {
  /** Octets that the peer may still send. Negative after a lower SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 §6.9.2). */
  available: number;
  /** Octets that have arrived and are not consumed. */
  unconsumed = 0;
  /** Octets that are consumed, and the peer does not know it. */
  #unannounced = 0;
  #size: number;

  /** @param available what the peer assumes at first. */
  constructor(size: number, available = size) {
    this.#size = size;
    this.available = available;
  }

  /** Octets have arrived. @returns false if they were more than allowed. */
  receive(octets: number): boolean {
    this.available -= octets;
    this.unconsumed += octets;
    return this.available >= 0;
  }

  /** Octets have been consumed. @returns the increment to be announced now, or 0. */
  consume(octets: number): number {
    const consumed = Math.min(octets, this.unconsumed);
    this.unconsumed -= consumed;
    this.#unannounced += consumed;
    return this.#unannounced * 2 >= this.#size ? this.announce() : 0;
  }

  /** @returns the increment that opens the window as far as it goes now. */
  announce(): number {
    const increment = this.#unannounced;
    this.#unannounced = 0;
    this.available += increment;
    return increment;
  }

  /** The peer has acknowledged another initial size (RFC 9113 §6.9.2). */
  resize(from: number, to: number): void {
    this.#size = to;
    this.available += to - from;
  }

  /** The window is made larger than the peer assumes. @returns the increment to be announced. */
  enlarge(octets: number): number {
    this.available += octets;
    return octets;
  }
}
