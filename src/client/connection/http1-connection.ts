/**
 * An open HTTP/1.1 connection of a pool, with its socket: requests of the pool's exchanges go out, and octets that come in go through
 * `http1/client-connection.ts` back to the exchange. It decides when the socket is read, and by when the server has to act.
 * A connection is destroyed at the first fault of any kind, so that no exchange meets what another one left.
 */
import type { Socket } from 'node:net';
import { ClientConnection } from '../../http1/client-connection.ts';
import type { ResponseHead } from '../../http1/head/response-head.ts';
import type { DeadlineSweep, Expiring } from '../../io/deadline.ts';
import { MOST_DISCARDED } from '../../io/discard-limits.ts';
import { attach, detach, pause, resume, type SocketEvents } from '../../io/driven-socket.ts';
import { nativeLatin1 } from '../../io/latin1.ts';
import { Outbound } from '../../io/outbound.ts';
import { isShared } from '../../io/shared-reading.ts';
import { CONTENT, CONTENT_END, INTERIM, MESSAGE_HEAD, REJECTED } from '../../octets/results.ts';
import { brokenOff, type ClientError, clientError, responseRefused } from '../errors.ts';
import type { ClientExchange } from '../exchange.ts';
import type { ClientSettings } from '../options.ts';
import { type Awaited, overdue, timeoutFor, type WaitingFacts, whatIsAwaited } from './awaited.ts';
import type { ConnectionFacts } from './connecting.ts';
import { Http1ContentWriter } from './http1-content-writer.ts';
import { KeepAliveHint } from './keep-alive-hint.ts';
import { RequestSender } from './request-sender.ts';
import { socketTunnel } from './tunnel/socket-tunnel.ts';
import type { ClientWire, SendingWire } from './wire.ts';

/** What a connection needs of its pool. */
export interface Http1Owner {
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  /** It may carry another request. */
  onIdle(connection: Http1Connection): void;
  onClosed(connection: Http1Connection): void;
  /** The request may be sent on another connection. */
  onRetry(exchange: ClientExchange): void;
}

export class Http1Connection implements ClientWire, Expiring, SendingWire, SocketEvents, WaitingFacts {
  deadline = Infinity;
  isPaused = false;
  readonly connection: ClientConnection;
  readonly outbound: Outbound;
  writer!: Http1ContentWriter;
  readonly #socket: Socket;
  readonly #owner: Http1Owner;
  readonly #facts: ConnectionFacts;
  readonly #hint: KeepAliveHint;
  #isClosed = false;
  #awaited: Awaited = 'nothing';
  #exchange: ClientExchange | undefined;
  #sender: RequestSender | undefined;
  #isPumping = false;
  /** Bytes of unwanted content that may still be thrown away; negative while none is. */
  #discardable = -1;
  /** The server will send nothing more: it has sent its FIN, or the connection was lost. */
  #end: { readonly error: ClientError | undefined } | undefined;

  constructor(socket: Socket, facts: ConnectionFacts, owner: Http1Owner) {
    this.#socket = socket;
    this.#facts = facts;
    this.#owner = owner;
    this.connection = new ClientConnection(owner.settings.responseLimits, nativeLatin1);
    this.outbound = new Outbound(socket);
    this.#hint = new KeepAliveHint(owner.settings.timeouts.idle);
    attach(socket, this);
    owner.sweep.add(this);
  }

  /** Whether a request may begin now. */
  get isFree(): boolean {
    const hasEnded = this.#isClosed || this.#end !== undefined;
    return !hasEnded && this.#exchange === undefined && this.connection.isFree;
  }

  get requestCount(): number {
    return this.connection.requestCount;
  }

  /** It has no request for now, and does not keep the process alive. */
  rest(): void {
    this.#socket.unref();
    this.#await('idle', this.#hint.idleTimeout);
  }

  // --- the request ---

  /** Begins an exchange. The connection is free. */
  begin(exchange: ClientExchange): void {
    const { observer } = exchange.request;
    observer?.onConnection?.({ ...this.#facts, isReused: this.requestCount > 0 });
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
    this.#socket.ref();
    observer?.onRequestHead?.(head);
    this.outbound.text(head);
    const { body } = exchange.request;
    if (body === undefined) this.onRequestEnd();
    else {
      this.writer = new Http1ContentWriter(this.connection.contentEncoder(), this.outbound);
      this.#sender = new RequestSender(body, exchange.request, this);
      if (!exchange.start.fields.expectsContinue) this.#sender.begin();
    }
    this.flush();
  }

  onRequestEnd(): void {
    this.connection.endRequest();
    this.#exchange?.request.observer?.onRequestEnd?.();
  }

  flush(): void {
    if (this.#isClosed) return;
    this.outbound.flush();
    this.#regulate(false);
  }

  onDrain(): void {
    this.outbound.onDrain();
    if (!this.#isClosed) this.#regulate(false);
  }

  /** The server wants the content, or has not answered the expectation in time. */
  #sendContent(): void {
    if (!this.awaitsContinue) return;
    this.#sender?.begin();
    this.flush();
  }

  /** Does not send the rest of the request: nothing that the server could understand can follow on this connection. */
  #stopSending(reason: string): void {
    if (this.connection.requestIsComplete) return;
    this.#sender?.stop(clientError('ERR_HTTP_REQUEST_CANCELLED', reason));
    this.connection.abandonRequest();
    this.outbound.onDrain();
  }

  // --- the response ---

  onOctets(octets: Uint8Array): void {
    if (this.#isClosed) return;
    this.connection.receive(octets);
    this.#pump(true);
    if (this.connection.buffered > 0 && isShared(octets)) this.connection.keep();
  }

  /** Decodes what has been received, as far as there is room for it. */
  #pump(hasReceived: boolean): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#mayDecode && this.#step(this.connection.next())) {}
    } finally {
      this.#isPumping = false;
    }
    if (!this.#isClosed) this.#regulate(hasReceived);
  }

  get #mayDecode(): boolean {
    if (this.#exchange === undefined) return !this.#isClosed;
    return this.isDiscarding || this.#exchange.acceptsContent;
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
        return !this.isDiscarding || this.#discard(this.connection.content.length);
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

  #onInterim(exchange: ClientExchange, head: ResponseHead): boolean {
    // The clock of the final head starts again.
    this.#awaited = 'nothing';
    if (head.status === 100) this.#sendContent();
    try {
      exchange.onInterim(head);
    } catch (error) {
      // The caller's own function has thrown: the caller gets the error.
      this.abort(error);
      return false;
    }
    return true;
  }

  #onHead(exchange: ClientExchange, head: ResponseHead): void {
    if (head.status === 101) return this.#handOver(exchange, head);
    const hint = head.fields.get('keep-alive');
    if (hint !== null) this.#hint.heed(hint);
    // RFC 9110 §10.1.1: without a 100 the server does not want the content. RFC 9112 §9.5: nor after an error.
    const isUnwanted = this.awaitsContinue || head.status >= 400;
    if (isUnwanted) this.#stopSending('The server has answered without the content');
    exchange.onHead(head, head.framing.kind === 'none');
    if (this.connection.responseIsComplete) this.#onResponseEnd();
  }

  /** The socket leaves the pool, with the octets behind the head (RFC 9110 §7.8). */
  #handOver(exchange: ClientExchange, head: ResponseHead): void {
    this.#exchange = undefined;
    detach(this.#socket);
    const tunnel = socketTunnel(this.#socket, this.connection.handOver());
    this.#close();
    exchange.onTunnel(head, tunnel);
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

  onContentWanted(): void {
    this.#pump(false);
  }

  /** Throws unwanted content away if it is little, otherwise the connection. */
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

  // --- pausing, and time ---

  get isBlocked(): boolean {
    return this.outbound.isBlocked;
  }

  get awaitsContinue(): boolean {
    return this.#sender?.isWaiting === true;
  }

  get requestIsComplete(): boolean {
    return this.connection.requestIsComplete;
  }

  get isAnswered(): boolean {
    const { response } = this.connection;
    return response !== undefined && response.status >= 200;
  }

  get wantsContent(): boolean {
    return this.#exchange?.wantsContent === true;
  }

  get isDiscarding(): boolean {
    return this.#discardable >= 0;
  }

  /** Pauses or resumes the socket, and sets the deadline for what the server owes from now on. */
  #regulate(hasProgressed: boolean): void {
    const isFull = this.#exchange !== undefined && !this.#mayDecode;
    if (isFull !== this.isPaused) {
      this.isPaused = isFull;
      if (isFull) pause(this.#socket);
      else resume(this.#socket);
    }
    if (this.#exchange === undefined) return;
    const awaited = whatIsAwaited(this);
    // Octets put off the deadline of content. They do not put off that of a head, which could go on for ever.
    if (awaited !== this.#awaited || (hasProgressed && awaited === 'receive')) this.#await(awaited);
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

  // --- the end ---

  onPeerEnd(): void {
    this.#end ??= { error: undefined };
    this.#pump(false);
  }

  onError(cause: Error): void {
    // What has arrived before may be a complete response.
    this.#end ??= {
      error: clientError('ERR_HTTP_CONNECTION_RESET', `The connection was lost: ${cause.message}`, cause),
    };
    this.#pump(false);
  }

  onClose(): void {
    this.#end ??= { error: clientError('ERR_HTTP_CONNECTION_RESET', 'The connection was lost') };
    this.#pump(false);
    // If content that was received has no reader yet, the exchange learns of the end when the reader comes.
    this.#close();
  }

  /** Everything received has been decoded, and nothing more will come. */
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

  /** The exchange, if there is one, can't go on here. */
  #lose(error: ClientError): void {
    const exchange = this.#exchange;
    const facts = {
      wasReused: this.connection.requestCount > 1,
      wasSent: true,
      // A server that is too slow may still be working on it, and one that answers wrongly has done so.
      wasAnswered: this.connection.responseHasBegun || error.code !== 'ERR_HTTP_CONNECTION_RESET',
      isUnprocessed: false,
    };
    this.giveUp(error);
    if (exchange?.onConnectionLost(error, facts)) this.#owner.onRetry(exchange);
  }

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

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy();
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#owner.sweep.delete(this);
    this.outbound.onDrain();
    this.#owner.onClosed(this);
  }
}
