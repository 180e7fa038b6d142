/** What `serve` returns: a server and its listeners, as an application sees them (draft, "Server and Listener"). */

import type { SocketAddress } from '../io/socket-address.ts';
import type { Socket } from '../platform/node-objects.ts';
import type { DrainOptions } from './drain-options.ts';
import type { ListenOptions } from './options.ts';
import type { ServerStatus } from './status.ts';

/** A server: any number of listeners, and one handler. */
export interface Server extends ServerStatus, AsyncDisposable {
  /** While true, new requests get 503 with `Retry-After`. Nothing is closed. */
  busy: boolean;
  /** Fulfils after `close` or `drain`, rejects after `destroy` with its reason. */
  readonly closed: Promise<void>;
  /** Fulfils when the server listens at the address in the options of `serve`; rejects with EADDRINUSE and the like. Serval's own. */
  readonly ready: Promise<void>;
  /** The port of the first address at which it listens; `undefined` before `ready`, and for a unix socket. Serval's own. */
  readonly port: number | undefined;
  /**
   * A URL of the first address at which it listens, such as `http://127.0.0.1:4221/`. For all addresses of the machine the host is
   * `localhost`. `undefined` before `ready`, and for a unix socket. Serval's own.
   */
  readonly url: string | undefined;
  /**
   * Binds to one more address.
   *
   * @throws {Error} with the system's `code`: EADDRINUSE, EACCES, EADDRNOTAVAIL, ENOTFOUND.
   * @throws {DOMException} `InvalidStateError` when the server is closing or closed.
   */
  listen(options?: ListenOptions): Promise<Listener>;
  /** The listeners there are. */
  [Symbol.iterator](): IterableIterator<Listener>;
  /**
   * Answers a request of this process without a connection, for tests: `await server.fetch('/users/1')`. Handlers, limits and `ctx` are
   * those of a request from 127.0.0.1; only `ctx.accept()` and `ctx.upgradeWebSocket()` throw `NotSupportedError`. The server need not
   * listen. Serval's own.
   *
   * @param input a request, or its URL; a path is below `server.url`, or below `http://localhost/`.
   * @returns the response, when its head is complete. Rejects if the exchange is cut off before.
   * @throws {DOMException} `InvalidStateError` when the server is closing or closed.
   */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** The client's address, in Bun's form, where Hono's `getConnInfo` for Bun looks for it; `null` for another request. Serval's own. */
  requestIP(request: Request): SocketAddress | null;
  /**
   * Ends gracefully: accepts no connections, finishes requests in progress, and answers late requests 503. Fulfils when every
   * connection is closed and every promise given to `waitUntil` has settled.
   */
  close(): Promise<void>;
  /**
   * Ends without losing a request. During `delay`, only `draining` changes, so that load balancers which ask for readiness stop sending.
   * Then the server accepts no connections, and answers what arrives on open connections with `Connection: close`. After `grace` it
   * does what `close` does. A second call replaces the delay of the first: `drain()` begins at once. Serval's own.
   *
   * @throws {RangeError} for a wrong delay or grace.
   */
  drain(options?: DrainOptions): Promise<void>;
  /** Ends everything at once; `closed` rejects with `error`, or with an `AbortError`. */
  destroy(error?: unknown): void;
}

/** One address at which a server accepts connections. */
export interface Listener extends AsyncDisposable {
  /** While true, new requests get 503 with `Retry-After`. Nothing is closed. */
  busy: boolean;
  /** Fulfils after `close`, rejects after `destroy`. */
  readonly closed: Promise<void>;
  readonly address: SocketAddress;
  /** A URL of it, as `server.url`; `undefined` while it is not bound, and for a unix socket. Serval's own. */
  readonly url: string | undefined;
  /** Whether its connections are encrypted. Serval's own. */
  readonly encrypted: boolean;
  /** Whether it is bound and accepts connections. Serval's own. */
  readonly isListening: boolean;
  /** Connections that are served. Serval's own. */
  readonly connectionCount: number;
  /** Connections that wait for one of the others to end (`whenFull: 'wait'`). Serval's own. */
  readonly waitingCount: number;
  /** Serves a connection that was accepted elsewhere. Its socket has to allow half-open connections. Serval's own. */
  accept(socket: Socket): void;
  /** Accepts no connections, finishes requests in progress, and answers late requests 503. */
  close(): Promise<void>;
  /** Accepts no connections, and answers what arrives on open ones with `Connection: close`. After the grace it does what `close` does. Serval's own. */
  drain(options?: Omit<DrainOptions, 'delay'>): Promise<void>;
  /** Ends everything at once. */
  destroy(error?: unknown): void;
}
