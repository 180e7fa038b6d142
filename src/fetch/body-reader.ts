import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';

/** The result of {@link BodyReader.next} when the source took longer than the caller waits. */
export const PAUSED = Symbol('paused');

type Reading = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>;

/** How many turns of the microtask queue a stream whose content is in memory may take to give it out. */
const TURNS = 8;

/** Reads the body of a response, and can look at its beginning before the caller decides how to send it. */
export class BodyReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #declared: number | undefined;
  #received = 0;
  #peeked: Uint8Array[] = [];
  #nextPeeked = 0;
  /** A read that has begun and whose result has not been given out yet. */
  #begun: Promise<Reading> | undefined;

  /** @param declared the length that the response declares, if it declares one. */
  constructor(body: ReadableStream<Uint8Array>, declared?: number) {
    this.#reader = body.getReader();
    this.#declared = declared;
  }

  /**
   * The whole body, if it ends before `limit` bytes and within `patience` milliseconds. Otherwise `undefined`; `next()`
   * then gives all of it.
   */
  async whole(limit: number, patience: number): Promise<Uint8Array | undefined> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const pause = pauseOf(patience);
    try {
      while (length < limit) {
        const chunk = await this.#next(pause);
        if (chunk === undefined) return Buffer.concat(chunks, length);
        if (chunk === PAUSED) break;
        chunks.push(chunk);
        length += chunk.length;
      }
    } finally {
      pause.end();
    }
    this.#peeked = chunks;
    return undefined;
  }

  /**
   * The next chunk; `undefined` at the end; or `PAUSED` if neither comes within `patience` milliseconds. With 0, only a
   * source that has its next chunk in memory is in time.
   *
   * @throws what the source failed with; a `TypeError` for a chunk that is not a `Uint8Array`, and for a body that is not as
   *   long as declared.
   */
  async next(patience?: number): Promise<Uint8Array | undefined | typeof PAUSED> {
    if (this.#nextPeeked < this.#peeked.length) return this.#peeked[this.#nextPeeked++];
    this.#peeked = [];
    if (patience === undefined) return this.#next();
    const pause = pauseOf(patience);
    try {
      return await this.#next(pause);
    } finally {
      pause.end();
    }
  }

  cancel(reason: unknown): Promise<void> {
    return this.#reader.cancel(reason);
  }

  async #next(pause?: Pause): Promise<Uint8Array | undefined | typeof PAUSED> {
    this.#begun ??= this.#reader.read();
    const reading = await (pause === undefined ? this.#begun : Promise.race([this.#begun, pause.over]));
    if (reading === PAUSED) return PAUSED;
    this.#begun = undefined;
    if (reading.done) {
      this.#checkLength();
      return undefined;
    }
    const chunk: unknown = reading.value;
    if (!(chunk instanceof Uint8Array))
      throw new TypeError('A chunk of the response body is not a Uint8Array');
    this.#received += chunk.length;
    return chunk;
  }

  /** Coded content has a length of its own, so the server can't notice later that bytes of the source are missing. */
  #checkLength(): void {
    if (this.#declared === undefined || this.#declared === this.#received) return;
    throw new TypeError(`Content-Length is ${this.#declared}, the response body has ${this.#received} bytes`);
  }
}

interface Pause {
  readonly over: Promise<typeof PAUSED>;
  end(): void;
}

function pauseOf(milliseconds: number): Pause {
  return milliseconds === 0 ? { over: someTurns(), end: () => {} } : new TimedPause(milliseconds);
}

async function someTurns(): Promise<typeof PAUSED> {
  for (let turn = 0; turn < TURNS; turn++) await undefined;
  return PAUSED;
}

/** Time that passes only while the event loop waits: content in memory is read before the pause is over. */
class TimedPause implements Pause {
  readonly over: Promise<typeof PAUSED>;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    this.over = new Promise((resolve) => {
      timer = setTimeout(resolve, milliseconds, PAUSED);
    });
    this.#timer = timer;
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
