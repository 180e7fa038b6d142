/**
 * The connections to one origin, and the requests that wait for one.
 *
 * Over HTTP/1.1 a connection carries one request at a time. A request gets the idle connection that was used last, or else a new
 * one. When the limit is reached, requests wait in order. Over HTTP/2 all requests share one connection (RFC 9113 §9.1), and wait
 * when the server allows no more at once. As long as the server may choose HTTP/2, only one connection is being made.
 */
import type { Socket } from 'node:net';
import type { DeadlineSweep } from '../../io/deadline.ts';
import { type ClientError, clientError } from '../errors.ts';
import type { ClientExchange } from '../exchange.ts';
import type { ClientSettings } from '../options.ts';
import { Connecting, type ConnectingOwner, type ConnectionFacts } from './connecting.ts';
import { Http1Connection, type Http1Owner } from './http1-connection.ts';
import { Http2Connection, type Http2Owner } from './http2-connection.ts';
import type { Route } from './route.ts';

/** How long the FIN of a server may be behind its response. */
const FIN_PATIENCE_MS = 10;

/** The first immediate may run before the next poll of the event loop, the second one runs after it. */
const afterPoll = (callback: () => void): void => void setImmediate(setImmediate, callback);

/** What a pool needs of its client. */
export interface PoolOwner {
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  /** The pool has neither connections nor requests. */
  onPoolEmpty(pool: Pool): void;
}

export class Pool implements ConnectingOwner, Http1Owner, Http2Owner {
  readonly key: string;
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  readonly #owner: PoolOwner;
  readonly #route: Route;
  readonly #connections = new Set<Http1Connection | Http2Connection>();
  /** The connection that requests share, unless no request may begin on it any more. */
  #shared: Http2Connection | undefined;
  /** A request waits until a FIN that the server has sent on the shared connection is read. */
  #isSharedSettling = false;
  /** Those without a request, the one used last at the end. */
  readonly #idle: Http1Connection[] = [];
  /** In the order of arrival. A Set, so that a request that is given up leaves at once. */
  readonly #waiting = new Set<ClientExchange>();
  readonly #connecting = new Set<Connecting>();
  /** Idle connections that are kept for a waiting request. */
  readonly #settling = new Set<Http1Connection>();
  #isClosing = false;
  /** A connection has carried a second request to its end. */
  #serverPersists = false;

  constructor(key: string, route: Route, owner: PoolOwner) {
    this.key = key;
    this.settings = owner.settings;
    this.sweep = owner.sweep;
    this.#owner = owner;
    this.#route = route;
  }

  /** Connections, including those that are being made. */
  get connections(): number {
    return this.#connections.size + this.#connecting.size;
  }

  /** Requests share a connection, and need no new one. */
  get isShared(): boolean {
    return this.#shared !== undefined;
  }

  /** Connections that waiting requests are going to get. */
  get #promised(): number {
    return this.#connecting.size + this.#settling.size;
  }

  /** Only one connection may be made at a time, because all requests may share it. */
  get #opensOne(): boolean {
    return this.#route.hasPriorKnowledge || this.#route.tls?.mayBeHttp2 === true;
  }

  get #mayOpen(): boolean {
    if (this.#shared !== undefined || this.connections >= this.settings.limits.maxConnections) return false;
    return this.#connecting.size === 0 || !this.#opensOne;
  }

  /** How many of the waiting requests get a connection without waiting for the end of another request. */
  get #places(): number {
    if (this.#shared !== undefined) return 0;
    return this.#promised + this.settings.limits.maxConnections - this.connections;
  }

  dispatch(exchange: ClientExchange): void {
    if (this.#shared?.mayBegin && this.#shared.knowsAbout(exchange) && this.#waiting.size === 0)
      return this.#share(this.#shared, exchange);
    const connection = this.#takeIdle();
    if (connection !== undefined) {
      if (exchange.isRepeatable) return connection.begin(exchange);
      this.#waiting.add(exchange);
      return this.#settle(connection);
    }
    const { maxQueue } = this.settings.limits;
    if (maxQueue > 0 && this.#waiting.size - this.#places >= maxQueue) {
      const message = `${maxQueue} requests are waiting for a connection already`;
      return exchange.fail(clientError('ERR_HTTP_QUEUE_FULL', message));
    }
    this.#waiting.add(exchange);
    if (this.#mayOpen) this.#open();
  }

  /** Begins a request on the shared connection; one that can't be sent again not before a FIN has been read, as in `#settle`. */
  #share(connection: Http2Connection, exchange: ClientExchange): void {
    if (exchange.isRepeatable || !connection.isResting) return connection.begin(exchange);
    this.#waiting.add(exchange);
    this.#isSharedSettling = true;
    afterPoll(() => {
      this.#isSharedSettling = false;
      this.onRoom(connection);
    });
  }

  /** A waiting request is given up. */
  forget(exchange: ClientExchange): void {
    this.#waiting.delete(exchange);
    if (this.#isClosing) this.#closeIdle();
    this.#tellIfEmpty();
  }

  // --- what the connections report ---

  onConnected(connecting: Connecting, socket: Socket, facts: ConnectionFacts): void {
    this.#connecting.delete(connecting);
    if (this.#route.hasPriorKnowledge || facts.security?.alpnProtocol === 'h2')
      return this.#onHttp2(new Http2Connection(socket, facts, this));
    const connection = new Http1Connection(socket, facts, this);
    this.#connections.add(connection);
    this.onIdle(connection);
    this.#onChange();
  }

  #onHttp2(connection: Http2Connection): void {
    this.#connections.add(connection);
    if (this.#shared !== undefined) return connection.retire();
    this.#shared = connection;
    this.onRoom(connection);
  }

  onConnectFailed(connecting: Connecting, error: ClientError): void {
    this.#connecting.delete(connecting);
    // The request that has waited longest fails, unless another connection is being made for it. All that would share it fail.
    for (const exchange of [...this.#waiting]) {
      if (this.#promised >= this.#waiting.size || this.#shared !== undefined) break;
      this.#waiting.delete(exchange);
      exchange.fail(error);
      if (!this.#opensOne) break;
    }
    this.#onChange();
  }

  onRoom(connection: Http2Connection): void {
    if (connection !== this.#shared || this.#isSharedSettling) return;
    for (const exchange of this.#waiting) {
      if (!connection.mayBegin) return;
      if (!connection.knowsAbout(exchange)) continue;
      this.#waiting.delete(exchange);
      connection.begin(exchange);
    }
    if (this.#isClosing && this.#waiting.size === 0) connection.retire();
  }

  onHttp1Required(): boolean {
    this.#route.tls?.requireHttp1();
    return this.#route.tls !== undefined;
  }

  onRetired(connection: Http2Connection): void {
    if (connection !== this.#shared) return;
    this.#shared = undefined;
    this.#onChange();
  }

  onIdle(connection: Http1Connection): void {
    this.#serverPersists ||= connection.requestCount > 1;
    const [exchange] = this.#waiting;
    const isNew = connection.requestCount === 0;
    if (exchange === undefined || exchange.isRepeatable || isNew) this.#assign(connection);
    else this.#settle(connection);
  }

  onClosed(connection: Http1Connection | Http2Connection): void {
    this.#connections.delete(connection);
    if (connection === this.#shared) this.#shared = undefined;
    else if (connection instanceof Http1Connection) this.#forgetIdle(connection);
    this.#onChange();
  }

  #forgetIdle(connection: Http1Connection): void {
    this.#settling.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  onRetry(exchange: ClientExchange): void {
    // The idle connections are as old as the one that turned out to be closed.
    this.#waiting.add(exchange);
    if (this.#shared !== undefined) this.onRoom(this.#shared);
    else if (this.#mayOpen) this.#open();
    else if (this.#connecting.size === 0) this.#idle.pop()?.destroy();
  }

  // --- the end ---

  /** Closes idle connections, now and from now on. Requests in progress and waiting requests are finished. */
  close(): void {
    this.#isClosing = true;
    this.#closeIdle();
    this.#tellIfEmpty();
  }

  destroy(error: unknown): void {
    this.#isClosing = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const exchange of waiting) exchange.fail(error);
    for (const connecting of this.#connecting) connecting.cancel();
    this.#connecting.clear();
    for (const connection of [...this.#connections]) connection.abort(error);
    this.#tellIfEmpty();
  }

  /**
   * Keeps a connection for a waiting request that can't be sent again, until a FIN that the server has sent is read: such a
   * request must not meet a connection that the server is closing (RFC 9112 §9.3.1). A FIN that is in the kernel takes one
   * poll of the event loop. It may be later than that with servers that close each connection without announcing it.
   */
  #settle(connection: Http1Connection): void {
    this.#settling.add(connection);
    connection.rest();
    const onSettled = (): void => {
      if (this.#settling.delete(connection)) this.#assign(connection);
    };
    if (this.#serverPersists) afterPoll(onSettled);
    // Timers run before the event loop polls, so a late one must not be the last thing that is waited for.
    else setTimeout(() => afterPoll(onSettled), FIN_PATIENCE_MS);
  }

  /** Gives a free connection to the request that has waited longest. */
  #assign(connection: Http1Connection): void {
    const [exchange] = this.#waiting;
    if (exchange === undefined) {
      if (this.#isClosing) return connection.destroy();
      this.#idle.push(connection);
      connection.rest();
    } else if (exchange.needsFreshConnection && connection.requestCount > 0) {
      connection.destroy();
    } else {
      this.#waiting.delete(exchange);
      connection.begin(exchange);
    }
  }

  #takeIdle(): Http1Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.isFree) return connection;
      connection.destroy();
    }
  }

  #closeIdle(): void {
    if (this.#waiting.size === 0) this.#shared?.retire();
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  #open(): void {
    this.#connecting.add(new Connecting(this.#route, this));
  }

  /** There is one connection more or less: waiting requests for which there will be none get new ones. */
  #onChange(): void {
    while (this.#waiting.size > this.#promised && this.#mayOpen) this.#open();
    this.#tellIfEmpty();
  }

  #tellIfEmpty(): void {
    if (this.connections === 0 && this.#waiting.size === 0) this.#owner.onPoolEmpty(this);
  }
}
