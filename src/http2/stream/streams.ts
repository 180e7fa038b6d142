/** The streams of a connection: those that are open, how many, and how those ended that were closed lately. */
import type { Http2Stream } from './stream.ts';

/** How a stream was closed. Frames that come later mean different things (RFC 9113 §5.1). */
export const FORGOTTEN = 0;
/** Both ends have ended it. */
export const ENDED = 1;
/** This end has reset it: what the peer had sent by then is ignored. */
export const RESET_HERE = 2;
/** The peer has reset it. */
export const RESET_THERE = 3;

/** Streams that are remembered. Those of one round trip should be among them. */
const REMEMBERED = 128;

export class Streams {
  /** The greatest identifier that the peer has used for a request. */
  last = 0;
  /** Streams that the user of the connection works on: open, or reset and not released yet. */
  running = 0;
  readonly #open = new Map<number, Http2Stream>();
  /** A ring of the streams that were closed, each with how: identifiers are odd, so that 30 bits are enough for one. */
  #closed: Int32Array | undefined;
  #closedAt = 0;

  get(id: number): Http2Stream | undefined {
    return this.#open.get(id);
  }

  /** Whether the stream was never opened: those with even identifiers would be pushed, which none is. */
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

  /** The user works on the stream from now on. */
  begin(stream: Http2Stream): void {
    stream.isRunning = true;
    this.running++;
  }

  /** The user does not work on the stream any more. */
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
    this.#closed ??= new Int32Array(REMEMBERED);
    this.#closed[this.#closedAt] = ((id >>> 1) << 2) | how;
    this.#closedAt = (this.#closedAt + 1) % REMEMBERED;
  }

  /** ENDED, RESET_HERE, RESET_THERE; FORGOTTEN if it was long ago or never. */
  howClosed(id: number): number {
    const closed = this.#closed;
    if (closed === undefined) return FORGOTTEN;
    // From the newest on: a stream may be remembered twice.
    for (let i = 1; i <= REMEMBERED; i++) {
      const entry = closed[(this.#closedAt - i + REMEMBERED) % REMEMBERED]!;
      if (entry >>> 2 === id >>> 1 && entry !== 0) return entry & 3;
    }
    return FORGOTTEN;
  }
}
