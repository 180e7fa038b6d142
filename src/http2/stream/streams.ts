/** The streams of a connection: those that are open, and how recent ones were closed. */
import type { Http2Stream } from './stream.ts';

/** How a stream was closed: that decides about frames that arrive later (RFC 9113 §5.1). */
export const FORGOTTEN = 0;
/** Both ends have ended their messages. */
export const ENDED = 1;
/** This end has reset the stream. Frames that the peer sent before it knew are ignored. */
export const RESET_HERE = 2;
/** The peer has reset the stream. */
export const RESET_THERE = 3;

/** The number of closed streams that are remembered: enough for those of one round trip. */
const REMEMBERED = 128;

export class Streams {
  /** The greatest identifier of a request so far. */
  last = 0;
  /** The number of streams in use: open, or reset and not yet released. */
  running = 0;
  readonly #open = new Map<number, Http2Stream>();
  /** A ring that grows: 30 bits of the identifier, which is odd, and 2 bits for how the stream was closed. */
  #closed: number[] | undefined;
  #closedAt = 0;

  get(id: number): Http2Stream | undefined {
    return this.#open.get(id);
  }

  /** Whether the stream was never opened. Even identifiers are for push, which is not used. */
  isIdle(id: number): boolean {
    return id > this.last || (id & 1) === 0;
  }

  /** Streams that are open or half-closed. */
  get size(): number {
    return this.#open.size;
  }

  all(): IterableIterator<Http2Stream> {
    return this.#open.values();
  }

  add(stream: Http2Stream): void {
    this.#open.set(stream.id, stream);
  }

  /** The caller uses the stream from now on. */
  begin(stream: Http2Stream): void {
    stream.isRunning = true;
    this.running++;
  }

  /** The caller does not use the stream any more. */
  release(stream: Http2Stream): void {
    if (!stream.isRunning) return;
    stream.isRunning = false;
    this.running--;
  }

  /** Removes the stream and remembers how it was closed. */
  close(stream: Http2Stream, how: number): void {
    this.#open.delete(stream.id);
    this.remember(stream.id, how);
    if (how === ENDED) this.release(stream);
  }

  remember(id: number, how: number): void {
    const entry = ((id >>> 1) << 2) | how;
    // An array of one entry: most idle connections had few requests.
    if (this.#closed === undefined) this.#closed = [entry];
    else if (this.#closed.length < REMEMBERED) this.#closed.push(entry);
    else this.#closed[this.#closedAt % REMEMBERED] = entry;
    this.#closedAt = (this.#closedAt % REMEMBERED) + 1;
  }

  /** @returns ENDED, RESET_HERE or RESET_THERE; FORGOTTEN for older and unknown streams. */
  howClosed(id: number): number {
    const closed = this.#closed;
    if (closed === undefined) return FORGOTTEN;
    const { length } = closed;
    // The newest entry comes first, because a stream may be remembered twice.
    for (let i = 1; i <= length; i++) {
      const entry = closed[(this.#closedAt - i + length) % length]!;
      if (entry >>> 2 === id >>> 1) return entry & 3;
    }
    return FORGOTTEN;
  }
}
