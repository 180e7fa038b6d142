/**
 * By when the client of an HTTP/1 connection has to act, and what happens if it does not. `awaited.ts` says what the client owes at
 * each moment.
 */
import type { Socket } from 'node:net';
import { connectionReset, type ProtocolError, timedOut } from '../../fetch/errors.ts';
import { REJECTIONS } from '../../http1/rejections.ts';
import type { Expiring } from '../../io/deadline.ts';
import { isConnected, keepAlive } from '../../io/driven-socket.ts';
import type { Rejection } from '../../octets/rejection.ts';
import type { Ending } from '../observer.ts';
import type { Service } from '../service.ts';
import { type Awaited, OWED_BY_CLIENT, timeoutFor, type WaitingFacts, whatIsAwaited } from './awaited.ts';

/** What a deadline takes from its connection. */
export interface DeadlineHost extends WaitingFacts {
  readonly connection: WaitingFacts['connection'] & { readonly requestCount: number };
  readonly outbound: WaitingFacts['outbound'] & { hasProgressed(): boolean };
  /** Closes. @param lingers false when no answer is on its way that a reset could destroy. */
  end(lingers?: boolean, why?: Ending): void;
  /** Answers without the handler, and closes. */
  refuse(rejection: Rejection): void;
  /** The rest of the request will not come. */
  abandon(error: ProtocolError, rejection: Rejection): void;
  /** The reader of the content does not read: the rest of it is discarded. */
  giveReaderUp(): void;
  destroy(error: unknown): void;
}

export class Http1Deadline implements Expiring {
  deadline = Infinity;
  #awaited: Awaited = 'nothing';
  /** The request count when the deadline was set: the next request restarts the clock, more octets of this one do not. */
  #request = 0;
  readonly #socket: Socket;
  readonly #service: Service;
  readonly #host: DeadlineHost;

  constructor(socket: Socket, service: Service, host: DeadlineHost) {
    this.#socket = socket;
    this.#service = service;
    this.#host = host;
    service.sweep.add(this);
  }

  /** Sets the deadline for what the client owes from now on. @param hasProgressed it has sent something. */
  regulate(hasProgressed: boolean): void {
    const awaited = whatIsAwaited(this.#host);
    const isNew = awaited !== this.#awaited || this.#host.connection.requestCount !== this.#request;
    if (isNew || (hasProgressed && awaited === 'content')) this.await(awaited);
  }

  await(awaited: Awaited, latest = Infinity): void {
    this.#awaited = awaited;
    this.#request = this.#host.connection.requestCount;
    const { sweep, settings } = this.#service;
    this.deadline = Math.min(latest, sweep.after(timeoutFor(awaited, settings.timeouts)));
    if (awaited === 'drain') this.#host.outbound.hasProgressed();
  }

  /** The timeouts have become shorter. */
  hurry(): void {
    if (OWED_BY_CLIENT.includes(this.#awaited)) this.await(this.#awaited, this.deadline);
  }

  /** Nothing is owed any more. */
  stop(): void {
    this.#service.sweep.delete(this);
  }

  onDeadline(): void {
    this.deadline = Infinity;
    const host = this.#host;
    switch (this.#awaited) {
      case 'request':
        return host.end(false, 'idle');
      case 'discard':
        return host.end(true, 'unread content');
      case 'head':
        return host.refuse(REJECTIONS.HeadTimeout);
      case 'content':
        return host.abandon(
          timedOut('The content of the request did not arrive in time'),
          REJECTIONS.ContentTimeout,
        );
      case 'nothing':
        return keepAlive(this.#socket);
      case 'reader':
        return host.giveReaderUp();
      case 'liveness':
        keepAlive(this.#socket);
        if (isConnected(this.#socket)) return this.await('liveness');
        return host.destroy(connectionReset('The connection was reset by the client'));
      case 'drain':
        // Slow is not dead: as long as the client takes something, it has time.
        if (host.outbound.hasProgressed()) return this.await('drain');
        return host.destroy(timedOut('The client did not take the response in time'));
      default:
        return host.destroy(timedOut('The connection was idle for too long'));
    }
  }
}
