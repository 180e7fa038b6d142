/** The content of a message as its reader sees it, whether it comes from the wire, out of a decoder, or from a clone. */
import { CollectedOctets } from './collected-octets.ts';

export interface Content {
  /** The content as a stream: the same one each time. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Reading has begun. */
  readonly isUsed: boolean;
  /** A reader holds the stream. */
  readonly isLocked: boolean;
  /** Settles when the content has been read to its end. */
  readonly trailers: Promise<Headers>;
  /** The whole content. */
  collect(): Promise<Uint8Array>;
}

/** Content that exists only as a stream. */
export class StreamContent implements Content {
  readonly trailers: Promise<Headers>;
  isUsed = false;
  readonly #source: ReadableStream<Uint8Array>;
  #stream: ReadableStream<Uint8Array> | undefined;

  constructor(source: ReadableStream<Uint8Array>, trailers: Promise<Headers>) {
    this.#source = source;
    this.trailers = trailers;
  }

  get stream(): ReadableStream<Uint8Array> {
    if (this.#stream === undefined) {
      const reader = this.#source.getReader();
      // A stream around the stream, to see when reading begins.
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
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return collected.join();
      collected.add(value);
    }
  }
}
