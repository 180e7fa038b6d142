/**
 * Drives one connection to a server: requests of the pool's exchanges to the socket, octets from it to
 * `http1/client-connection`, and what they mean back to the exchange. It decides when the socket is read, and by when the
 * server has to have done what it owes.
 *
 * A connection that anything at all went wrong on is destroyed: the next exchange never meets what another one left.
 */
import type { Socket } from 'node:net';
import { ClientConnection } from '../../http1/client-connection.ts';
import type { ResponseHead } from '../../http1/head/response-head.ts';
import type { Expiring } from '../../io/deadline.ts';
import { attach, pause, resume, type SocketEvents } from '../../io/driven-socket.ts';
import { nativeLatin1 } from '../../io/latin1.ts';
import { Outbound } from '../../io/outbound.ts';
import { CONTENT, CONTENT_END, INTERIM, MESSAGE_HEAD, REJECTED } from '../../octets/results.ts';
import { brokenOff, type ClientError, clientError, responseRefused } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { type Awaited, overdue, timeoutFor, whatIsAwaited } from './awaited.ts';
import { ConnectionTimes } from './connection-times.ts';
import type { DriverOwner } from './driver-owner.ts';
import { KeepAliveHint } from './keep-alive-hint.ts';
import { RequestSender } from './request-sender.ts';

/** Octets of a body nobody wants that are read and thrown away to keep the connection (RFC 9112 §9.3). */
const MOST_DISCARDED = 64 * 1024;
type Phase = 'connecting' | 'open' | 'closed';

export class ClientConnectionDriver implements SocketEvents, Expiring {
  deadline = Infinity;
  isPaused = false;
  readonly socket: Socket;
  readonly connection: ClientConnection;
  readonly outbound: Outbound;

  readonly #owner: DriverOwner;
  readonly #times: ConnectionTimes;
  readonly #hint: KeepAliveHint;
  #phase: Phase = 'connecting';
  #awaited: Awaited = 'nothing';
  #exchange: Exchange | undefined;
  #sender: RequestSender | undefined;
  #awaitsContinue = false;
  #isPumping = false;
  /** Octets that may still be thrown away, when nobody wants them; else -1. */
  #discardable = -1;
  /** The server will send nothing more: by its FIN, or because the connection was lost. */
  #end: { readonly error: ClientError | undefined } | undefined;
  #onDrained: (() => void) | undefined;

  constructor(socket: Socket, owner: DriverOwner) {
    this.socket = socket;
    this.#owner = owner;
    this.connection = new ClientConnection(owner.settings.responseLimits, nativeLatin1);
    this.outbound = new Outbound(socket);
    this.#times = new ConnectionTimes(socket);
    this.#hint = new KeepAliveHint(owner.settings.timeouts.idle);
    attach(socket, this);
    socket.once('connect', () => this.#onConnect());
    owner.sweep.add(this);
    this.#await('connect');
  }

  /** Whether a request may begin now. */
  get isFree(): boolean {
    return (
      this.#phase === 'open' &&
      this.#exchange === undefined &&
      this.#end === undefined &&
      this.connection.isFree
    );
  }

  get wasUsed(): boolean {
    return this.connection.requestCount > 0;
  }

  #onConnect(): void {
    if (this.#phase !== 'connecting') return;
    this.#phase = 'open';
    this.#owner.onConnected(this);
  }

  /** Nothing to do for now: it does not keep the process alive. */
  rest(): void {
    this.socket.unref();
    this.#await('idle', this.#hint.idleTimeout);
  }

  /** Begins an exchange. The connection is free. */
  begin(exchange: Exchange): void {
    const { observer } = exchange.request;
    observer?.onConnection?.(this.#times.describe(this.wasUsed));
    let head: string;
    try {
      head = this.connection.beginRequest(exchange.start);
    } catch (error) {
      exchange.fail(error);
      this.#owner.onIdle(this);
      return;
    }
    this.#exchange = exchange;
    exchange.onConnection(this);
    this.socket.ref();
    observer?.onRequestHead?.(head);
    this.outbound.text(head);
    const { body } = exchange.request;
    if (body === undefined) this.onRequestEnd();
    else {
      this.#sender = new RequestSender(body, exchange.request, this);
      this.#awaitsContinue = exchange.start.fields.expectsContinue;
      if (!this.#awaitsContinue) this.#sender.begin();
    }
    this.afterOutput();
  }

  onRequestEnd(): void {
    this.connection.endRequest();
    this.#exchange?.request.observer?.onRequestEnd?.();
  }

  onRequestFailed(error: unknown): void {
    this.abort(error);
  }

  /** Something has been written, and there is nothing else to wait for. */
  afterOutput(): void {
    if (this.#phase !== 'open') return;
    this.outbound.flush();
    this.#regulate(false);
  }

  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDrained = resolve;
    });
  }

  onDrain(): void {
    this.outbound.isBlocked = false;
    this.#wake();
    if (this.#phase === 'open') this.#regulate(false);
  }

  #wake(): void {
    const onDrained = this.#onDrained;
    this.#onDrained = undefined;
    onDrained?.();
  }

  /** The server wants the content, or has been asked long enough. */
  #sendContent(): void {
    if (!this.#awaitsContinue) return;
    this.#awaitsContinue = false;
    this.#sender?.begin();
    this.afterOutput();
  }

  /** What is left of the request is not sent: nothing the server could understand can follow on this connection. */
  #stopSending(reason: string): void {
    if (this.connection.requestIsComplete) return;
    this.#awaitsContinue = false;
    this.#sender?.stop(clientError('ERR_HTTP_REQUEST_CANCELLED', reason));
    this.connection.abandonRequest();
    this.#wake();
  }

  // --- what comes in ---

  onOctets(octets: Uint8Array): void {
    if (this.#phase === 'closed') return;
    this.connection.receive(octets);
    this.#pump(true);
  }

  #pump(hasReceived: boolean): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#mayDecode && this.#step(this.connection.next())) {}
    } finally {
      this.#isPumping = false;
    }
    if (this.#phase === 'open') this.#regulate(hasReceived);
  }

  get #mayDecode(): boolean {
    if (this.#exchange === undefined) return this.#phase === 'open';
    return this.#discardable >= 0 || this.#exchange.acceptsContent;
  }

  /** @returns whether there may be more to decode. */
  #step(result: number): boolean {
    const exchange = this.#exchange;
    switch (result) {
      case INTERIM:
        return this.#onInterim(exchange!, this.connection.response!);
      case MESSAGE_HEAD:
        this.#onHead(exchange!, this.connection.response!);
        return true;
      case CONTENT:
        exchange!.onContent(this.connection.content);
        return this.#discardable < 0 || this.#discard(this.connection.content.length);
      case CONTENT_END:
        exchange!.onContentEnd(this.connection.trailers);
        this.#onResponseEnd();
        return true;
      case REJECTED:
        this.#lose(responseRefused(this.connection.rejection));
        return false;
      default:
        if (this.#end !== undefined) this.#onInputEnd(this.#end.error);
        return false;
    }
  }

  #onInterim(exchange: Exchange, head: ResponseHead): boolean {
    // The clock of the final head starts again.
    this.#awaited = 'nothing';
    if (head.status === 100) this.#sendContent();
    try {
      exchange.onInterim(head);
    } catch (error) {
      // What the caller's own function throws is the caller's.
      this.abort(error);
      return false;
    }
    return true;
  }

  #onHead(exchange: Exchange, head: ResponseHead): void {
    const hint = head.fields.get('keep-alive');
    if (hint !== null) this.#hint.heed(hint);
    // RFC 9110 §10.1.1: without a 100 the content was not wanted. RFC 9112 §9.5: after an error it is not, either.
    const isUnwanted = this.#awaitsContinue || head.status >= 400;
    if (isUnwanted) this.#stopSending('The server has answered without the content');
    exchange.onHead(head);
    if (this.connection.responseIsComplete) this.#onResponseEnd();
  }

  #onResponseEnd(): void {
    this.#stopSending('The response is complete');
    const exchange = this.#exchange;
    // An observer may have aborted it.
    if (exchange === undefined) return;
    this.#exchange = undefined;
    this.#sender = undefined;
    this.#discardable = -1;
    exchange.onConnectionDone();
    if (this.isFree && this.#hint.remainingRequests > 0) this.#owner.onIdle(this);
    else this.destroy();
  }

  /** All that came has been decoded, and nothing more will come. */
  #onInputEnd(error: ClientError | undefined): void {
    if (this.#exchange === undefined) return this.destroy();
    if (error === undefined) {
      const result = this.connection.receiveEnd();
      if (result === CONTENT_END) {
        this.#exchange.onContentEnd(this.connection.trailers);
        return this.#onResponseEnd();
      }
    }
    this.#lose(error ?? brokenOff(this.connection.responseHasBegun));
  }

  onContentWanted(): void {
    this.#pump(false);
  }

  /** The reader wants none of what is still to come: little of it is thrown away, for much the connection is. */
  onContentRefused(): void {
    this.#discardable = MOST_DISCARDED;
    const { contentRemaining } = this.connection;
    if (contentRemaining === Infinity || contentRemaining <= MOST_DISCARDED) this.#pump(false);
    else this.#discard(contentRemaining);
  }

  /** @returns whether there may be more of it. */
  #discard(octets: number): boolean {
    this.#discardable -= octets;
    if (this.#discardable >= 0) return true;
    const exchange = this.#exchange;
    this.giveUp(undefined);
    exchange?.onConnectionDone();
    return false;
  }

  /** The exchange is over for its caller. */
  giveUp(reason: unknown): void {
    this.#exchange = undefined;
    this.#sender?.stop(reason);
    this.destroy();
  }

  /** Ends the connection, and with it its exchange. */
  abort(error: unknown): void {
    const exchange = this.#exchange;
    this.giveUp(error);
    exchange?.fail(error);
  }

  // --- pausing, and time ---

  #regulate(hasProgressed: boolean): void {
    const isFull = this.#exchange !== undefined && !this.#mayDecode;
    if (isFull !== this.isPaused) {
      this.isPaused = isFull;
      if (isFull) pause(this.socket);
      else resume(this.socket);
    }
    if (this.#exchange === undefined) return;
    const awaited = this.#whatIsAwaited();
    // Octets put off what is awaited of content; of a head they don't: somebody could send one for ever.
    if (awaited !== this.#awaited || (hasProgressed && awaited === 'receive')) this.#await(awaited);
  }

  #whatIsAwaited(): Awaited {
    const { response, requestIsComplete } = this.connection;
    return whatIsAwaited({
      isBlocked: this.outbound.isBlocked,
      awaitsContinue: this.#awaitsContinue,
      requestIsComplete,
      isAnswered: response !== undefined && response.status >= 200,
      wantsContent: this.#exchange!.wantsContent,
      discards: this.#discardable >= 0,
    });
  }

  #await(awaited: Awaited, timeout?: number): void {
    this.#awaited = awaited;
    const { sweep, settings } = this.#owner;
    this.deadline = sweep.after(timeout ?? timeoutFor(awaited, settings.timeouts));
    if (awaited === 'send') this.outbound.hasProgressed();
  }

  onDeadline(): void {
    this.deadline = Infinity;
    const awaited = this.#awaited;
    if (awaited === 'continue') return this.#sendContent();
    // Slow is not dead: as long as the server takes something, it has time.
    if (awaited === 'send' && this.outbound.hasProgressed()) return this.#await('send');
    const message = overdue(awaited);
    if (message === undefined) this.destroy();
    else this.#lose(clientError('ERR_HTTP_TIMEOUT', message));
  }

  onPeerEnd(): void {
    this.#end ??= { error: undefined };
    this.#pump(false);
  }

  onError(cause: Error): void {
    if (this.#phase === 'connecting')
      return this.#lose(clientError('ERR_HTTP_CONNECT_ERROR', `No connection: ${cause.message}`, cause));
    // What has arrived before may be a whole answer.
    this.#end ??= {
      error: clientError('ERR_HTTP_CONNECTION_RESET', `The connection was lost: ${cause.message}`, cause),
    };
    this.#pump(false);
  }

  onClose(): void {
    this.#end ??= { error: clientError('ERR_HTTP_CONNECTION_RESET', 'The connection was lost') };
    this.#pump(false);
    // With an exchange whose reader has not come for what is here yet, the end is met when it does.
    this.#close();
  }

  /** The exchange, if there is one, can't go on here. */
  #lose(error: ClientError): void {
    const exchange = this.#exchange;
    const isConnecting = this.#phase === 'connecting';
    this.#exchange = undefined;
    const facts = {
      wasReused: this.connection.requestCount > 1,
      wasSent: true,
      // A server that does not answer in time may be at it still, and one that answers wrongly has.
      wasAnswered: this.connection.responseHasBegun || error.code !== 'ERR_HTTP_CONNECTION_RESET',
    };
    this.#sender?.stop(error);
    if (isConnecting) this.#owner.onConnectFailed(this, error);
    this.destroy();
    if (exchange === undefined) return;
    if (exchange.onConnectionLost(error, facts)) this.#owner.onRetry(exchange);
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.socket.destroy();
    this.#close();
  }

  #close(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#owner.sweep.delete(this);
    this.#wake();
    this.#owner.onClosed(this);
  }
}
