/**
 * Decides which stream sends next (RFC 9218 §10): one with the highest urgency. Among equals, a stream that is not incremental
 * sends all of its content, and incremental streams send one frame in turn.
 */
import type { Http2Stream } from './stream.ts';

const LEVELS = 8;

export class SendQueue {
  /** The streams by urgency. Allocated when a stream has to wait. */
  #levels: Http2Stream[][] = [];
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Adds a stream that has content and a window for it, unless it is in the queue. */
  add(stream: Http2Stream): void {
    if (stream.isWaiting) return;
    stream.isWaiting = true;
    if (this.#levels.length === 0) this.#levels = Array.from({ length: LEVELS }, () => []);
    this.#levels[stream.priority.urgency]!.push(stream);
    this.#size++;
  }

  /** The stream that sends next. */
  first(): Http2Stream | undefined {
    if (this.#size === 0) return undefined;
    for (const level of this.#levels) if (level.length > 0) return level[0];
    return undefined;
  }

  /** The first stream has sent a frame, and can send more. */
  rotate(stream: Http2Stream): void {
    const { urgency, incremental } = stream.priority;
    const level = this.#levels[urgency]!;
    if (!incremental || level.length < 2) return;
    level.shift();
    level.push(stream);
  }

  /** Removes a stream that has no content, or no window for it. */
  remove(stream: Http2Stream): void {
    if (!stream.isWaiting) return;
    stream.isWaiting = false;
    this.#size--;
    for (const level of this.#levels) {
      const at = level.indexOf(stream);
      if (at >= 0) level.splice(at, 1);
    }
  }
}
