/** A connection that is being made: it ends as an open socket, or with the error of all requests that wait for it. */
import type { Socket } from 'node:net';
import type { DeadlineSweep, Expiring } from '../../io/deadline.ts';
import { type ClientError, clientError } from '../errors.ts';
import type { ClientSettings } from '../options.ts';
import type { WireConnection } from './wire-observer.ts';

export type ConnectionFacts = Omit<WireConnection, 'isReused'>;

/** What a connection that is being made needs of its pool. */
export interface ConnectingOwner {
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  onConnected(connecting: Connecting, socket: Socket, facts: ConnectionFacts): void;
  onConnectFailed(connecting: Connecting, error: ClientError): void;
}

export class Connecting implements Expiring {
  deadline: number;
  readonly #socket: Socket;
  readonly #owner: ConnectingOwner;
  readonly #begunAt = performance.now();
  #lookedUpAt: number | undefined;

  constructor(socket: Socket, owner: ConnectingOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.deadline = owner.sweep.after(owner.settings.timeouts.connect);
    owner.sweep.add(this);
    socket.once('lookup', this.#onLookup);
    socket.once('connect', this.#onConnect);
    socket.once('error', this.#onError);
  }

  readonly #onLookup = (): void => {
    this.#lookedUpAt = performance.now();
  };

  readonly #onConnect = (): void => {
    const socket = this.#socket;
    socket.off('error', this.#onError);
    this.#owner.sweep.delete(this);
    this.#owner.onConnected(this, socket, {
      remoteAddress: socket.remoteAddress,
      remotePort: socket.remotePort,
      begunAt: this.#begunAt,
      lookedUpAt: this.#lookedUpAt,
      connectedAt: performance.now(),
    });
  };

  readonly #onError = (cause: Error): void => {
    this.#fail(clientError('ERR_HTTP_CONNECT_ERROR', `No connection: ${cause.message}`, cause));
  };

  onDeadline(): void {
    this.#fail(clientError('ERR_HTTP_TIMEOUT', 'The connection was not established in time'));
  }

  /** Ends the attempt. The owner is not called any more. */
  cancel(): void {
    this.#owner.sweep.delete(this);
    this.#socket.off('connect', this.#onConnect);
    this.#socket.destroy();
  }

  #fail(error: ClientError): void {
    this.cancel();
    this.#owner.onConnectFailed(this, error);
  }
}
