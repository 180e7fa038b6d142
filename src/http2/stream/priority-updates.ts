/** Keeps the last PRIORITY_UPDATE of each request that has not arrived yet (RFC 9218 §7.1). */
import type { Priority } from '../../semantics/priority.ts';

export class PriorityUpdates {
  readonly #updates = new Map<number, Priority>();
  readonly #most: number;

  /** @param most the number of streams whose updates are kept. Updates for more are ignored. */
  constructor(most: number) {
    this.#most = most;
  }

  keep(stream: number, priority: Priority): void {
    if (this.#updates.size < this.#most || this.#updates.has(stream)) this.#updates.set(stream, priority);
  }

  /** @returns the update for a stream that opens now. Drops updates for streams before it, which can't open any more. */
  take(stream: number): Priority | undefined {
    if (this.#updates.size === 0) return undefined;
    const priority = this.#updates.get(stream);
    for (const id of this.#updates.keys()) if (id <= stream) this.#updates.delete(id);
    return priority;
  }
}
