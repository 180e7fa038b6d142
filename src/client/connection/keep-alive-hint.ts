/** How long a connection may be idle, and how many more requests it may carry: the server's Keep-Alive, or the option. */
import { parseKeepAlive } from '../../semantics/connection/keep-alive.ts';

/** The server closes the connection when its time is over. The client stops using it so many milliseconds before. */
const MARGIN = 1_000;

export class KeepAliveHint {
  /** Milliseconds; 0 disables. */
  idleTimeout: number;
  remainingRequests = Infinity;

  constructor(idleTimeout: number) {
    this.idleTimeout = idleTimeout;
  }

  /** @param value of Keep-Alive in a response. */
  heed(value: string): void {
    const { timeout, max } = parseKeepAlive(value);
    if (timeout !== undefined) this.idleTimeout = Math.max(timeout - MARGIN, 1);
    if (max !== undefined) this.remainingRequests = max;
  }
}
