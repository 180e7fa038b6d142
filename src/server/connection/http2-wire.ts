/**
 * The wire that one stream of an HTTP/2 connection is (RFC 9113 §8): one exchange, whose content flows as far as the windows
 * go. Content that arrives waits here for its reader, and the window opens for what the reader took.
 */
import { contentDiscarded, timedOut } from '../../fetch/errors.ts';
import { CANCEL, INTERNAL_ERROR } from '../../http2/error-codes.ts';
import type { Http2ServerConnection } from '../../http2/server-connection.ts';
import type { Http2Stream } from '../../http2/stream/stream.ts';
import type { Expiring } from '../../io/deadline.ts';
import { StreamOctets } from '../../io/http2/stream-octets.ts';
import { kept } from '../../io/shared-reading.ts';
import { NO_OCTETS } from '../../octets/no-octets.ts';
import type { FieldLines } from '../../semantics/field-lines.ts';
import type { FieldSection } from '../../semantics/field-section.ts';
import type { Priority } from '../../semantics/priority.ts';
import { REQUEST_REJECTIONS } from '../../semantics/rejections.ts';
import type { Carried, OpenedTunnel, Wire, WireAddresses, WireHead, WireSecurity } from '../exchange/wire.ts';
import type { ConnectionObserver, ExchangeObserver, ObservedExchange } from '../observer.ts';
import type { Service } from '../service.ts';
import { MOST_DISCARDED, OWED_BY_CLIENT, timeoutFor } from './awaited.ts';

/** Octets that may wait for a window before the source of a response has to wait. */
const MOST_QUEUED = 16 * 1024;

/** What a wire takes from its connection. */
export interface StreamHost {
  readonly connection: Http2ServerConnection;
  readonly service: Service;
  readonly addresses: WireAddresses;
  readonly security: WireSecurity;
  readonly observer: ConnectionObserver | undefined;
  /** The socket takes no more for now. */
  readonly isBlocked: boolean;
  flush(): void;
  flushSoon(): void;
  /** The exchange has ended, and nothing of it waits to be sent. */
  onStreamEnd(wire: Http2Wire): void;
}

type Owed = 'nothing' | 'content' | 'drain' | 'reader' | 'discard' | 'tunnel';

export class Http2Wire implements Expiring, Wire {
  deadline = Infinity;
  exchange: Carried | undefined;
  readonly stream: Http2Stream;
  readonly #host: StreamHost;
  #responseIsComplete = false;
  #requestIsComplete: boolean;
  /** Bytes of content that were thrown away; `undefined` while content has a reader, or may get one. */
  #discarded: number | undefined;
  /** Content that has arrived and was not wanted yet. */
  readonly #arrived: Uint8Array[] = [];
  #trailers: FieldSection | undefined;
  #onDrained: (() => void)[] = [];
  #tunnel: StreamOctets | undefined;
  #owed: Owed = 'nothing';
  #sentBefore = 0;
  #hasEnded = false;

  constructor(host: StreamHost, stream: Http2Stream) {
    this.#host = host;
    this.stream = stream;
    this.#requestIsComplete = stream.head?.hasContent !== true;
    stream.owner = this;
  }

  get addresses(): WireAddresses {
    return this.#host.addresses;
  }

  get security(): WireSecurity {
    return this.#host.security;
  }

  get requestIsComplete(): boolean {
    return this.#requestIsComplete;
  }

  get sendsTrailers(): boolean {
    return true;
  }

  get isBlocked(): boolean {
    return this.#host.isBlocked || this.stream.queued > MOST_QUEUED;
  }

  get clientPriority(): Priority | undefined {
    return this.stream.clientPriority;
  }

  prioritize(priority: Priority | undefined): void {
    this.#host.connection.prioritize(this.stream, priority);
    this.#host.flushSoon();
  }

  observe(exchange: ObservedExchange): ExchangeObserver | undefined {
    return this.#host.observer?.onExchange(exchange, this.stream.id, 0);
  }

  carry(exchange: Carried): void {
    this.exchange = exchange;
  }

  // --- the response ---

  sendInterim(status: number, fields: FieldLines | undefined): void {
    this.#host.connection.sendInterim(this.stream, status, fields);
    this.#host.flushSoon();
  }

  sendWhole(head: WireHead, content: string | Uint8Array | null): void {
    this.#host.connection.sendResponse(this.stream, this.#start(head), content);
  }

  sendHead(head: WireHead): boolean {
    return this.#host.connection.beginResponse(this.stream, this.#start(head));
  }

  #start({ status, fields, contentLength }: WireHead) {
    const { dateLine } = this.#host.service.sweep;
    return { status, fields, contentLength, dateLine };
  }

  sendPiece(octets: Uint8Array): void {
    this.#host.connection.sendData(this.stream, octets);
  }

  async lendPiece(octets: Uint8Array): Promise<void> {
    this.#host.connection.sendData(this.stream, octets);
    this.#host.flush();
    if (this.stream.queued > 0 || this.#host.isBlocked) await this.drained();
  }

  endContent(trailers: FieldLines | undefined): void {
    this.#host.connection.sendEnd(this.stream, trailers);
  }

  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDrained.push(resolve);
      this.regulate(false);
    });
  }

  /** The stream has nothing queued any more, or the socket has room again. */
  onDrained(): void {
    if (!this.isBlocked && this.#onDrained.length > 0) {
      for (const resolve of this.#onDrained.splice(0)) resolve();
    }
    this.#tunnel?.onDrained();
    if (this.#responseIsComplete) this.#endIfDone();
    this.regulate(false);
  }

  flush(): void {
    this.#host.flush();
  }

  flushSoon(): void {
    this.#host.flushSoon();
  }

  release(): void {
    this.#responseIsComplete = true;
    if (!this.#requestIsComplete && this.exchange?.content?.hasReader !== true) this.#discardContent();
    this.#endIfDone();
    this.#host.flushSoon();
    this.regulate(false);
  }

  abort(error: unknown): void {
    const { connection } = this.#host;
    connection.reset(this.stream, isTimeout(error) ? CANCEL : INTERNAL_ERROR);
    this.onReset(error);
    this.#host.flushSoon();
  }

  // --- the request's content ---

  onContent(octets: Uint8Array): void {
    const content = this.exchange?.content;
    if (this.#arrived.length === 0 && this.#tunnel === undefined && content?.isWanted === true) {
      // The reader copies what it keeps.
      content.deliver(octets);
      this.#host.connection.consumed(this.stream, octets.length);
      return this.regulate(true);
    }
    this.#arrived.push(kept(octets));
    if (this.#discarded === undefined) this.#deliver();
    else this.#discardArrived();
    this.regulate(true);
  }

  onContentEnd(trailers: FieldSection): void {
    this.#trailers = trailers;
    if (this.#discarded === undefined) this.#deliver();
    else this.#discardArrived();
    this.regulate(true);
  }

  onContentWanted(): void {
    this.#deliver();
    // The window may have opened.
    this.#host.flushSoon();
    this.regulate(true);
  }

  onContentRefused(): void {
    this.#refuseContent();
    this.#endIfDone();
    this.#host.flushSoon();
  }

  #deliver(): void {
    if (this.#tunnel !== undefined) return this.#tunnel.onReadable();
    const content = this.exchange?.content;
    if (content === undefined) return;
    while (this.#arrived.length > 0 && content.isWanted) content.deliver(this.take()!);
    if (this.#trailers === undefined || this.#arrived.length > 0 || this.#requestIsComplete) return;
    this.#requestIsComplete = true;
    content.end(this.#trailers);
    if (this.#responseIsComplete) this.#endIfDone();
  }

  /** Takes a piece that has arrived; the window opens for it. */
  take(): Uint8Array | undefined {
    const octets = this.#arrived.shift();
    if (octets !== undefined) this.#host.connection.consumed(this.stream, octets.length);
    return octets;
  }

  /** The client has ended its side of a tunnel, and everything that it sent has been taken. */
  get inputHasEnded(): boolean {
    return this.#trailers !== undefined && this.#arrived.length === 0;
  }

  /**
   * Throws away content that nobody reads, as over HTTP/1. A short rest has often been sent already: the stream then ends without
   * RST_STREAM, and faults in it are still found (RFC 9113 §8.1).
   */
  #discardContent(): void {
    this.#discarded = 0;
    this.exchange?.content?.fail(contentDiscarded());
    this.#discardArrived();
  }

  #discardArrived(): void {
    for (let octets = this.take(); octets !== undefined; octets = this.take())
      this.#discarded! += octets.length;
    if (this.#discarded! > MOST_DISCARDED) this.#refuseContent();
    else if (this.#trailers !== undefined) this.#requestIsComplete = true;
    this.#endIfDone();
  }

  /** No more of the content is decoded. */
  onContentRejected(): void {
    this.#requestIsComplete = true;
  }

  #refuseContent(): void {
    if (this.#requestIsComplete) return;
    this.#requestIsComplete = true;
    this.#arrived.length = 0;
    this.exchange?.content?.fail(contentDiscarded());
    this.#host.connection.refuseContent(this.stream);
  }

  // --- the tunnel ---

  openTunnel(fields: FieldLines): OpenedTunnel {
    const status = 200;
    const { dateLine } = this.#host.service.sweep;
    this.#host.connection.acceptTunnel(this.stream, status, fields, dateLine);
    this.#tunnel = new StreamOctets(this, this.#host.connection, () => this.#host.flushSoon());
    this.#host.flushSoon();
    this.regulate(true);
    return {
      status,
      octets: this.#tunnel,
      carry: (carried) => this.carry(carried),
      takeReceived: () => NO_OCTETS,
      onActivity: () => this.regulate(true),
      close: () => this.#endIfDone(),
      abort: (error) => this.abort(error),
    };
  }

  // --- the end, and time ---

  /** The stream is closed: the client reset it, the connection is lost, or the exchange was broken off. */
  onReset(error: unknown): void {
    const { exchange } = this;
    this.#requestIsComplete = true;
    this.#arrived.length = 0;
    exchange?.abort(error);
    this.#tunnel?.destroy();
    for (const resolve of this.#onDrained.splice(0)) resolve();
    // A handler that has not answered is still at work, and its stream counts until it ends.
    if (exchange === undefined || exchange.hasAnswered || exchange.responseIsComplete) this.#end();
  }

  onHandlerEnd(): void {
    this.#end();
  }

  #endIfDone(): void {
    if (this.#responseIsComplete && this.#requestIsComplete && this.stream.queued === 0) this.#end();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.deadline = Infinity;
    this.#host.service.sweep.delete(this);
    this.#host.connection.release(this.stream);
    this.#host.onStreamEnd(this);
  }

  #whatIsOwed(): Owed {
    if (this.#hasEnded) return 'nothing';
    if (this.#tunnel !== undefined) return 'tunnel';
    // The socket's own deadline holds while the socket is blocked.
    if (this.stream.queued > 0 && !this.#host.isBlocked) return 'drain';
    if (this.exchange?.content?.isWanted === true) return 'content';
    if (!this.#responseIsComplete || this.#requestIsComplete) return 'nothing';
    return this.#discarded === undefined ? 'reader' : 'discard';
  }

  /** Sets the deadline for what the client owes on this stream. Most streams never owe anything. */
  regulate(hasProgressed: boolean): void {
    const owed = this.#whatIsOwed();
    if (owed === this.#owed && !(hasProgressed && (owed === 'content' || owed === 'tunnel'))) return;
    this.#owed = owed;
    const { sweep, settings } = this.#host.service;
    if (owed === 'nothing') {
      this.deadline = Infinity;
      return;
    }
    this.deadline = sweep.after(timeoutFor(owed, settings.timeouts));
    this.#sentBefore = this.stream.sent;
    sweep.add(this);
  }

  /** The timeouts have become shorter. */
  hurry(): void {
    const { sweep, settings } = this.#host.service;
    if (OWED_BY_CLIENT.includes(this.#owed))
      this.deadline = Math.min(this.deadline, sweep.after(timeoutFor(this.#owed, settings.timeouts)));
  }

  onDeadline(): void {
    this.deadline = Infinity;
    switch (this.#owed) {
      case 'content':
        if (this.exchange?.hasAnswered === false && this.#host.service.answersClientFaults) {
          this.exchange.onContentRejected(REQUEST_REJECTIONS.ContentTimeout);
          return this.#refuseContent();
        }
        return this.abort(timedOut('The content of the request did not arrive in time'));
      case 'reader':
      case 'discard':
        this.#refuseContent();
        this.#endIfDone();
        return this.#host.flushSoon();
      case 'drain':
        // Slow is not dead: as long as the client opens its window, it has time.
        if (this.stream.sent === this.#sentBefore)
          return this.abort(timedOut('The client did not take the response in time'));
        this.#owed = 'nothing';
        return this.regulate(true);
      case 'tunnel':
        return this.abort(timedOut('The tunnel was idle for too long'));
      default:
    }
  }
}

const isTimeout = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'ERR_HTTP_TIMEOUT';
