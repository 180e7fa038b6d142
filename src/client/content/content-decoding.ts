/**
 * Decodes content codings while the content is read. The output of every decoder is bounded twice: in bytes, and by its ratio
 * to the bytes received, so that a bomb is noticed after its first megabytes. Every decoder counts and not only the last:
 * decoding takes time even if no content comes of it.
 */

import type { Transform } from 'node:stream';
import { type Content, StreamContent } from '../../fetch/content/content.ts';
import { type TransformInput, type TransformStep, transformedStream } from '../../io/transform-source.ts';
import { ABOUT_CODED_CONTENT } from '../../semantics/coded-content.ts';
import { type ClientError, clientError } from '../errors.ts';
import type { ResponseFacts } from '../received-head.ts';
import { decodersFor } from './content-codings.ts';

/** Output of a decoder up to this many bytes may have any ratio: short content often compresses to a thousandth. */
const FREE_OCTETS = 4 * 1024 * 1024;

export interface DecodingLimits {
  /** Bytes; 0 disables. */
  readonly maxResponseSize: number;
  /** 0 disables. */
  readonly maxDecodingRatio: number;
}

/** The response with its content codings undone, and without the fields about them, which are not true any more. */
export function decodedResponse(
  received: { head: ResponseFacts; content: Content | undefined },
  limits: DecodingLimits,
): { head: ResponseFacts; content: Content | undefined } {
  const { head, content } = received;
  const coding = content === undefined ? null : head.fields.get('content-encoding');
  const decoders = coding === null ? [] : decodersFor(coding);
  if (content === undefined || decoders.length === 0) return received;
  const fields = head.fields.filter((name) => name !== 'content-encoding' && !ABOUT_CODED_CONTENT.has(name));
  const stream = decodedStream(content.stream, decoders, limits);
  return { head: { ...head, fields }, content: new StreamContent(stream, content.trailers) };
}

/** @param decoders made when they are needed, the one to be applied first at the beginning. */
function decodedStream(
  coded: ReadableStream<Uint8Array>,
  decoders: readonly (() => Transform)[],
  limits: DecodingLimits,
): ReadableStream<Uint8Array> {
  return transformedStream(new CodedContent(coded, decoders, limits));
}

class CodedContent implements TransformInput {
  readonly #coded: ReadableStreamDefaultReader<Uint8Array>;
  readonly #make: readonly (() => Transform)[];
  readonly #limits: DecodingLimits;
  #received = 0;
  /** What has come out of each decoder. */
  readonly #given: number[];

  constructor(coded: ReadableStream<Uint8Array>, make: readonly (() => Transform)[], limits: DecodingLimits) {
    this.#coded = coded.getReader();
    this.#make = make;
    this.#limits = limits;
    this.#given = make.map(() => 0);
  }

  /** Empty content is not decoded: servers name the coding of content that they do not send (RFC 9110 §8.4). */
  connect(): readonly Transform[] {
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
    const message = 'The content is not in the coding that Content-Encoding names (RFC 9110 §8.4)';
    return clientError('ERR_HTTP_CONTENT_CODING', message, error);
  }

  onOutput(octets: number, index: number): void {
    const { maxResponseSize, maxDecodingRatio } = this.#limits;
    const given = this.#given[index]! + octets;
    this.#given[index] = given;
    if (maxResponseSize > 0 && given > maxResponseSize)
      throw clientError(
        'ERR_HTTP_CONTENT_TOO_LARGE',
        `The response decodes to more than ${maxResponseSize} bytes (limits.maxResponseSize)`,
      );
    const isBomb = given > FREE_OCTETS && given > this.#received * maxDecodingRatio;
    if (maxDecodingRatio > 0 && isBomb) {
      const message = `The content decodes to more than ${maxDecodingRatio} times its size (limits.maxDecodingRatio)`;
      throw clientError('ERR_HTTP_CONTENT_CODING', message);
    }
  }
}
