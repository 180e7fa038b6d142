/** What a response's content is to its reader, whether it comes from the wire, out of a decoder, or from a clone. */
import { CollectedOctets } from '../../fetch/collected-octets.ts';

export interface Content {
  /** The same one each time. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Whether somebody has begun to read. */
  readonly isUsed: boolean;
  readonly isLocked: boolean;
  /** Settles when the content has been read to its end. */
  readonly trailers: Promise<Headers>;
  /** All of it. */
  collect(): Promise<Uint8Array>;
}

/** Content that exists only as a stream. */
export class StreamContent implements Content {
  readonly trailers: Promise<Headers>;
  isUsed = false;
  readonly #source: ReadableStream<Uint8Array>;
  readonly #most: number;
  #stream: ReadableStream<Uint8Array> | undefined;

  /** @param most octets that `collect` takes; 0 is no bound. */
  constructor(source: ReadableStream<Uint8Array>, trailers: Promise<Headers>, most = 0) {
    this.#source = source;
    this.trailers = trailers;
    this.#most = most;
  }

  get stream(): ReadableStream<Uint8Array> {
    if (this.#stream === undefined) {
      const reader = this.#source.getReader();
      // A stream around the stream, to know when somebody reads from it.
      this.#stream = new ReadableStream(
        {
          pull: async (controller) => {
            this.isUsed = true;
            const { done, value } = await reader.read();
            if (done) controller.close();
            else controller.enqueue(value);
          },
          cancel: (reason) => {
            this.isUsed = true;
            return reader.cancel(reason);
          },
        },
        { highWaterMark: 0 },
      );
    }
    return this.#stream;
  }

  get isLocked(): boolean {
    return this.#stream?.locked ?? this.#source.locked;
  }

  async collect(): Promise<Uint8Array> {
    this.isUsed = true;
    const collected = new CollectedOctets();
    const reader = (this.#stream ?? this.#source).getReader();
    let octets = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return collected.join();
      octets += value.length;
      if (this.#most > 0 && octets > this.#most) throw new RangeError('More octets than are taken');
      collected.add(value);
    }
  }
}
