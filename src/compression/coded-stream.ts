import { type BodyReader, PAUSED } from '../fetch/body-reader.ts';
import { type TransformInput, type TransformStep, transformedStream } from '../io/transform-source.ts';
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
  return transformedStream(new CodedBody(body, offer, flushEveryChunk));
}

class CodedBody implements TransformInput {
  readonly #body: BodyReader;
  readonly #offer: Offer;
  readonly #flushEveryChunk: boolean;
  /** Whether the encoder may keep back octets that a flush would bring out. */
  #isUnflushed = false;

  constructor(body: BodyReader, offer: Offer, flushEveryChunk: boolean) {
    this.#body = body;
    this.#offer = offer;
    this.#flushEveryChunk = flushEveryChunk;
  }

  // Not before the first read: the answer to HEAD is never read, and an encoder takes 250 to 800 KiB.
  connect(): readonly [Encoder] {
    const { codec, level } = this.#offer;
    return [codec.createEncoder(level, this.#flushEveryChunk)];
  }

  async next(): Promise<TransformStep> {
    const chunk = await this.#body.next(this.#isUnflushed ? FLUSH_AFTER_MS : undefined);
    this.#isUnflushed = chunk !== PAUSED && !this.#flushEveryChunk;
    return chunk === PAUSED ? this.#offer.codec.flushKind : chunk;
  }

  cancel(reason: unknown): Promise<void> {
    return this.#body.cancel(reason);
  }
}
