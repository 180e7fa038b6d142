/** Flow control of received content (RFC 9113 §5.2, §6.9). */

/**
 * The window that this end gives the peer, on one stream or on the connection.
 *
 * It opens when content has been consumed, not when it has arrived. So a reader that stops reading stops the peer. It opens in
 * steps of at least half its size, so that not each frame causes a WINDOW_UPDATE.
 */
export class ReceiveWindow {
  /** Bytes that the peer may still send. Negative after a lower SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 §6.9.2). */
  available: number;
  /** Bytes that have arrived and have not been consumed. */
  unconsumed = 0;
  /** Bytes that have been consumed and not yet announced to the peer. */
  #unannounced = 0;
  #size: number;

  /** @param available the size that the peer assumes at first. */
  constructor(size: number, available = size) {
    this.#size = size;
    this.available = available;
  }

  /** Counts bytes that have arrived. @returns false if they are more than allowed. */
  receive(octets: number): boolean {
    this.available -= octets;
    this.unconsumed += octets;
    return this.available >= 0;
  }

  /** Counts bytes that have been consumed. @returns the increment to announce now, or 0. */
  consume(octets: number): number {
    const consumed = Math.min(octets, this.unconsumed);
    this.unconsumed -= consumed;
    this.#unannounced += consumed;
    return this.#unannounced * 2 >= this.#size ? this.announce() : 0;
  }

  /** @returns the increment for all bytes that have not been announced. */
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

  /** Makes the window larger than the peer assumes. @returns the increment to announce. */
  enlarge(octets: number): number {
    this.available += octets;
    return octets;
  }
}
