/** PRIORITY_UPDATE for requests that have not come yet (RFC 9218 §7.1): the last one of each is kept until they do. */
import type { Priority } from '../../semantics/priority.ts';

export class PriorityUpdates {
  readonly #updates = new Map<number, Priority>();
  readonly #most: number;

  /** @param most streams that may wait: as many as the client may open. Those of more are ignored. */
  constructor(most: number) {
    this.#most = most;
  }

  keep(stream: number, priority: Priority): void {
    if (this.#updates.size < this.#most || this.#updates.has(stream)) this.#updates.set(stream, priority);
  }

  /** The update for a stream that opens now. Those for streams before it are for nothing any more. */
  take(stream: number): Priority | undefined {
    if (this.#updates.size === 0) return undefined;
    const priority = this.#updates.get(stream);
    for (const id of this.#updates.keys()) if (id <= stream) this.#updates.delete(id);
    return priority;
  }
}
