/**
 * One stream of an HTTP/2 connection that carries an exchange (RFC 9113 §8). Content goes to the exchange as it arrives, and the
 * window opens when its reader has taken it. So a response that is not read holds at most its window, and stops no other.
 */

import {
  CANCEL,
  errorCodeName,
  HTTP_1_1_REQUIRED,
  NO_ERROR,
  REFUSED_STREAM,
} from '../../http2/error-codes.ts';
import type { Http2Error } from '../../http2/errors.ts';
import type { Http2ResponseHead } from '../../http2/head/response-head.ts';
import type { Http2Stream } from '../../http2/stream/stream.ts';
import type { Expiring } from '../../io/deadline.ts';
import { MOST_DISCARDED } from '../../io/discard-limits.ts';
import { responseMayHaveContent } from '../../semantics/content-length.ts';
import type { FieldLines } from '../../semantics/field-lines.ts';
import type { FieldSection } from '../../semantics/field-section.ts';
import { cancelUnopened } from '../content/request-body.ts';
import { type ClientError, clientError, contentTooLarge, responseRefused } from '../errors.ts';
import type { ClientExchange } from '../exchange.ts';
import { type Awaited, overdue, timeoutFor, type WaitingFacts, whatIsAwaited } from './awaited.ts';
import { headText, requestStart } from './http2-request.ts';
import { RequestSender } from './request-sender.ts';
import type { StreamHost, StreamOwner } from './stream-owner.ts';
import { Http2Tunnel } from './tunnel/http2-tunnel.ts';
import type { ClientWire, ContentWriter, LostWire, SendingWire } from './wire.ts';
import type { WireObserver } from './wire-observer.ts';

export class Http2Wire
  implements ClientWire, ContentWriter, Expiring, SendingWire, StreamOwner, WaitingFacts
{
  deadline = Infinity;
  readonly exchange: ClientExchange;
  readonly #host: StreamHost;
  readonly #stream: Http2Stream;
  readonly #wasReused: boolean;
  #sender: RequestSender | undefined;
  #onDrained: (() => void)[] = [];
  #requestHasEnded = false;
  /** The head of the final response. */
  #head: Http2ResponseHead | undefined;
  #wasInformed = false;
  /** Bytes that the exchange keeps for a reader: the window stays closed for them. */
  #unread = 0;
  #isDiscarding = false;
  #hasEnded = false;
  #awaited: Awaited = 'nothing';
  #awaitedSince = 0;
  #sentBefore = 0;

  /** @param wasReused whether the server has answered on the connection before. */
  constructor(host: StreamHost, exchange: ClientExchange, wasReused: boolean) {
    this.#host = host;
    this.exchange = exchange;
    this.#wasReused = wasReused;
    const start = requestStart(exchange, host.isSecure);
    this.#stream = host.connection.request(start);
    this.#stream.owner = this;
    host.sweep.add(this);
    exchange.onConnection(this);
  }

  get observer(): WireObserver | undefined {
    return this.exchange.request.observer;
  }

  // --- the request ---

  /** Sends the content, unless it waits for 100 (Continue). */
  begin(): void {
    const { request, start } = this.exchange;
    const { body, observer } = request;
    observer?.onRequestHead?.(headText(requestStart(this.exchange, this.#host.isSecure)));
    if (this.#hasEnded) return;
    if (body === undefined || this.#stream.hasSentEnd) {
      cancelUnopened(body, undefined);
    } else {
      this.#sender = new RequestSender(body, request, this);
      if (!start.fields.expectsContinue) this.#sender.begin();
    }
    this.#noteSent();
    this.#regulate(false);
  }

  get writer(): ContentWriter {
    return this;
  }

  piece(content: string | Uint8Array): void {
    this.#host.connection.sendData(this.#stream, content);
  }

  whole(content: string | Uint8Array): void {
    if (content.length === 0) return this.end(undefined);
    this.#host.connection.sendData(this.#stream, content, true);
  }

  end(trailers: FieldLines | undefined): void {
    this.#host.connection.sendEnd(this.#stream, trailers);
  }

  drained(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#hasEnded) resolve();
      else this.#onDrained.push(resolve);
    });
  }

  flush(): void {
    this.#host.flushSoon();
    this.#regulate(false);
  }

  onRequestEnd(): void {
    this.#noteSent();
  }

  /** Nothing of the stream waits any more, or the socket has changed between full and not full. */
  onDrained(): void {
    if (!this.isBlocked) for (const resolve of this.#onDrained.splice(0)) resolve();
    this.#noteSent();
    this.#regulate(false);
  }

  #noteSent(): void {
    if (this.#requestHasEnded || this.#hasEnded || !this.#stream.hasSentEnd) return;
    this.#requestHasEnded = true;
    this.exchange.request.observer?.onRequestEnd?.();
  }

  /** The server wants the content, or has not answered the expectation in time. */
  #sendContent(): void {
    if (!this.awaitsContinue) return;
    this.#sender?.begin();
    this.#host.flushSoon();
    this.#regulate(false);
  }

  #stopSending(reason: string): void {
    if (this.#stream.hasSentEnd) return;
    this.#sender?.stop(clientError('ERR_HTTP_REQUEST_CANCELLED', reason));
  }

  // --- the response ---

  onInterim(head: Http2ResponseHead): void {
    this.#wasInformed = true;
    // The clock of the final head starts again.
    this.#awaited = 'nothing';
    if (head.status === 100) this.#sendContent();
    try {
      this.exchange.onInterim(head);
    } catch (error) {
      // The caller's own function has thrown: the caller gets the error.
      this.abort(error);
    }
    this.#regulate(false);
  }

  onHead(head: Http2ResponseHead): void {
    // RFC 8441 §5: any 2xx opens the tunnel.
    if (this.exchange.request.tunnel !== undefined && head.status < 300) return this.#handOver(head);
    this.#head = head;
    const mayHaveContent = responseMayHaveContent(this.#stream.method, head.status);
    if (mayHaveContent && this.#isTooLarge(head.contentLength)) return this.#refuse(contentTooLarge());
    // RFC 9110 §10.1.1: without a 100 the server does not want the content, and after an error it does not need it.
    if (this.awaitsContinue || head.status >= 400)
      this.#stopSending('The server has answered without the content');
    this.exchange.onHead(head, !head.hasContent);
    if (this.#hasEnded) return;
    if (head.hasContent) this.#regulate(true);
    else this.#onResponseEnd();
  }

  #handOver(head: Http2ResponseHead): void {
    this.#hasEnded = true;
    this.#host.sweep.delete(this);
    const tunnel = new Http2Tunnel(this.#host, this.#stream, !head.hasContent);
    this.#host.onHandOver(this, tunnel);
    this.exchange.onTunnel(head, tunnel);
  }

  #isTooLarge(octets: number): boolean {
    const { maxResponseSize } = this.#host.settings.limits;
    return maxResponseSize > 0 && octets > maxResponseSize;
  }

  onContent(octets: Uint8Array): void {
    if (this.#isTooLarge(this.#stream.contentReceived)) return this.#refuse(contentTooLarge());
    this.#unread += octets.length;
    const isWanted = this.#isDiscarding || this.exchange.wantsContent;
    this.exchange.onContent(octets);
    if (isWanted) this.#openWindow();
    this.#regulate(true);
  }

  /** The reader has taken everything so far, or does not want it. */
  #openWindow(): void {
    if (this.#hasEnded) return;
    this.#host.connection.consumed(this.#stream, this.#unread);
    this.#unread = 0;
  }

  onContentEnd(trailers: FieldSection): void {
    this.exchange.onContentEnd(trailers);
    // An observer may have aborted it.
    if (!this.#hasEnded) this.#onResponseEnd();
  }

  #onResponseEnd(): void {
    this.#stopSending('The response is complete');
    // RFC 9113 §8.1: the server needs no more of the request.
    this.#reset(NO_ERROR);
    this.#end(undefined);
    this.exchange.onConnectionDone();
  }

  onContentWanted(): void {
    this.#openWindow();
    this.#host.flushSoon();
    this.#regulate(true);
  }

  /** Throws unwanted content away if it is little: servers count resets. Otherwise resets the stream. */
  onContentRefused(): void {
    const { contentLength } = this.#head!;
    const isLittle =
      contentLength >= 0 && contentLength - this.#stream.contentReceived + this.#unread <= MOST_DISCARDED;
    if (!isLittle || !this.#stream.hasSentEnd) return this.#drop();
    this.#isDiscarding = true;
    this.#openWindow();
    this.#host.flushSoon();
    this.#regulate(false);
  }

  /** Ends an exchange whose reader has enough. */
  #drop(): void {
    this.giveUp(undefined);
    this.exchange.onConnectionDone();
  }

  // --- time ---

  get isBlocked(): boolean {
    return this.#host.isBlocked || this.#stream.queued > 0;
  }

  get awaitsContinue(): boolean {
    return this.#sender?.isWaiting === true;
  }

  get requestIsComplete(): boolean {
    return this.#stream.hasSentEnd;
  }

  get isAnswered(): boolean {
    return this.#head !== undefined;
  }

  get wantsContent(): boolean {
    return this.exchange.wantsContent;
  }

  get isDiscarding(): boolean {
    return this.#isDiscarding;
  }

  /** Sets the deadline for what the server owes on this stream from now on. */
  #regulate(hasProgressed: boolean): void {
    if (this.#hasEnded) return;
    // While the socket is full, the connection has a deadline of its own.
    const awaited = this.#host.isBlocked ? 'nothing' : whatIsAwaited(this);
    if (awaited !== this.#awaited || (hasProgressed && awaited === 'receive')) this.#await(awaited);
  }

  #await(awaited: Awaited): void {
    const { sweep, settings } = this.#host;
    this.#awaited = awaited;
    this.#awaitedSince = sweep.now;
    this.#sentBefore = this.#stream.sent;
    this.deadline = sweep.after(timeoutFor(awaited, settings.timeouts));
  }

  onDeadline(): void {
    this.deadline = Infinity;
    const awaited = this.#awaited;
    if (awaited === 'continue') return this.#sendContent();
    // Slow is not dead: as long as the server opens its window, it has time.
    if (awaited === 'send' && this.#stream.sent !== this.#sentBefore) return this.#await('send');
    const message = overdue(awaited);
    if (message === undefined) return this.#drop();
    const isSilent = this.#host.heardAt < this.#awaitedSince;
    this.#refuse(clientError('ERR_HTTP_TIMEOUT', message));
    if (isSilent) this.#host.onSilence();
  }

  // --- the end ---

  onReset(code: number, error: Http2Error | undefined): void {
    if (error !== undefined) return this.#refuse(responseRefused(error));
    const isHttp1Next = code === HTTP_1_1_REQUIRED && this.#host.onHttp1Required();
    const isUnprocessed = (code === REFUSED_STREAM || isHttp1Next) && !this.#wasAnswered;
    const when = this.#head === undefined ? 'it sent a response' : 'the response was complete';
    const message = `The server reset the stream before ${when}: ${errorCodeName(code)} (RFC 9113 §6.4)`;
    this.onLost(clientError('ERR_HTTP_CONNECTION_RESET', message), { isUnprocessed, wasAnswered: true });
  }

  get #wasAnswered(): boolean {
    return this.#wasInformed || this.#head !== undefined;
  }

  onLost(error: ClientError, { isUnprocessed = false, wasAnswered = false }: Partial<LostWire> = {}): void {
    const { exchange } = this;
    const facts = {
      wasReused: this.#wasReused,
      wasSent: true,
      wasAnswered: this.#wasAnswered || (wasAnswered && !isUnprocessed),
      isUnprocessed,
    };
    this.#end(error);
    if (exchange.onConnectionLost(error, facts)) this.#host.onRetry(exchange);
  }

  /** Ends the stream because of what the server does. */
  #refuse(error: ClientError): void {
    this.#reset(CANCEL);
    this.onLost(error, { wasAnswered: true });
  }

  giveUp(reason: unknown): void {
    this.#reset(CANCEL);
    this.#end(reason);
  }

  abort(error: unknown): void {
    this.giveUp(error);
    this.exchange.fail(error);
  }

  #reset(code: number): void {
    if (this.#hasEnded) return;
    this.#host.connection.reset(this.#stream, code);
    this.#host.flushSoon();
  }

  #end(reason: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.deadline = Infinity;
    this.#host.sweep.delete(this);
    this.#sender?.stop(reason);
    this.#stream.owner = undefined;
    this.#host.connection.release(this.#stream);
    for (const resolve of this.#onDrained.splice(0)) resolve();
    this.#host.onStreamEnd(this);
  }
}
