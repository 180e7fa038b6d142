/**
 * The end of a connection whose last answer has been written (RFC 9112 §9.6).
 *
 * Closing at once would lose it: when octets of the client lie unread, the kernel answers them with a reset, and that
 * makes the client's side throw away what it has not read yet. So first everything that was written is taken, then FIN goes
 * out, then what the client still sends is read and thrown away until its own FIN, for a bounded time and amount.
 */
import type { Socket } from 'node:net';
import type { DeadlineSweep, Expiring } from './deadline.ts';
import { resume } from './driven-socket.ts';
import type { Outbound } from './outbound.ts';

const MOST_OCTETS = 16 * 1024 * 1024;
const LINGER_MS = 5_000;

export class LingeringClose implements Expiring {
  deadline: number;
  #isFlushed = false;
  #peerHasEnded: boolean;
  #octets = 0;
  readonly #socket: Socket;
  readonly #outbound: Outbound;
  readonly #sweep: DeadlineSweep;
  #sendTimeout: number;

  /**
   * @param peerHasEnded the client has sent its FIN.
   * @param lingers false when no answer is on its way that a reset could destroy.
   * @param sendTimeout how long the client may take nothing of what was written, in milliseconds; 0 for ever.
   */
  constructor(
    socket: Socket,
    outbound: Outbound,
    sweep: DeadlineSweep,
    { peerHasEnded, lingers, sendTimeout }: { peerHasEnded: boolean; lingers: boolean; sendTimeout: number },
  ) {
    this.#socket = socket;
    this.#outbound = outbound;
    this.#sweep = sweep;
    this.#sendTimeout = sendTimeout;
    this.#peerHasEnded = peerHasEnded;
    this.deadline = sweep.after(sendTimeout);
    outbound.hasProgressed();
    sweep.add(this);
    resume(socket);
    socket.end(() => {
      this.#isFlushed = true;
      if (this.#peerHasEnded || !lingers) socket.destroy();
      else this.deadline = sweep.after(LINGER_MS);
    });
  }

  /** From now on the client may take nothing for this time only, in milliseconds. */
  hurry(sendTimeout: number): void {
    this.#sendTimeout = sendTimeout;
    if (!this.#isFlushed) this.deadline = Math.min(this.deadline, this.#sweep.after(sendTimeout));
  }

  onOctets(octets: number): void {
    this.#octets += octets;
    if (this.#octets > MOST_OCTETS) this.#socket.destroy();
  }

  onPeerEnd(): void {
    this.#peerHasEnded = true;
    if (this.#isFlushed) this.#socket.destroy();
  }

  onDeadline(): void {
    if (!this.#isFlushed && this.#outbound.hasProgressed())
      this.deadline = this.#sweep.after(this.#sendTimeout);
    else this.#socket.destroy();
  }

  onClose(): void {
    this.#sweep.delete(this);
  }
}
