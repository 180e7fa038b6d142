import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';

/** What {@link BodyReader.next} gives when its patience ran out first. */
export const PAUSED = Symbol('paused');

type Reading = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>;

/** Reads a response's body, able to look at its beginning before it is decided what to do with it. */
export class BodyReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #declared: number | undefined;
  #received = 0;
  #peeked: Uint8Array[] = [];
  /** A read that has been begun, and was not waited for to the end. */
  #begun: Promise<Reading> | undefined;

  /** @param declared how many octets there have to be, if that is known. */
  constructor(body: ReadableStream<Uint8Array>, declared: number | undefined) {
    this.#reader = body.getReader();
    this.#declared = declared;
  }

  /**
   * The whole body, provided that it ends before `limit` octets and within `patience` milliseconds. Else `undefined`; it
   * is then all still to be had from `next()`.
   */
  async whole(limit: number, patience: number): Promise<Uint8Array | undefined> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const pause = new Pause(patience);
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
   * The next chunk, `undefined` at the end, or `PAUSED` if neither comes within `patience` milliseconds.
   *
   * @throws what the source failed with; a `TypeError` for a chunk that is not octets, or if the body is not as long as
   *   declared: the coded content has a length of its own, so nobody after us could see that octets are missing.
   */
  async next(patience?: number): Promise<Uint8Array | undefined | typeof PAUSED> {
    const peeked = this.#peeked.shift();
    if (peeked !== undefined) return peeked;
    if (patience === undefined) return this.#next();
    const pause = new Pause(patience);
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
      this.#mustBeAsDeclared();
      return undefined;
    }
    const chunk: unknown = reading.value;
    if (!(chunk instanceof Uint8Array))
      throw new TypeError('A chunk of the response body is not a Uint8Array');
    this.#received += chunk.length;
    return chunk;
  }

  #mustBeAsDeclared(): void {
    if (this.#declared === undefined || this.#declared === this.#received) return;
    throw new TypeError(
      `Content-Length is ${this.#declared}, the response body has ${this.#received} octets`,
    );
  }
}

/** Time that passes while the event loop waits: what is at hand is read before any of it is over. */
class Pause {
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
