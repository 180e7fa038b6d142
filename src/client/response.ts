/**
 * The response that `fetch` gives: `instanceof Response` and complete in every member, but nothing in it is made before it
 * is asked for. The runtime's own class is several times dearer than the whole exchange.
 */

import { type Content, StreamContent } from '../fetch/content/content.ts';
import { assertUnused, bodyMixin, CONTENT } from '../fetch/light-body.ts';
import { ReceivedHeaders } from '../fetch/received-headers.ts';
import { baseOf, passFor } from '../fetch/stand-in.ts';
import type { OwnBytes } from '../platform/web-standards.ts';
import type { ResponseFacts } from './received-head.ts';

const NativeResponse = globalThis.Response;

const NO_TRAILERS = Promise.resolve(new Headers());

/** What `fetch` gives: Fetch's `Response`, with two members of our own. */
export type ClientResponse = Response & {
  /** Trailer fields, once the content has been read to its end (RFC 9110 §6.5). */
  readonly trailers: Promise<Headers>;
  /** `1.0`, `1.1` or `2`: what the server speaks. */
  readonly httpVersion: string;
  /** Fetch's, which is younger than some of the runtimes. */
  bytes(): Promise<OwnBytes>;
};

export class LightClientResponse extends bodyMixin(baseOf(NativeResponse)) {
  readonly url: string;
  readonly redirected: boolean;
  readonly #head: ResponseFacts;
  #content: Content | undefined;
  #headers: Headers | undefined;

  /** @param content `undefined` when there is no body at all, as in the answer to HEAD. */
  constructor(head: ResponseFacts, content: Content | undefined, url: string, redirected: boolean) {
    super();
    this.#head = head;
    this.#content = content;
    this.url = url;
    this.redirected = redirected;
  }

  get status(): number {
    return this.#head.status;
  }

  get statusText(): string {
    return this.#head.reason ?? '';
  }

  get ok(): boolean {
    return this.#head.status < 300;
  }

  get httpVersion(): string {
    const { minor } = this.#head;
    return minor === undefined ? '2' : `1.${Math.min(minor, 1)}`;
  }

  get headers(): Headers {
    this.#headers ??= new ReceivedHeaders(this.#head.fields);
    return this.#headers;
  }

  get [CONTENT](): Content | undefined {
    return this.#content;
  }

  get trailers(): Promise<Headers> {
    return this.#content?.trailers ?? NO_TRAILERS;
  }

  /** @throws {TypeError} if the body has been read. */
  clone(): LightClientResponse {
    const content = this.#content;
    if (content === undefined)
      return new LightClientResponse(this.#head, undefined, this.url, this.redirected);
    assertUnused(content);
    const [ours, theirs] = content.stream.tee();
    this.#content = new StreamContent(ours, content.trailers);
    const copy = new StreamContent(theirs, content.trailers);
    return new LightClientResponse(this.#head, copy, this.url, this.redirected);
  }

  get type() {
    return 'default' as const;
  }
}

passFor(LightClientResponse, NativeResponse, ['url', 'status', 'statusText', 'headers', 'bodyUsed']);
