/**
 * The request a handler is given: `instanceof Request` and complete in every member, but nothing in it is made before it is
 * asked for. The runtime's own class takes 4-7 µs to construct on Node, of 9 that the whole socket costs.
 *
 * What only the runtime's own can do (`clone`, being handed to `fetch`) is done by one that is made then and shares the
 * content: `native`, which is also `ctx.request`.
 */

import type { SocketAddress } from '../io/socket-address.ts';
import { endToEnd } from '../semantics/connection/hop-by-hop.ts';
import { NO_FIELDS } from '../semantics/field-section.ts';
import type { RequestHead } from '../semantics/request-head.ts';
import type { Content } from './content/content.ts';
import type { ReceivedContent } from './content/received-content.ts';
import { bodyMixin, CONTENT } from './light-body.ts';
import { OwnRequest } from './own-request.ts';
import { ReceivedHeaders } from './received-headers.ts';
import { requestUrl } from './request-url.ts';
import { baseOf, passFor } from './stand-in.ts';

const NativeRequest = globalThis.Request;

/** What a request takes from its exchange. */
export interface RequestSource {
  readonly head: RequestHead;
  /** `http://host:port`, normalised. */
  readonly origin: string;
  readonly remoteAddress: SocketAddress;
  /** `undefined` when the request has no content. */
  readonly content: ReceivedContent | undefined;
  /** Aborted when the exchange is. */
  readonly signal: AbortSignal;
}

export class LightRequest extends bodyMixin(baseOf(NativeRequest)) {
  readonly #source: RequestSource;
  #content: Content | undefined;
  #url: string | undefined;
  #headers: ReceivedHeaders | undefined;
  #native: OwnRequest | undefined;

  constructor(source: RequestSource) {
    super();
    this.#source = source;
    this.#content = source.content;
  }

  /** @returns `null` unless the request is one that a server received. */
  static remoteAddressOf(request: object): SocketAddress | null {
    const light = OwnRequest.originalOf(request) ?? request;
    return #source in light ? light.#source.remoteAddress : null;
  }

  get method(): string {
    return this.#source.head.method;
  }

  /** Scheme and authority of the connection and the Host field, path and query of the request-target (RFC 9112 §3.3). */
  get url(): string {
    this.#url ??= requestUrl(this.#source.origin, this.#source.head.path);
    return this.#url;
  }

  get headers(): Headers {
    return this.#receivedHeaders;
  }

  get #receivedHeaders(): ReceivedHeaders {
    this.#headers ??= new ReceivedHeaders(this.#source.head.fields);
    return this.#headers;
  }

  get [CONTENT](): Content | undefined {
    return this.#content;
  }

  set [CONTENT](content: Content | undefined) {
    this.#content = content;
  }

  /** The client's address, where srvx and h3 look for it; `undefined` when it is unknown. Serval's own. */
  get ip(): string | undefined {
    return this.#source.remoteAddress.address || undefined;
  }

  get signal(): AbortSignal {
    return this.#source.signal;
  }

  /** Trailer fields, once the content has been read to its end (RFC 9110 §6.5; draft, "The request"). */
  get trailers(): Promise<Headers> {
    return this.#source.content?.trailers ?? Promise.resolve(new Headers());
  }

  clone(): Request {
    return this.native.clone();
  }

  /** The runtime's own `Request`, with the fields as the handler has changed them. */
  get native(): Request {
    if (this.#native === undefined) {
      const headers = this.#receivedHeaders;
      const keeps = isPassedOn(this.#source.head);
      const fields = headers.pairs.filter(([name]) => keeps(name));
      this.#native = new OwnRequest(this, fields);
      headers.mirrorTo((this.#native as unknown as Request).headers);
    }
    return this.#native as unknown as Request;
  }

  // What a server has nothing to say about, as a `new Request(url)` has it.
  get cache() {
    return 'default' as const;
  }
  get credentials() {
    return 'same-origin' as const;
  }
  get destination() {
    return '' as const;
  }
  get duplex() {
    return 'half' as const;
  }
  get integrity() {
    return '';
  }
  get keepalive() {
    return false;
  }
  get mode() {
    return 'cors' as const;
  }
  get redirect() {
    return 'follow' as const;
  }
  get referrer() {
    return 'about:client';
  }
  get referrerPolicy() {
    return '' as const;
  }
  get isReloadNavigation() {
    return false;
  }
  get isHistoryNavigation() {
    return false;
  }
}

passFor(LightRequest, NativeRequest, ['method', 'url', 'headers', 'bodyUsed', 'signal']);
forwardHiddenMembers();

/**
 * Node 20 and 22 and Deno keep what a request holds in members with symbols for names. Those of a light request are those of
 * its native one, which is made when the runtime looks for them.
 */
function forwardHiddenMembers(): void {
  const sample = new NativeRequest('http://localhost/', { signal: new AbortController().signal });
  for (const key of Object.getOwnPropertySymbols(sample)) {
    Object.defineProperty(LightRequest.prototype, key, {
      configurable: true,
      get(this: LightRequest) {
        return (this.native as unknown as Record<symbol, unknown>)[key];
      },
    });
  }
}

/**
 * Whether every `new Request()` and `fetch()` takes a light request for one of their own. Those of Node 24 and later look for
 * private fields, which only their own constructor can install, and Bun forgets the method when there is a second argument.
 * `serval/globals` helps both.
 */
export function isTakenForNative(): boolean {
  const head = { method: 'DELETE', path: '/', fields: NO_FIELDS } as RequestHead;
  const { signal } = new AbortController();
  const remoteAddress = { address: '', port: 0, family: '' } as const;
  const light = new LightRequest({
    head,
    origin: 'http://localhost',
    remoteAddress,
    content: undefined,
    signal,
  });
  try {
    const copy = new globalThis.Request(light as unknown as Request, { headers: { a: 'b' } });
    return copy.method === 'DELETE';
  } catch {
    return false;
  }
}

/** The native request of a light one; anything else as it is. */
const asNative = <Input>(input: Input): Input | Request =>
  input instanceof LightRequest ? input.native : input;

/** `Request` and `fetch` that take light requests, and otherwise do what those of the runtime do. */
export function acceptingLight({
  Request: Native,
  fetch: nativeFetch,
}: Pick<typeof globalThis, 'Request' | 'fetch'>) {
  const fetch: typeof nativeFetch = (input, init) => nativeFetch(asNative(input), init);
  const Request = new Proxy(Native, {
    construct: (target, [input, ...rest], newTarget) =>
      Reflect.construct(target, [asNative(input), ...rest], newTarget),
  });
  return { Request, fetch };
}

/** What was said to this hop alone is not passed on with the request (RFC 9110 §7.6.1), but for an upgrade to take up. */
function isPassedOn(head: RequestHead): (name: string) => boolean {
  const offersUpgrade = typeof head.connect?.protocol === 'string';
  // Fetch sends no content with these.
  const losesContent = head.hasContent && (head.method === 'GET' || head.method === 'HEAD');
  const isOfMessage = endToEnd(head.fields.get('connection'));
  return (name) => {
    if (offersUpgrade && (name === 'upgrade' || name === 'connection')) return true;
    if (losesContent && name === 'content-length') return false;
    return name !== 'expect' && name !== 'trailer' && isOfMessage(name);
  };
}
