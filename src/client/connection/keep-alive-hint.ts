/** How long a connection may rest, and for how many more requests it is good: what the server has said, or the option. */
import { parseKeepAlive } from '../../semantics/connection/keep-alive.ts';

/** A server that keeps a connection so long may already be closing it when it has: milliseconds to stay clear of that. */
const MARGIN = 1_000;

export class KeepAliveHint {
  /** Milliseconds; 0 is for ever. */
  idleTimeout: number;
  remainingRequests = Infinity;

  constructor(idleTimeout: number) {
    this.idleTimeout = idleTimeout;
  }

  /** @param value of Keep-Alive in the last response. */
  heed(value: string): void {
    const { timeout, max } = parseKeepAlive(value);
    if (timeout !== undefined) this.idleTimeout = Math.max(timeout - MARGIN, 1);
    if (max !== undefined) this.remainingRequests = max;
  }
}
