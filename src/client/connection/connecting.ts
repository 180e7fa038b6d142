/** A connection that is being made: it ends as an open socket, or with the error of the requests that wait for it. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { DeadlineSweep, Expiring } from '../../io/deadline.ts';
import { shareReading } from '../../io/driven-socket.ts';
import { type ClientError, clientError } from '../errors.ts';
import type { ClientSettings } from '../options.ts';
import { type AttemptsListener, ConnectionAttempts } from './connection-attempts.ts';
import { destinationOf, lookUp, needsLookup, openSocket, type Route } from './route.ts';
import { SocketSecurity } from './tls-origin.ts';
import type { WireConnection, WireSecurity } from './wire-observer.ts';

export type ConnectionFacts = Omit<WireConnection, 'isReused'>;

/** What a connection that is being made needs of its pool. */
export interface ConnectingOwner {
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  onConnected(connecting: Connecting, socket: Socket, facts: ConnectionFacts): void;
  onConnectFailed(connecting: Connecting, error: ClientError): void;
}

export class Connecting implements AttemptsListener, Expiring {
  deadline: number;
  readonly #route: Route;
  readonly #owner: ConnectingOwner;
  readonly #begunAt = performance.now();
  #lookedUpAt: number | undefined;
  #attempts: ConnectionAttempts | undefined;
  #connectedAt = 0;
  #handshake: TLSSocket | undefined;
  #isOver = false;

  constructor(route: Route, owner: ConnectingOwner) {
    this.#route = route;
    this.#owner = owner;
    this.deadline = owner.sweep.after(owner.settings.timeouts.connect);
    owner.sweep.add(this);
    if (needsLookup(route)) lookUp(route, this.#onLookedUp);
    else this.#connectTo([route.path ?? route.host]);
  }

  readonly #onLookedUp = (error: Error | null, addresses: readonly string[]): void => {
    if (this.#isOver || this.#lookedUpAt !== undefined) return;
    this.#lookedUpAt = performance.now();
    if (error === null) this.#connectTo(addresses);
    else this.#fail(clientError('ERR_HTTP_CONNECT_ERROR', `No connection: ${error.message}`, error));
  };

  #connectTo(addresses: readonly string[]): void {
    const { attemptDelay } = this.#route;
    const connect = (address: string): Socket => openSocket(this.#route, address);
    this.#attempts = new ConnectionAttempts(addresses, attemptDelay, connect, this);
  }

  onOpen(socket: Socket): void {
    this.#connectedAt = performance.now();
    const { tls } = this.#route;
    if (tls === undefined) {
      this.#finish(socket);
    } else this.#handshake = tls.handshake(socket, this.#onHandshake);
  }

  readonly #onHandshake = (socket: TLSSocket, error: ClientError | undefined): void => {
    if (this.#isOver) return;
    if (error === undefined) this.#finish(socket, performance.now(), new SocketSecurity(socket));
    else this.#fail(error);
  };

  #finish(socket: Socket, securedAt?: number, security?: WireSecurity): void {
    this.#isOver = true;
    this.#owner.sweep.delete(this);
    shareReading(socket);
    this.#owner.onConnected(this, socket, {
      remoteAddress: socket.remoteAddress,
      remotePort: socket.remotePort,
      begunAt: this.#begunAt,
      lookedUpAt: this.#lookedUpAt,
      connectedAt: this.#connectedAt,
      securedAt,
      security,
    });
  }

  onFailed(): void {
    const errors = this.#attempts!.outcomes.map(({ error }) => error!);
    const message = `No connection: ${errors.map((error) => error.message).join('; ')}`;
    const cause = errors.length === 1 ? errors[0] : new AggregateError(errors, message);
    this.#fail(clientError('ERR_HTTP_CONNECT_ERROR', message, cause));
  }

  onDeadline(): void {
    const where = destinationOf(this.#route);
    const message = `The connection to ${where} was not established in time: ${this.#whatIsMissing}`;
    this.#fail(clientError('ERR_HTTP_TIMEOUT', message));
  }

  get #whatIsMissing(): string {
    if (this.#attempts === undefined) return `no answer to the lookup of ${this.#route.host}`;
    if (this.#handshake !== undefined) return 'no answer to the TLS handshake';
    const outcomes = this.#attempts.outcomes.map(
      ({ address, error }) => error?.message ?? `no answer from ${address}`,
    );
    return outcomes.join('; ');
  }

  /** Ends the attempt. The owner is not called any more. */
  cancel(): void {
    this.#isOver = true;
    this.#owner.sweep.delete(this);
    this.#attempts?.cancel();
    this.#handshake?.destroy();
  }

  #fail(error: ClientError): void {
    this.cancel();
    this.#owner.onConnectFailed(this, error);
  }
}
