/**
 * The connections to one origin, and the requests that wait for one. A connection carries one request at a time. A request
 * gets the idle connection that was used last, or else a new one. When the limit is reached, requests wait in order.
 */
import type { Socket } from 'node:net';
import type { DeadlineSweep } from '../../io/deadline.ts';
import { type ClientError, clientError } from '../errors.ts';
import type { ClientExchange } from '../exchange.ts';
import type { ClientSettings } from '../options.ts';
import { Connecting, type ConnectingOwner, type ConnectionFacts } from './connecting.ts';
import { Http1Connection, type Http1Owner } from './http1-connection.ts';
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

export class Pool implements ConnectingOwner, Http1Owner {
  readonly key: string;
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  readonly #owner: PoolOwner;
  readonly #route: Route;
  readonly #connections = new Set<Http1Connection>();
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

  /** Connections that waiting requests are going to get. */
  get #promised(): number {
    return this.#connecting.size + this.#settling.size;
  }

  dispatch(exchange: ClientExchange): void {
    const connection = this.#takeIdle();
    if (connection !== undefined) {
      if (exchange.isRepeatable) return connection.begin(exchange);
      this.#waiting.add(exchange);
      return this.#settle(connection);
    }
    const { maxConnections, maxQueue } = this.settings.limits;
    const waits = this.connections >= maxConnections;
    if (waits && maxQueue > 0 && this.#waiting.size - this.#promised >= maxQueue) {
      const message = `${maxQueue} requests are waiting for a connection already`;
      return exchange.fail(clientError('ERR_HTTP_QUEUE_FULL', message));
    }
    this.#waiting.add(exchange);
    if (!waits) this.#open();
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
    const connection = new Http1Connection(socket, facts, this);
    this.#connections.add(connection);
    this.onIdle(connection);
  }

  onConnectFailed(connecting: Connecting, error: ClientError): void {
    this.#connecting.delete(connecting);
    // The request that has waited longest fails, unless another connection is being made for it.
    const [exchange] = this.#waiting;
    if (exchange !== undefined && this.#promised < this.#waiting.size) {
      this.#waiting.delete(exchange);
      exchange.fail(error);
    }
    this.#onRoom();
  }

  onIdle(connection: Http1Connection): void {
    this.#serverPersists ||= connection.requestCount > 1;
    const [exchange] = this.#waiting;
    const isNew = connection.requestCount === 0;
    if (exchange === undefined || exchange.isRepeatable || isNew) this.#assign(connection);
    else this.#settle(connection);
  }

  onClosed(connection: Http1Connection): void {
    this.#connections.delete(connection);
    this.#settling.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#onRoom();
  }

  onRetry(exchange: ClientExchange): void {
    // The idle connections are as old as the one that turned out to be closed.
    this.#waiting.add(exchange);
    if (this.connections < this.settings.limits.maxConnections) this.#open();
    else this.#idle.pop()?.destroy();
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
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  #open(): void {
    this.#connecting.add(new Connecting(this.#route, this));
  }

  /** One connection less: a waiting request for which there will be none gets a new one. */
  #onRoom(): void {
    if (this.#waiting.size > this.#promised) this.#open();
    else this.#tellIfEmpty();
  }

  #tellIfEmpty(): void {
    if (this.connections === 0 && this.#waiting.size === 0) this.#owner.onPoolEmpty(this);
  }
}
