/**
 * Drives one connection: octets from the socket to `http1/connection`, its requests to exchanges, their responses back.
 * It decides when the socket is read, and by when the peer has to have done what it owes.
 *
 * A connection is open; then it is closing (`lingering-close.ts`), or a tunnel's (`tunnel.ts`); then closed.
 */
import type { Socket } from 'node:net';
import { connectionReset, type ProtocolError, protocolError, timedOut } from '../../fetch/errors.ts';
import { REJECTIONS } from '../../http1/rejections.ts';
import { ServerConnection } from '../../http1/server-connection.ts';
import type { Expiring } from '../../io/deadline.ts';
import { attach, detachFlow, isConnected, pause, resume, type SocketEvents } from '../../io/driven-socket.ts';
import { nativeLatin1 } from '../../io/latin1.ts';
import { LingeringClose } from '../../io/lingering-close.ts';
import { Outbound } from '../../io/outbound.ts';
import { SocketAddresses } from '../../io/socket-address.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { CONTENT, CONTENT_END, MESSAGE_HEAD, REJECTED } from '../../octets/results.ts';
import { connectionClose, connectionOpen, requestRejected } from '../diagnostics.ts';
import { Exchange } from '../exchange/exchange.ts';
import type { LiveConnection, Service } from '../service.ts';
import { type Awaited, timeoutFor } from './awaited.ts';

/** Octets that may wait undecoded while a request is being answered; then the socket is paused. */
const MOST_BUFFERED = 64 * 1024;
/** Octets of unread content that are read and thrown away to keep a connection (RFC 9112 §9.3). */
const MOST_DISCARDED = 64 * 1024;

type Phase = 'open' | 'closing' | 'tunnel' | 'closed';

export class Http1Connection implements Expiring, SocketEvents, LiveConnection {
  deadline = Infinity;
  readonly socket: Socket;
  readonly service: Service;
  readonly connection: ServerConnection;
  readonly outbound: Outbound;
  readonly addresses: SocketAddresses;
  exchange: Exchange | undefined;
  isPaused = false;

  #phase: Phase = 'open';
  #awaited: Awaited = 'nothing';
  /** How many requests there had been when the deadline was set: the next one starts the clock again, its octets do not. */
  #awaitedRequest = 0;
  #isPumping = false;
  #peerHasEnded = false;
  /** Octets that may still be thrown away, while content that nobody reads is. */
  #discardable = -1;
  #onDrained: (() => void) | undefined;
  #closing: LingeringClose | undefined;

  constructor(socket: Socket, service: Service, addresses = new SocketAddresses(socket, service.path)) {
    this.socket = socket;
    this.service = service;
    this.connection = new ServerConnection(service.settings.messageLimits, nativeLatin1, service.scanners);
    this.outbound = new Outbound(socket);
    this.addresses = addresses;
    attach(socket, this);
    service.sweep.add(this);
    this.#regulate(false);
    if (connectionOpen.hasSubscribers) connectionOpen.publish(this.addresses.both);
  }

  /** No exchange is going on, and no head has begun to arrive. */
  get isIdle(): boolean {
    return this.#phase === 'open' && this.connection.isIdle && !this.connection.inHead;
  }

  /** Whether the response that begins now has to be the last. */
  get mustClose(): boolean {
    const { connection, service, exchange } = this;
    if (service.isClosing || connection.requestCount >= service.settings.maxRequestsPerConnection)
      return true;
    if (exchange === undefined) return false;
    // The client of a CONNECT may have sent what was meant for the tunnel: it must not be taken for requests.
    if (exchange.head.connect?.protocol === null) return true;
    if (exchange.content === undefined) return false;
    // Who was not told to go on may send the content or leave it, and nobody could tell which (RFC 9110 §10.1.1).
    if (exchange.owesContinue) return true;
    const { contentRemaining } = connection;
    return !exchange.content.hasReader && contentRemaining > MOST_DISCARDED && contentRemaining !== Infinity;
  }

  // --- what comes in ---

  onOctets(octets: Uint8Array): void {
    if (this.#closing !== undefined) return this.#closing.onOctets(octets.length);
    this.connection.receive(octets);
    this.#pump(true);
  }

  /** Decodes what there is, as far as somebody wants it. */
  #pump(hasReceived: boolean): void {
    if (this.#isPumping || this.#phase !== 'open') return;
    this.#isPumping = true;
    try {
      while (this.#phase === 'open' && this.#mayDecode && this.#step(this.connection.next())) {}
    } finally {
      this.#isPumping = false;
    }
    this.outbound.flush();
    if (this.#phase === 'open') this.#regulate(hasReceived);
  }

  get #mayDecode(): boolean {
    if (this.outbound.blocked) return false;
    if (this.connection.requestIsComplete) return true;
    return this.#discardable >= 0 || this.exchange?.content?.wanted === true;
  }

  /** @returns whether there may be more to decode. */
  #step(result: number): boolean {
    switch (result) {
      case MESSAGE_HEAD:
        this.#begin();
        return true;
      case CONTENT:
        if (this.#discardable < 0) this.exchange!.content!.deliver(this.connection.content);
        else this.#discard(this.connection.content.length);
        return true;
      case CONTENT_END:
        this.exchange!.content!.end(this.connection.trailers);
        if (this.connection.responseIsComplete) this.#onExchangeEnd();
        return true;
      case REJECTED:
        this.#onRejected(this.connection.rejection);
        return true;
      default:
        // The client will send no more, and all it did send has been answered.
        if (this.#peerHasEnded && this.connection.isIdle) this.#end();
        else if (this.#peerHasEnded && !this.connection.requestIsComplete) this.#onIncomplete();
        return false;
    }
  }

  #begin(): void {
    const head = this.connection.request!;
    const { service } = this;
    const authority = head.authority === '' ? service.defaultAuthority : head.authority;
    const forwarded = service.settings.proxy?.forwarding?.of(head, authority, this.addresses.remoteAddress);
    const origin = forwarded === undefined ? service.origins.of(authority) : forwarded.origin;
    if (origin === undefined) return this.#refuse(REJECTIONS.HostSyntax);
    if (head.scheme === 'https') return this.#refuse(REJECTIONS.Misdirected);
    if (head.connect?.protocol === null) {
      // There is no tunnel without a handler for it, and what follows its head is the tunnel's (RFC 9110 §9.3.6).
      if (service.handlers.connect === undefined) return this.#refuse(REJECTIONS.ConnectNotImplemented);
      if (head.hasContent) return this.#refuse(REJECTIONS.ConnectWithContent);
    }
    this.exchange = new Exchange(this, head, origin, forwarded?.remoteAddress);
    this.exchange.run();
  }

  #onRejected(rejection: Rejection): void {
    const { exchange } = this;
    if (exchange === undefined) return this.#refuse(rejection);
    // The handler has the request already, and the answer is its own (draft, "Limits").
    this.connection.abandonRequest();
    exchange.onContentRejected(rejection);
    if (this.connection.responseIsComplete) this.#onExchangeEnd();
  }

  /** Answers for the handler, which never hears of it, and closes. */
  #refuse(rejection: Rejection): void {
    this.service.counters.requestsRejected++;
    if (requestRejected.hasSubscribers) {
      const { reason, status, section } = rejection;
      requestRejected.publish({ remoteAddress: this.addresses.remoteAddress, reason, status, section });
    }
    this.outbound.text(this.connection.refuse(rejection, this.service.sweep.dateLine));
    this.#end();
  }

  /** FIN in the middle of a request: whatever it was, it is not complete, and must not pass for it (RFC 9112 §8). */
  #onIncomplete(): void {
    const error = connectionReset('The client ended before its request was complete');
    this.#abandon(error, REJECTIONS.Incomplete);
  }

  // --- what the exchange does ---

  /** Somebody reads the content. */
  onContentWanted(): void {
    // Late, but in time: nothing has been thrown away yet.
    this.#discardable = -1;
    this.#pump(false);
  }

  /** Whoever read the content will read no more of it. */
  onContentRefused(): void {
    if (this.connection.responseIsComplete && !this.connection.requestIsComplete) this.#beginDiscarding();
    this.#pump(false);
  }

  /** Something has been written outside of the decoding loop. */
  afterOutput(): void {
    if (this.#isPumping) return;
    this.outbound.flush();
    if (this.#phase === 'open') this.#regulate(false);
  }

  onResponseEnd(): void {
    if (this.connection.requestIsComplete) this.#onExchangeEnd();
    else if (this.exchange?.content?.hasReader !== true) this.#beginDiscarding();
    this.#pump(false);
  }

  /** Waits until the socket has room. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDrained = resolve;
    });
  }

  #onExchangeEnd(): void {
    this.exchange = undefined;
    this.#discardable = -1;
    // A client that has ended gets the answers to what it sent before: there may be more requests in the buffer.
    if (!this.connection.persists || this.service.refusesLateRequests) this.#end();
  }

  /** The answer is done, and nobody reads the content: it is in the way of the next request, if there is to be one. */
  #beginDiscarding(): void {
    if (this.connection.persists) this.#discardable = MOST_DISCARDED;
    else this.#end();
  }

  #discard(octets: number): void {
    // Whoever comes to read now must not take what is left for all there was.
    this.exchange?.content?.fail(
      protocolError(
        'ERR_HTTP_REQUEST_CANCELLED',
        'The content was thrown away: the response was complete and nobody read',
      ),
    );
    this.#discardable -= octets;
    if (this.#discardable < 0) this.#end();
  }

  // --- pausing, and time ---

  onDrain(): void {
    this.outbound.blocked = false;
    this.#wake();
    this.#pump(false);
  }

  #wake(): void {
    const onDrained = this.#onDrained;
    this.#onDrained = undefined;
    onDrained?.();
  }

  /** Reads on or not, and says what the peer owes from now on. */
  #regulate(hasProgressed: boolean): void {
    const { connection, outbound, exchange } = this;
    // A head has a limit of its own. What waits behind a request that is being answered has this one.
    const isFull = !connection.isIdle && connection.buffered >= MOST_BUFFERED;
    const isWanted = exchange?.content?.wanted === true || this.#discardable >= 0;
    const needsNoMore = outbound.blocked || (isFull && !isWanted);
    if (needsNoMore !== this.isPaused) {
      this.isPaused = needsNoMore;
      if (needsNoMore) pause(this.socket);
      else resume(this.socket);
    }
    const awaited = this.#whatIsAwaited();
    const isNew = awaited !== this.#awaited || connection.requestCount !== this.#awaitedRequest;
    if (isNew || (hasProgressed && awaited === 'content')) this.#await(awaited);
  }

  #whatIsAwaited(): Awaited {
    if (this.outbound.blocked) return 'drain';
    if (this.#discardable >= 0) return 'discard';
    if (this.connection.isIdle) return this.connection.inHead ? 'head' : 'request';
    if (this.exchange?.content?.wanted === true) return 'content';
    if (this.isPaused) return 'life';
    // A handler may take as long as it likes, but not stay with content it no longer reads when all else is done.
    return this.connection.responseIsComplete ? 'request' : 'nothing';
  }

  #await(awaited: Awaited): void {
    this.#awaited = awaited;
    this.#awaitedRequest = this.connection.requestCount;
    this.deadline = this.service.sweep.after(timeoutFor(awaited, this.service.settings.timeouts));
    if (awaited === 'drain') this.outbound.hasProgressed();
  }

  onDeadline(): void {
    this.deadline = Infinity;
    switch (this.#awaited) {
      case 'request':
        return this.#end(false);
      case 'discard':
        return this.#end();
      case 'head':
        return this.#refuse(REJECTIONS.HeadTimeout);
      case 'content':
        return this.#abandon(
          timedOut('The content of the request did not arrive in time'),
          REJECTIONS.ContentTimeout,
        );
      case 'life':
        if (isConnected(this.socket)) return this.#await('life');
        return this.destroy(connectionReset('The connection was reset by the client'));
      case 'drain':
        // Slow is not dead: as long as the client takes something, it has time.
        if (this.outbound.hasProgressed()) return this.#await('drain');
        return this.destroy(timedOut('The client did not take the response in time'));
      default:
        return this.destroy(timedOut('The connection was idle for too long'));
    }
  }

  /** The rest of the request will not come: that is the end of its exchange, and an answer if there has been none. */
  #abandon(error: ProtocolError, rejection: Rejection): void {
    const exchange = this.exchange!;
    const hasAnswered = exchange.state === 'committed' || exchange.state === 'denied';
    const { responseIsComplete } = exchange;
    exchange.abort(error);
    // An answer that has been given whole shall arrive whole; one that is being made of the content can't be.
    if (responseIsComplete) this.#end();
    else if (hasAnswered) this.destroy(error);
    else this.#refuse(rejection);
  }

  // --- the end ---

  onPeerEnd(): void {
    this.#peerHasEnded = true;
    this.#closing?.onPeerEnd();
    // While decoding is held up by the output or the handler, the end of the input is met where it stands in it.
    if (this.#phase === 'open') this.#pump(true);
  }

  /** Closes if nothing is going on; else the response under way, or the next one, will be the last. */
  closeIfIdle(): void {
    if (this.isIdle) this.#end(false);
  }

  /** @param lingers false when no answer is on its way that a reset could destroy. */
  #end(lingers = true): void {
    if (this.#phase !== 'open') return;
    this.outbound.flush();
    this.connection.close();
    this.#phase = 'closing';
    this.deadline = Infinity;
    this.isPaused = false;
    const { sweep, settings } = this.service;
    this.#closing = new LingeringClose(this.socket, this.outbound, sweep, {
      peerHasEnded: this.#peerHasEnded,
      lingers,
      sendTimeout: settings.timeouts.send,
    });
  }

  /** Ends the connection at once, and with it the exchange. */
  destroy(error: unknown): void {
    if (this.#phase === 'closed') return;
    this.exchange?.abort(error);
    this.socket.destroy();
  }

  onError(cause: Error): void {
    const code = (cause as { code?: unknown }).code === 'ECONNRESET' ? 'reset by the client' : 'lost';
    this.destroy(connectionReset(`The connection was ${code}`, cause));
  }

  onClose(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.exchange?.abort(connectionReset('The connection was lost'));
    this.exchange = undefined;
    this.#wake();
    this.service.sweep.delete(this);
    this.#closing?.onClose();
    this.service.onConnectionClose(this);
    if (connectionClose.hasSubscribers) connectionClose.publish(this.addresses.both);
  }

  /** Gives the socket to a tunnel. @returns the octets of it that have arrived already. */
  handOver(): Uint8Array {
    this.outbound.flush();
    this.#phase = 'tunnel';
    this.#await('tunnel');
    detachFlow(this.socket);
    return this.connection.handOver();
  }

  /** Both directions of the tunnel have ended: so has its exchange, as it should. */
  closeTunnel(): void {
    this.connection.endResponse();
    this.exchange?.onResponseEnd();
    this.exchange = undefined;
    this.socket.destroy();
  }

  /** Octets have passed through the tunnel. */
  onTunnelActivity(): void {
    if (this.#phase === 'tunnel') this.#await('tunnel');
  }
}
