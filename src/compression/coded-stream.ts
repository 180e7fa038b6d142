import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { type BodyReader, PAUSED } from './body-reader.ts';
import type { Encoder } from './encoders.ts';
import type { Offer } from './options.ts';

/**
 * How long the source may pause, in milliseconds, before what the encoder has kept back is sent. Less than a frame of a
 * display, more than a disk or a neighbouring service takes: a file's chunks are coded together, a page that is rendered
 * in steps arrives in steps.
 */
const FLUSH_AFTER_MS = 10;

/**
 * A body, coded as it is read. It holds one chunk of the source and what the encoder makes of it; nothing is read from the
 * source before somebody reads here.
 *
 * @param flushEveryChunk for content whose chunks are awaited one by one, like server-sent events.
 */
export function codedStream(
  body: BodyReader,
  offer: Offer,
  flushEveryChunk: boolean,
): ReadableStream<Uint8Array> {
  return new ReadableStream(new CodedSource(body, offer, flushEveryChunk), { highWaterMark: 0 });
}

class CodedSource {
  readonly #body: BodyReader;
  readonly #offer: Offer;
  readonly #flushEveryChunk: boolean;
  #encoder: Encoder | undefined;
  #failure: { error: unknown } | undefined;
  /** Whether the encoder has been given something it has not done with. */
  #encoding = false;
  /** Whether the encoder may keep back octets that a flush would bring out. */
  #unflushed = false;
  #cancelled = false;
  #wake: () => void = () => {};

  constructor(body: BodyReader, offer: Offer, flushEveryChunk: boolean) {
    this.#body = body;
    this.#offer = offer;
    this.#flushEveryChunk = flushEveryChunk;
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    // Not before the first read: the answer to HEAD is never read, and an encoder takes 250 to 800 KiB.
    this.#encoder ??= this.#createEncoder();
    try {
      await this.#pullFrom(this.#encoder, controller);
    } catch (error) {
      // The consumer has to see the error: a stream that closed here would pass for a shorter, complete content.
      this.#encoder.destroy();
      this.#body.cancel(error).catch(() => {});
      throw error;
    }
  }

  cancel(reason: unknown): Promise<void> {
    this.#cancelled = true;
    this.#encoder?.destroy();
    this.#wake();
    return this.#body.cancel(reason);
  }

  /** Feeds the encoder until it gives something out, or ends. */
  async #pullFrom(encoder: Encoder, controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    while (!this.#cancelled) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const coded: Uint8Array | null = encoder.read();
      if (coded !== null) return controller.enqueue(coded);
      if (encoder.readableEnded) return controller.close();
      if (this.#encoding) await this.#somethingNew();
      else await this.#feed(encoder);
    }
  }

  async #feed(encoder: Encoder): Promise<void> {
    const chunk = await this.#body.next(this.#unflushed ? FLUSH_AFTER_MS : undefined);
    if (this.#cancelled) return;
    this.#encoding = true;
    if (chunk === undefined) {
      encoder.end();
    } else if (chunk === PAUSED) {
      this.#unflushed = false;
      encoder.flush(this.#offer.codec.flushKind, this.#encoded);
    } else {
      this.#unflushed = !this.#flushEveryChunk;
      encoder.write(chunk, this.#encoded);
    }
  }

  readonly #encoded = (): void => {
    this.#encoding = false;
    this.#wake();
  };

  /** Until the encoder has done with its input, has output, has ended or has failed. */
  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #createEncoder(): Encoder {
    const { codec, level } = this.#offer;
    const encoder = codec.createEncoder(level, this.#flushEveryChunk);
    encoder.on('readable', () => this.#wake());
    encoder.on('end', () => this.#wake());
    encoder.on('error', (error) => {
      this.#failure = { error };
      this.#wake();
    });
    return encoder;
  }
}
