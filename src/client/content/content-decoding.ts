/**
 * Undoes content codings while the content is read. What a few octets can expand to is bounded twice: by how much there may
 * be at all, and by the ratio of what comes out to what goes in, so that a bomb is noticed when its first megabytes burst.
 */
import {
  type TransformInput,
  type TransformStep,
  transformedStream,
  type ZlibTransform,
} from '../../io/transform-source.ts';
import { type ClientError, clientError } from '../errors.ts';

/** Octets that may come out before the ratio is looked at: short content can be a thousandth of what it stands for. */
const FREE_OCTETS = 4 * 1024 * 1024;

export interface DecodingLimits {
  /** 0 is no bound. */
  readonly maxResponseSize: number;
  /** 0 is no bound. */
  readonly maxDecodingRatio: number;
}

/**
 * The content decoded. Nothing is read from `coded` before somebody reads here.
 *
 * @param decoders made when they are needed, the first to be applied first.
 */
export function decodedStream(
  coded: ReadableStream<Uint8Array>,
  decoders: readonly (() => ZlibTransform)[],
  limits: DecodingLimits,
): ReadableStream<Uint8Array> {
  return transformedStream(new CodedContent(coded, decoders, limits));
}

class CodedContent implements TransformInput {
  readonly #coded: ReadableStreamDefaultReader<Uint8Array>;
  readonly #make: readonly (() => ZlibTransform)[];
  readonly #limits: DecodingLimits;
  #received = 0;
  /** What has come out of each decoder. */
  readonly #given: number[];

  constructor(
    coded: ReadableStream<Uint8Array>,
    make: readonly (() => ZlibTransform)[],
    limits: DecodingLimits,
  ) {
    this.#coded = coded.getReader();
    this.#make = make;
    this.#limits = limits;
    this.#given = make.map(() => 0);
  }

  /** Content of no octets is not coded: a server that has no content to send need not have made any (RFC 9110 §8.4). */
  connect(): readonly ZlibTransform[] {
    return this.#received === 0 ? [] : this.#make.map((make) => make());
  }

  async next(): Promise<TransformStep> {
    const { value } = await this.#coded.read();
    this.#received += value?.length ?? 0;
    return value;
  }

  cancel(reason: unknown): Promise<void> {
    return this.#coded.cancel(reason);
  }

  toError(error: Error): ClientError {
    const message = 'The content is not in the coding that Content-Encoding says (RFC 9110 §8.4)';
    return clientError('ERR_HTTP_CONTENT_CODING', message, error);
  }

  onOutput(octets: number, index: number): void {
    if (index < this.#make.length - 1) return;
    const { maxResponseSize, maxDecodingRatio } = this.#limits;
    const given = this.#given[index]! + octets;
    this.#given[index] = given;
    if (maxResponseSize > 0 && given > maxResponseSize)
      throw clientError(
        'ERR_HTTP_CONTENT_TOO_LARGE',
        'The response decodes to more content than the client takes',
      );
    const isBomb = given > FREE_OCTETS && given > this.#received * maxDecodingRatio;
    if (maxDecodingRatio > 0 && isBomb) {
      const message = `The content decodes to more than ${maxDecodingRatio} times its size`;
      throw clientError('ERR_HTTP_CONTENT_CODING', message);
    }
  }
}
