/**
 * The response that `fetch` gives: `instanceof Response` and complete in every member, but nothing in it is made before it
 * is asked for. The runtime's own class is several times dearer than the whole exchange.
 */

import { toArrayBuffer, toBlob, toBytes, toFormData, toJson, toText } from '../fetch/body-conversions.ts';
import { ReceivedHeaders } from '../fetch/received-headers.ts';
import type { ResponseHead } from '../http1/head/response-head.ts';
import { type Content, StreamContent } from './content/content.ts';

const NO_OCTETS = new Uint8Array(0);
const NO_TRAILERS = Promise.resolve(new Headers());

/** What `fetch` gives: Fetch's `Response`, with two members of our own. */
export type ClientResponse = Response & {
  /** Trailer fields, once the content has been read to its end (RFC 9110 §6.5). */
  readonly trailers: Promise<Headers>;
  /** `1.0` or `1.1`: what the server speaks. */
  readonly httpVersion: string;
  /** Fetch's, which is younger than some of the runtimes. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
};

export class LightClientResponse {
  readonly url: string;
  readonly redirected: boolean;
  readonly #head: ResponseHead;
  #content: Content | undefined;
  #headers: Headers | undefined;

  /** @param content `undefined` when there is no body at all, as in the answer to HEAD. */
  constructor(head: ResponseHead, content: Content | undefined, url: string, redirected: boolean) {
    this.#head = head;
    this.#content = content;
    this.url = url;
    this.redirected = redirected;
  }

  get status(): number {
    return this.#head.status;
  }

  get statusText(): string {
    return this.#head.reason;
  }

  get ok(): boolean {
    return this.#head.status < 300;
  }

  get httpVersion(): string {
    return `1.${Math.min(this.#head.minor, 1)}`;
  }

  get headers(): Headers {
    this.#headers ??= new ReceivedHeaders(this.#head.fields);
    return this.#headers;
  }

  get body(): ReadableStream<Uint8Array> | null {
    return this.#content?.stream ?? null;
  }

  get bodyUsed(): boolean {
    return this.#content?.isUsed ?? false;
  }

  get trailers(): Promise<Headers> {
    return this.#content?.trailers ?? NO_TRAILERS;
  }

  text(): Promise<string> {
    return this.#consume(toText);
  }

  json(): Promise<unknown> {
    return this.#consume(toJson);
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#consume(toArrayBuffer);
  }

  bytes(): Promise<Uint8Array> {
    return this.#consume(toBytes);
  }

  blob(): Promise<Blob> {
    return this.#consume((octets) => toBlob(octets, this.#contentType));
  }

  formData(): Promise<FormData> {
    return this.#consume((octets) => toFormData(octets, this.#contentType));
  }

  /** @throws {TypeError} if the body has been read. */
  clone(): LightClientResponse {
    const content = this.#content;
    if (content === undefined)
      return new LightClientResponse(this.#head, undefined, this.url, this.redirected);
    if (content.isUsed || content.isLocked) throw new TypeError('Body is unusable: it has already been read');
    const [ours, theirs] = content.stream.tee();
    this.#content = new StreamContent(ours, content.trailers);
    const copy = new StreamContent(theirs, content.trailers);
    return new LightClientResponse(this.#head, copy, this.url, this.redirected);
  }

  async #consume<T>(convert: (octets: Uint8Array) => T | Promise<T>): Promise<T> {
    const content = this.#content;
    if (content === undefined) return convert(NO_OCTETS);
    if (content.isUsed || content.isLocked) throw new TypeError('Body is unusable: it has already been read');
    return convert(await content.collect());
  }

  get #contentType(): string {
    return this.#head.fields.get('content-type') ?? '';
  }

  get type() {
    return 'default' as const;
  }
}

Object.setPrototypeOf(LightClientResponse.prototype, globalThis.Response.prototype);
Object.defineProperty(LightClientResponse.prototype, Symbol.toStringTag, {
  value: 'Response',
  configurable: true,
});
