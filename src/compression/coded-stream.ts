import { type BodyReader, PAUSED } from '../fetch/body-reader.ts';
import { type TransformInput, type TransformStep, transformedStream } from '../io/transform-source.ts';
import type { EncoderPlace } from './encoder-places.ts';
import type { Encoder } from './encoders.ts';
import type { Offer } from './options.ts';

/**
 * How long the source may pause, in milliseconds, before the output that the encoder keeps back is sent. Less than a frame of a
 * display, more than a disk or a neighbouring service takes: the chunks of a file are coded together, and a page that is
 * rendered in steps arrives in steps.
 */
const FLUSH_AFTER_MS = 10;

/**
 * A body that is coded as it is read. It holds one chunk of the source and the encoder's output for it, and reads nothing from
 * the source before it is read itself.
 *
 * @param flushEveryChunk for content whose chunks clients wait for one by one, such as server-sent events.
 */
export function codedStream(
  body: BodyReader,
  offer: Offer,
  place: EncoderPlace,
  flushEveryChunk: boolean,
): ReadableStream<Uint8Array> {
  const stream = transformedStream(new CodedBody(body, offer, place, flushEveryChunk));
  place.releaseWith(stream);
  return stream;
}

class CodedBody implements TransformInput {
  readonly #body: BodyReader;
  readonly #offer: Offer;
  readonly #place: EncoderPlace;
  readonly #flushEveryChunk: boolean;
  /** Whether the encoder may keep back output that a flush would bring out. */
  #isUnflushed = false;

  constructor(body: BodyReader, offer: Offer, place: EncoderPlace, flushEveryChunk: boolean) {
    this.#body = body;
    this.#offer = offer;
    this.#place = place;
    this.#flushEveryChunk = flushEveryChunk;
  }

  // Not before the first read: the answer to HEAD is never read, and an encoder takes much memory.
  connect(): readonly [Encoder] {
    const { codec, level } = this.#offer;
    const encoder = codec.createEncoder(level, this.#flushEveryChunk);
    encoder.once('close', () => this.#place.release());
    return [encoder];
  }

  async next(): Promise<TransformStep> {
    const chunk = await this.#body.next(this.#isUnflushed ? FLUSH_AFTER_MS : undefined);
    this.#isUnflushed = chunk !== PAUSED && !this.#flushEveryChunk;
    return chunk === PAUSED ? this.#offer.codec.flushKind : chunk;
  }

  cancel(reason: unknown): Promise<void> {
    this.#place.release();
    return this.#body.cancel(reason);
  }
}
