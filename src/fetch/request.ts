/**
 * The request a handler is given: `instanceof Request` and complete in every member, but nothing in it is made before it is
 * asked for. The runtime's own class takes 4-7 µs to construct on Node, of 9 that the whole socket costs.
 *
 * What only the runtime's own can do (`clone`, being handed to `fetch`) is done by one that is made then and shares the
 * content: `native`, which is also `ctx.request`.
 */

import type { SocketAddress } from '../io/socket-address.ts';
import { endToEnd } from '../semantics/connection/hop-by-hop.ts';
import type { RequestHead } from '../semantics/request-head.ts';
import type { Content } from './content.ts';
import { bodyMixin, CONTENT } from './light-body.ts';
import type { ReceivedContent } from './received-content.ts';
import { ReceivedHeaders, toHeaders } from './received-headers.ts';
import { requestUrl } from './request-url.ts';

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

export class LightRequest extends bodyMixin(NativeRequest) {
  readonly #from: RequestSource;
  #url: string | undefined;
  #headers: ReceivedHeaders | undefined;
  #native: Request | undefined;

  constructor(from: RequestSource) {
    super();
    this.#from = from;
  }

  /** @returns `null` unless the request is one that a server received. */
  static remoteAddressOf(request: object): SocketAddress | null {
    return #from in request ? request.#from.remoteAddress : null;
  }

  get method(): string {
    return this.#from.head.method;
  }

  /** Scheme and authority of the connection and the Host field, path and query of the request-target (RFC 9112 §3.3). */
  get url(): string {
    this.#url ??= requestUrl(this.#from.origin, this.#from.head.path);
    return this.#url;
  }

  get headers(): Headers {
    this.#headers ??= new ReceivedHeaders(this.#from.head.fields);
    return this.#headers;
  }

  get [CONTENT](): Content | undefined {
    return this.#native?.body == null ? this.#from.content : new NativeContent(this.#native, this.trailers);
  }

  /** The client's address, where srvx and h3 look for it; `undefined` when it is unknown. Serval's own. */
  get ip(): string | undefined {
    return this.#from.remoteAddress.address || undefined;
  }

  get signal(): AbortSignal {
    return this.#from.signal;
  }

  /** Trailer fields, once the content has been read to its end (RFC 9110 §6.5; draft, "The request"). */
  get trailers(): Promise<Headers> {
    return this.#from.content?.trailers ?? Promise.resolve(new Headers());
  }

  clone(): Request {
    return this.native.clone();
  }

  /** The runtime's own `Request`, for those who can't do without. It reads from the same content. */
  get native(): Request {
    this.#native ??= this.#makeNative();
    return this.#native;
  }

  #makeNative(): Request {
    const { head, content, signal } = this.#from;
    // Fetch allows no content with GET and HEAD, no CONNECT, TRACE and TRACK, and upper-cases some: the method is put right
    // afterwards, and content that can't be handed over stays where it is.
    const standIn = content === undefined || BODILESS.has(head.method) ? 'GET' : 'POST';
    const init = { method: standIn, headers: toHeaders(head.fields.filter(isEndToEnd(head))), signal };
    const hasBody = standIn === 'POST';
    const body = hasBody ? { body: content!.isUsed ? '' : content!.stream, duplex: 'half' } : {};
    const native = new NativeRequest(this.url, { ...init, ...body } as RequestInit);
    if (hasBody && content!.isUsed) void native.text();
    Object.defineProperties(native, {
      method: { value: head.method, configurable: true, enumerable: true },
      trailers: { get: () => this.trailers, configurable: true },
    });
    return native;
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

/** The content of a native request, which reads it by its own means. */
class NativeContent implements Content {
  readonly trailers: Promise<Headers>;
  readonly isLocked = false;
  readonly #native: Request;

  constructor(native: Request, trailers: Promise<Headers>) {
    this.#native = native;
    this.trailers = trailers;
  }

  get stream(): ReadableStream<Uint8Array> {
    return this.#native.body as ReadableStream<Uint8Array>;
  }

  // Its own methods refuse what has been read.
  get isUsed(): boolean {
    return this.#native.bodyUsed;
  }

  async collect(): Promise<Uint8Array> {
    return new Uint8Array(await this.#native.arrayBuffer());
  }
}

const BODILESS = new Set(['GET', 'HEAD', 'CONNECT', 'TRACE', 'TRACK']);

/**
 * Fields about this hop alone are not passed on with the request (RFC 9110 §7.6.1), except an offer to upgrade. `Expect` and
 * `Trailer` announce what the runtime's own class does not do.
 */
function isEndToEnd(head: RequestHead): (name: string) => boolean {
  const offersUpgrade = typeof head.connect?.protocol === 'string';
  const isOfMessage = endToEnd(head.fields.get('connection'));
  return (name) => {
    if (offersUpgrade && (name === 'upgrade' || name === 'connection')) return true;
    return name !== 'expect' && name !== 'trailer' && isOfMessage(name);
  };
}

type RequestInit = NonNullable<ConstructorParameters<typeof Request>[1]>;

Object.defineProperty(LightRequest.prototype, Symbol.toStringTag, { value: 'Request', configurable: true });
