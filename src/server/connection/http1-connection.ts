/**
 * An HTTP/1 connection with its socket: octets go to `http1/server-connection.ts`, request heads to `service.begin`, and
 * responses come back through the wire. It decides when the socket is read; `http1-deadline.ts` by when the client has to act.
 *
 * A connection is open; then it is closing (`lingering-close.ts`), and then closed. Or it leaves its socket to a tunnel
 * (`http1-tunnel.ts`), which keeps nothing of it.
 */
import type { Socket } from 'node:net';
import type { ReceivedContent } from '../../fetch/content/received-content.ts';
import { connectionLost, connectionReset, contentDiscarded, type ProtocolError } from '../../fetch/errors.ts';
import { REJECTIONS } from '../../http1/rejections.ts';
import { ServerConnection } from '../../http1/server-connection.ts';
import * as flow from '../../io/driven-socket.ts';
import { nativeLatin1 } from '../../io/latin1.ts';
import { LingeringClose } from '../../io/lingering-close.ts';
import { Outbound } from '../../io/outbound.ts';
import { isShared, kept } from '../../io/shared-reading.ts';
import { SocketAddresses } from '../../io/socket-address.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { CONTENT, CONTENT_END, MESSAGE_HEAD, REJECTED } from '../../octets/results.ts';
import { connectionClose, connectionOpen, publishRejection } from '../diagnostics.ts';
import { CLEAR, type OpenedTunnel } from '../exchange/wire.ts';
import type { ConnectionObserver, Ending } from '../observer.ts';
import type { LiveConnection, Service } from '../service.ts';
import { hstsFields } from '../strict-transport-security.ts';
import { MOST_DISCARDED } from './awaited.ts';
import { type DeadlineHost, Http1Deadline } from './http1-deadline.ts';
import { Http1Tunnel } from './http1-tunnel.ts';
import { Http1Wire, type WireHost } from './http1-wire.ts';

/** Bytes that may wait undecoded while a request is being answered; then the socket is paused. */
const MOST_BUFFERED = 64 * 1024;

type Phase = 'open' | 'closing' | 'closed';

export class Http1Connection implements DeadlineHost, LiveConnection, flow.SocketEvents, WireHost {
  isPaused = false;
  readonly connection: ServerConnection;
  readonly outbound: Outbound;
  readonly addresses: SocketAddresses;
  readonly time: Http1Deadline;
  readonly observer: ConnectionObserver | undefined;
  readonly #socket: Socket;
  readonly #service: Service;
  readonly #wire: Http1Wire;

  #phase: Phase = 'open';
  #isPumping = false;
  #peerHasEnded = false;
  /** Bytes of unread content that may still be thrown away; negative while none is. */
  #discardable = -1;
  #closing: LingeringClose | undefined;
  #tunnel: Http1Tunnel | undefined;

  constructor(
    socket: Socket,
    service: Service,
    addresses = new SocketAddresses(socket, service.socketPath),
    security = CLEAR,
    observer?: ConnectionObserver,
  ) {
    this.#socket = socket;
    this.#service = service;
    this.connection = new ServerConnection(service.settings.messageLimits, nativeLatin1, service.scanners);
    this.observer = observer;
    this.outbound = new Outbound(socket, observer);
    this.addresses = addresses;
    this.#wire = new Http1Wire(this, security);
    flow.attach(socket, this);
    this.time = new Http1Deadline(socket, service, this);
    this.#regulate(false);
    if (connectionOpen.hasSubscribers) connectionOpen.publish(this.addresses.both);
  }

  get #content(): ReceivedContent | undefined {
    return this.#wire.exchange?.content;
  }

  // --- what comes in ---

  onOctets(octets: Uint8Array): void {
    if (this.#closing !== undefined) return this.#closing.onOctets(octets.length);
    this.observer?.onReceived(octets, this.connection.buffered);
    this.connection.receive(octets);
    this.#pump(true);
    if (this.connection.buffered > 0 && isShared(octets)) this.connection.keep();
  }

  /** Content of known length is read to where its reader needs it. */
  nextRead(): Uint8Array | undefined {
    const content = this.#content;
    const { buffered, contentRemaining } = this.connection;
    if (content === undefined || this.#phase !== 'open' || buffered > 0) return undefined;
    if (contentRemaining === 0 || contentRemaining === Infinity) return undefined;
    return content.roomFor(contentRemaining);
  }

  /** Decodes what has been received, as far as a reader wants it. */
  #pump(hasReceived: boolean): void {
    if (this.#isPumping || this.#phase !== 'open') return;
    this.#isPumping = true;
    try {
      while (this.#phase === 'open' && this.#mayDecode && this.#step(this.connection.next())) {}
    } finally {
      this.#isPumping = false;
    }
    if (!this.outbound.willFlush) this.outbound.flush();
    if (this.#peerHasEnded) this.#onClientEnded();
    if (this.#phase === 'open') this.#regulate(hasReceived);
  }

  get #mayDecode(): boolean {
    if (this.outbound.isBlocked) return false;
    if (this.connection.requestIsComplete || this.isDiscarding || this.wantsContent) return true;
    // A client that has ended has sent the whole request or less, which decides what becomes of the exchange.
    return this.#peerHasEnded && this.#wire.exchange?.isAnswering === false;
  }

  /** @returns whether there may be more to decode. */
  #step(result: number): boolean {
    switch (result) {
      case MESSAGE_HEAD: {
        const rejection = this.#service.begin(this.#wire, this.connection.request!);
        if (rejection !== undefined) this.refuse(rejection);
        return true;
      }
      case CONTENT:
        if (this.isDiscarding) this.#discard(this.connection.content.length);
        else this.#content!.deliver(this.connection.content);
        return true;
      case CONTENT_END:
        this.observer?.onRequestEnd(this.connection.buffered);
        this.#content!.end(this.connection.trailers);
        if (this.connection.responseIsComplete) this.#onExchangeEnd();
        return true;
      case REJECTED:
        this.#onRejected(this.connection.rejection);
        return true;
      default:
        // The client sends no more, and everything that it did send has been answered.
        if (this.#peerHasEnded && this.connection.isIdle) this.end();
        else if (this.#peerHasEnded && !this.connection.requestIsComplete)
          // An incomplete request must not pass for a complete one (RFC 9112 §8).
          this.abandon(
            connectionReset('The client ended before its request was complete'),
            REJECTIONS.Incomplete,
          );
        return false;
    }
  }

  #onRejected(rejection: Rejection): void {
    const { exchange } = this.#wire;
    if (exchange === undefined) {
      const isAnswered =
        rejection === REJECTIONS.ContentTooLarge &&
        this.#service.answersClientFaults &&
        this.connection.takeRejected();
      const refused = isAnswered
        ? this.#service.begin(this.#wire, this.connection.request!, false, rejection)
        : rejection;
      return refused && this.refuse(refused);
    }
    // The handler has the request already, and gives the answer (draft, "Limits").
    this.connection.abandonRequest();
    exchange.onContentRejected(rejection);
    if (this.connection.responseIsComplete) this.#onExchangeEnd();
  }

  /** Answers without the handler, and closes. */
  refuse(rejection: Rejection): void {
    this.#service.counters.requestsRejected++;
    publishRejection(rejection, this.addresses);
    this.observer?.onRefused(rejection, 0);
    const fields = hstsFields(this.#service.settings.hsts, this.#wire.security);
    this.outbound.text(this.connection.refuse(rejection, this.dateLine, fields));
    this.end(true, 'refused');
  }

  /**
   * FIN while an exchange is in progress: the client has gone. A response that is being sent is finished, as long as its
   * source gives something. With the option `halfOpen` the client is taken to wait for its answer.
   */
  #onClientEnded(): void {
    const { exchange } = this.#wire;
    if (this.#phase !== 'open' || exchange === undefined || this.isHalfOpen) return;
    if (exchange.isAnswering) return exchange.responseIsComplete ? undefined : exchange.onPeerEnd();
    if (!this.connection.requestIsComplete) return;
    exchange.abort(connectionReset('The client has gone'));
    this.end();
  }

  /** The response that begins now has to be the connection's last: the server ends, or the connection had its share. */
  get isEnding(): boolean {
    const { settings, isClosing } = this.#service;
    return isClosing || this.connection.requestCount >= settings.maxRequestsPerConnection;
  }

  get keepAliveLine(): string {
    return this.#service.settings.keepAliveLine;
  }

  get dateLine(): string {
    return this.#service.sweep.dateLine;
  }

  onContentWanted(): void {
    // A reader that comes late is in time as long as nothing has been thrown away.
    this.#discardable = -1;
    this.#pump(false);
  }

  onContentRefused(): void {
    if (this.connection.responseIsComplete && !this.connection.requestIsComplete) this.#beginDiscarding();
    this.#pump(false);
  }

  /** Sends what has been written outside of the decoding loop. */
  flush(): void {
    if (this.#isPumping) return;
    this.outbound.flush();
    if (this.#phase === 'open') this.#regulate(false);
  }

  onResponseEnd(): void {
    if (this.connection.requestIsComplete) this.#onExchangeEnd();
    else if (this.#content?.hasReader !== true) this.#beginDiscarding();
    this.#pump(false);
  }

  #onExchangeEnd(): void {
    this.#wire.exchange = undefined;
    this.#discardable = -1;
    // A client that has ended gets the answers to what it sent before: there may be more requests in the buffer.
    if (!this.connection.persists) this.end();
    else if (this.#service.refusesLateRequests) this.end(true, 'server closes');
  }

  /** The response is complete, and unread content is in the way of the next request, if there is to be one. */
  #beginDiscarding(): void {
    if (this.connection.persists) this.#discardable = MOST_DISCARDED;
    else this.end();
  }

  #discard(octets: number): void {
    // A reader that comes now must not take the rest for the whole.
    this.#content?.fail(contentDiscarded());
    this.#discardable -= octets;
    if (this.#discardable < 0) this.end(true, 'unread content');
  }

  // --- pausing, and time ---

  get isDiscarding(): boolean {
    return this.#discardable >= 0;
  }

  get wantsContent(): boolean {
    return this.#content?.isWanted === true;
  }

  get isHalfOpen(): boolean {
    return this.#peerHasEnded && this.#service.settings.halfOpen;
  }

  onDrain(): void {
    this.outbound.onDrain();
    this.#pump(false);
  }

  /** Pauses or resumes the socket, and sets the deadline for what the client owes from now on. */
  #regulate(hasProgressed: boolean): void {
    const { connection } = this;
    // A head has a limit of its own. What waits behind a request that is being answered has this one.
    const isFull = !connection.isIdle && connection.buffered >= MOST_BUFFERED;
    const needsNoMore = this.outbound.isBlocked || (isFull && !this.wantsContent && !this.isDiscarding);
    if (needsNoMore !== this.isPaused) {
      this.isPaused = needsNoMore;
      if (needsNoMore) flow.pause(this.#socket);
      else flow.resume(this.#socket);
    }
    this.time.regulate(hasProgressed);
  }

  giveReaderUp(): void {
    this.#beginDiscarding();
    this.#pump(false);
  }

  /** The rest of the request will not come: the exchange ends, with an answer if there has been none. */
  abandon(error: ProtocolError, rejection: Rejection): void {
    const exchange = this.#wire.exchange!;
    const { hasAnswered, responseIsComplete } = exchange;
    if (rejection === REJECTIONS.ContentTimeout && !hasAnswered && this.#service.answersClientFaults) {
      this.connection.abandonRequest();
      exchange.onContentRejected(rejection);
      return this.#pump(false);
    }
    exchange.abort(error);
    // A response that was given whole shall arrive whole; one that is being made of the content can't be completed.
    if (responseIsComplete) this.end();
    else if (hasAnswered) this.destroy(error);
    else this.refuse(rejection);
  }

  // --- the end ---

  onPeerEnd(): void {
    this.#peerHasEnded = true;
    this.#closing?.onPeerEnd();
    // While output holds decoding up, the end of the input is met where it is in the input.
    if (this.#phase === 'open') this.#pump(true);
  }

  hurry(): void {
    this.time.hurry();
    this.#closing?.hurry(this.#service.settings.timeouts.send);
  }

  /** Closes if no exchange is in progress; otherwise the current response, or the next one, will be the last. */
  closeIfIdle(): void {
    if (this.#phase === 'open' && this.connection.isIdle && !this.connection.inHead)
      this.end(false, 'server closes');
  }

  /** @param lingers false when no answer is on its way that a reset could destroy. */
  end(lingers = true, why: Ending = 'last response'): void {
    if (this.#phase !== 'open') return;
    this.observer?.onEnding(why);
    this.outbound.flush();
    this.connection.close();
    this.#phase = 'closing';
    this.time.deadline = Infinity;
    this.isPaused = false;
    const { sweep, settings } = this.#service;
    this.#closing = new LingeringClose(this.#socket, this.outbound, sweep, {
      peerHasEnded: this.#peerHasEnded,
      lingers,
      sendTimeout: settings.timeouts.send,
    });
  }

  /** Leaves the socket to another protocol. */
  retire(): void {
    this.#phase = 'closed';
    this.time.stop();
  }

  /** Ends the connection at once, and with it the exchange. */
  destroy(error: unknown): void {
    if (this.#tunnel !== undefined) return this.#tunnel.abort(error);
    if (this.#phase === 'closed') return;
    this.observer?.onEnding('failed', error);
    this.#wire.exchange?.abort(error);
    this.#socket.destroy();
  }

  onError(cause: Error): void {
    this.destroy(connectionLost(cause));
  }

  onClose(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#wire.exchange?.abort(connectionReset('The connection was lost'));
    this.#wire.exchange = undefined;
    this.outbound.onDrain();
    this.time.stop();
    this.#closing?.onClose();
    this.#service.onConnectionClose(this);
    if (connectionClose.hasSubscribers) connectionClose.publish(this.addresses.both);
  }

  /** Leaves the socket to a tunnel. */
  handOver(status: number): OpenedTunnel {
    this.outbound.flush();
    const received = kept(this.connection.handOver());
    this.retire();
    this.#tunnel = new Http1Tunnel(status, this.#socket, {
      ...{ service: this.#service, observer: this.observer, addresses: this.addresses },
      ...{ exchange: this.#wire.exchange!, received },
    });
    this.#service.replaceConnection?.(this, this.#tunnel);
    return this.#tunnel;
  }
}
