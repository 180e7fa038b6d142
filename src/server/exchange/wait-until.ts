/** The promises an exchange was told to wait for (draft, "Request lifecycle"), and the time after which it no longer does. */

import type { DeadlineSweep, Expiring } from '../../io/deadline.ts';
import { reportFault } from '../diagnostics.ts';
import type { FaultedRequest } from '../fault-text.ts';

/** Who waits: the server, before it calls itself closed. */
export interface Waiting {
  readonly sweep: DeadlineSweep;
  readonly settings: { readonly timeouts: { readonly waitUntil: number } };
  readonly waitingFor: Set<unknown>;
  onWaitedFor(): void;
}

export class WaitUntil implements Expiring {
  deadline = Infinity;
  #pending = 0;
  readonly #waiting: Waiting;
  readonly #request: FaultedRequest;

  constructor(waiting: Waiting, request: FaultedRequest) {
    this.#waiting = waiting;
    this.#request = request;
  }

  add(promise: Promise<unknown>, responseHasEnded: boolean): void {
    if (this.#pending++ === 0) {
      this.#waiting.waitingFor.add(this);
      if (responseHasEnded) this.onResponseEnd();
    }
    const settle = () => {
      if (--this.#pending === 0) this.#stop();
    };
    Promise.resolve(promise).then(settle, (error) => {
      reportFault(error, 'a promise given to waitUntil()', this.#request);
      settle();
    });
  }

  /** The clock runs from here. */
  onResponseEnd(): void {
    if (this.#pending === 0) return;
    this.deadline = this.#waiting.sweep.after(this.#waiting.settings.timeouts.waitUntil);
    this.#waiting.sweep.add(this);
  }

  onDeadline(): void {
    this.#stop();
  }

  #stop(): void {
    this.#waiting.sweep.delete(this);
    if (this.#waiting.waitingFor.delete(this)) this.#waiting.onWaitedFor();
  }
}
