/** Batches on their way to a process or thread that may not take them: bounded, and what does not fit is lost. */

import process from 'node:process';
import type { BatchMessage } from './messages.ts';

/** Bytes that may wait. A worker whose event loop is blocked for a moment loses nothing. */
export const MOST_WAITING = 16 * 1024 * 1024;

export class Outbox {
  #waiting = 0;
  #lost = 0;
  readonly #post: (octets: Uint8Array, count: number, onTaken: () => void) => void;
  readonly #onLoss: (lost: number) => void;

  /** @param onLoss is called with the number of messages when the other side takes batches again. */
  constructor(
    post: (octets: Uint8Array, count: number, onTaken: () => void) => void,
    onLoss: (lost: number) => void,
  ) {
    this.#post = post;
    this.#onLoss = onLoss;
  }

  send(octets: Uint8Array, count: number): void {
    const { byteLength } = octets;
    // A batch that is alone passes, whatever its size.
    if (this.#waiting > 0 && this.#waiting + byteLength > MOST_WAITING) {
      this.#lost += count;
      return;
    }
    this.#waiting += byteLength;
    this.#post(octets, count, () => {
      this.#waiting -= byteLength;
      const lost = this.#lost;
      if (lost === 0 || this.#waiting > MOST_WAITING / 2) return;
      this.#lost = 0;
      this.#onLoss(lost);
    });
  }
}

/** What carries messages between a thread and its process. */
interface Port {
  postMessage(message: unknown, transferred: ArrayBuffer[]): void;
}

/** An outbox to the other side of a port, which confirms each batch with `taken`. */
export class PortOutbox extends Outbox {
  readonly #confirmations: (() => void)[];

  constructor(port: Port, onLoss: (lost: number) => void) {
    const confirmations: (() => void)[] = [];
    super((octets, count, onTaken) => {
      confirmations.push(onTaken);
      // The copy has a buffer of its own, which is handed over; a view would be sent with all that it is a view of.
      const own = new Uint8Array(octets);
      port.postMessage({ serval: 'batch', octets: own, count } satisfies BatchMessage, [own.buffer]);
    }, onLoss);
    this.#confirmations = confirmations;
  }

  onTaken(): void {
    this.#confirmations.shift()?.();
  }
}

/** Where there is no supervisor to report to. */
export function warnOfLoss(who: string, lost: number): void {
  process.emitWarning(`${lost} messages for the topics of other workers were lost: ${who} was blocked`);
}
