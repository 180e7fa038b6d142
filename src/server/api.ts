/**
 * What an application gives to {@link serve}, and what it is handed for each exchange.
 *
 * Names, shapes and rules are those of the Fetch Server API draft (WinterTC): sections "Handler model",
 * "ServerContext" and "ConnectContext". Where a member is Serval's own, its comment says so.
 */

import type { FieldsInit } from '../fetch/fields-init.ts';
import type { SocketAddress } from '../io/socket-address.ts';
import type { X509Certificate } from '../platform/node-objects.ts';
import type { WebSocketUpgradeInit } from '../websocket/options.ts';
import type { ServerWebSocket } from '../websocket/server-socket.ts';
import type { ServerStatus } from './status.ts';

/** An RFC 9218 priority: `urgency` 0 (highest) to 7, default 3; `incremental` default false. */
export interface RequestPriority {
  urgency: number;
  incremental: boolean;
}

/** The processing environment of one exchange (draft: ServerContext). */
export interface ServerContext {
  /** The runtime's own `Request`, made on first use: `fetch(ctx.request)` works. Always the same object. */
  readonly request: Request;
  /**
   * The other end of the connection. With `options.proxy`, the client as trusted proxies tell it; `family` is `""` and
   * `address` empty where they don't.
   */
  readonly remoteAddress: SocketAddress;
  readonly localAddress: SocketAddress;
  /** `"http/1.1"` when nothing was negotiated. */
  readonly alpnProtocol: string;
  readonly encrypted: boolean;
  /** The SNI name of a TLS connection, else `null`. */
  readonly serverName: string | null;
  /** The client's certificate, with `tls.requestCert`: verified, or `null`. Serval's own. */
  readonly peerCertificate: X509Certificate | null;
  /** What the client asked for in its `Priority` field (RFC 9218 §5), else the defaults. */
  readonly clientPriority: RequestPriority;
  /** Advisory: HTTP/1.x delivers one response at a time, so there is nothing to schedule. */
  serverPriority: RequestPriority | null;
  /** Never called for HTTP/1.x, which has no PRIORITY_UPDATE. */
  onpriority: ((priority: RequestPriority) => void) | null;
  /** Whether `100 Continue` is sent by itself when the content is first read (RFC 9110 §10.1.1). */
  readonly autoContinue: boolean;
  /**
   * Sends an interim response, for example 103 Early Hints (RFC 8297).
   *
   * @param status 100 to 199 and not 101.
   * @throws {RangeError} for any other status.
   * @throws {DOMException} `InvalidStateError` once the exchange is committed or denied, or for an unsolicited 100;
   *   `NotSupportedError` on HTTP/1.0, which has no interim responses (RFC 9110 §15.2).
   * @throws {TypeError} for a field that is not valid on the wire; nothing is sent then.
   */
  sendInformational(status: number, headers?: FieldsInit): void;
  /**
   * Declines the request without a `Response`: the client gets 503 and the connection closes.
   *
   * @throws {DOMException} `InvalidStateError` unless nothing has been sent yet.
   */
  deny(error?: unknown): void;
  /** Fulfils when the response was handed to the transport, rejects when the exchange was cut off. */
  readonly completed: Promise<void>;
  /**
   * Answers the handshake of a WebSocket (RFC 6455 §4.2; over HTTP/2: RFC 8441 §5), and returns the WebSocket, which is open. Its
   * first event comes after the handler's turn. In `fetch()`, which gets such a request when there is no `connect()`, what the
   * handler returns afterwards is dropped.
   *
   * @throws {DOMException} `InvalidStateError` if the request offers no WebSocket, or has been answered.
   * @throws {ProtocolError} for a handshake that breaks a rule. A handler that does not catch it leaves the answer to the server:
   *   400, 403 for a page of another origin, or 426 for another version.
   */
  upgradeWebSocket(init?: WebSocketUpgradeInit): ServerWebSocket;
  /** Keeps the exchange (and `server.close()`) waiting for `promise`, at most `timeouts.waitUntil`. */
  waitUntil(promise: Promise<unknown>): void;
  /**
   * The head as it stood on the wire, one character (U+0000 to U+00FF) an octet, empty line included. Serval's own;
   * nothing in it has been decoded, and nothing in it should be trusted.
   */
  readonly receivedHead: string;
  /**
   * Path and query of `request.url`: without dot segments, and otherwise as the client sent them. `*` for `OPTIONS *`, and empty for
   * CONNECT. Serval's own.
   */
  readonly path: string;
  /** Status of the server that received the request. Serval's own. */
  readonly server: ServerStatus;
}

/** The octets of a connection that has left HTTP (draft: Tunnel). */
export interface Tunnel extends AsyncDisposable {
  /** What the client sends; ends at its FIN. Cancelling it destroys the tunnel. */
  readonly readable: ReadableStream<Uint8Array>;
  /** What the client gets; closing it sends FIN. Aborting it destroys the tunnel. */
  readonly writable: WritableStream<Uint8Array>;
  /** @throws {DOMException} `NotSupportedError`: not yet. */
  capsules(): never;
  /** @throws {DOMException} `NotSupportedError`: not yet. */
  datagrams(): never;
  /** Ends the sending direction; the tunnel is closed when the client has ended its own. */
  close(): void;
  destroy(error?: unknown): void;
  /** Fulfils when both directions have ended, rejects when the tunnel was cut off. */
  readonly closed: Promise<void>;
}

/** The environment of a CONNECT or an `Upgrade` request (draft: ConnectContext). */
export interface ConnectContext extends ServerContext {
  /** The first protocol the `Upgrade` field names, lower-cased; `null` for CONNECT. */
  readonly connectProtocol: string | null;
  /** Answers 101 to an upgrade, 200 to CONNECT, and hands over the octets of the connection. */
  accept(init?: { headers?: FieldsInit }): Promise<Tunnel>;
  /** @throws {DOMException} `NotSupportedError`: HTTP/1.x can't carry it. */
  upgradeWebTransport(): never;
}

export type Answer<T> = T | Promise<T>;
/** A `Response`, or nothing where the draft allows it. `void`, so that a method without `return` fits. */
// biome-ignore lint/suspicious/noConfusingVoidType: that is what it is here.
export type MaybeResponse = Response | undefined | void;

/** A plain handler: `ctx` comes twice, where Bun and Deno look (second) and where Workers look (third). */
export interface FetchFunction {
  /** For tests: with the request alone. `never` leaves the type of `ctx` in handlers as it is. */
  (request: Request, ...none: never[]): Answer<Response>;
  (request: Request, ctx: ServerContext, ...again: ServerContext[]): Answer<Response>;
}

/** The key of the protocol marker (draft, "Declarative export and protocol identification"). */
export const PROTOCOL_MARKER: unique symbol = Symbol.for('wintertc.server.protocol') as never;

/** `ctx.deny(FALL_THROUGH)` in `connect()` declines an upgrade and lets `fetch()` answer (draft, "Upgrade fall-through"). */
export const FALL_THROUGH: unique symbol = Symbol.for('wintertc.server.fallthrough') as never;

/** What a server may call besides `fetch`: methods of a handler with the draft's marker, or options of `serve`. */
export interface ConnectAndError {
  /** Gets CONNECT, and requests that offer an `Upgrade`. Without it, CONNECT is answered 501 and an offer is ignored. */
  connect?(ctx: ConnectContext): Answer<MaybeResponse>;
  /** May answer when a handler faulted before anything was committed; `undefined` leaves the default (500, or 502). */
  error?(ctx: ServerContext, error: unknown): Answer<MaybeResponse>;
}

/**
 * A handler object without a marker, as Hono, h3, Bun and Deno write them. Its `fetch` is called as a plain function is; its
 * other members are its own business.
 */
export interface PlainHandlerObject {
  // biome-ignore lint/suspicious/noExplicitAny: frameworks each have types of their own for what comes behind the request.
  fetch(request: Request, ctx?: any, again?: any): Answer<Response>;
}

/** The `fetch` of a framework on its own, as in `serve(app.fetch)`. */
export type FrameworkFunction = PlainHandlerObject['fetch'];

/** A handler object without a marker that is written for Serval: its `fetch` is typed as a function would be. */
export interface PlainHandlerLiteral {
  fetch: FetchFunction;
  /** Not for objects with a marker, whose `fetch` takes one context. Classes of frameworks are {@link PlainHandlerObject}s. */
  readonly [marker: symbol]: never;
}

/** A handler object of the draft: marked, and called with one context. */
export interface MarkedHandlerObject extends ConnectAndError {
  readonly [PROTOCOL_MARKER]: 1;
  fetch(ctx: ServerContext): Answer<MaybeResponse>;
}

/** The same with the marker spelled as in the draft, `[Symbol.for('wintertc.server.protocol')]: 1`, whose type has no name. */
export interface DraftHandlerObject extends ConnectAndError {
  readonly [marker: symbol]: unknown;
  fetch(ctx: ServerContext): Answer<MaybeResponse>;
}

export type Handler = FetchFunction | MarkedHandlerObject | PlainHandlerObject;
