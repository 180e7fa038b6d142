/** Keeps the last PRIORITY_UPDATE of each request that has not arrived yet (RFC 9218 §7.1). */
import type { Priority } from '../../semantics/priority.ts';

export class PriorityUpdates {
  /** Allocated when the first update comes. */
  #updates: Map<number, Priority> | undefined;
  readonly #most: number;

  /** @param most the number of streams whose updates are kept. Updates for more are ignored. */
  constructor(most: number) {
    this.#most = most;
  }

  keep(stream: number, priority: Priority): void {
    this.#updates ??= new Map();
    if (this.#updates.size < this.#most || this.#updates.has(stream)) this.#updates.set(stream, priority);
  }

  /** @returns the update for a stream that opens now. Drops updates for streams before it, which can't open any more. */
  take(stream: number): Priority | undefined {
    const updates = this.#updates;
    if (updates === undefined || updates.size === 0) return undefined;
    const priority = updates.get(stream);
    for (const id of updates.keys()) if (id <= stream) updates.delete(id);
    return priority;
  }
}
