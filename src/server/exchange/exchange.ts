/**
 * One request and its response, from head to last octet (Fetch Server API draft, "Exchange states"): what happens to it is
 * held to the legality table. The connection has one at a time, see `connection-driver.ts`; `invocation.ts` calls the handler,
 * and `response-writer.ts` makes octets of its `Response`.
 */

import { invalidState, notSupported, protocolError } from '../../fetch/errors.ts';
import type { FieldsInit } from '../../fetch/fields-init.ts';
import { addFields } from '../../fetch/fields-init.ts';
import { type ContentSource, ReceivedContent } from '../../fetch/received-content.ts';
import { LightRequest, type RequestSource } from '../../fetch/request.ts';
import { serializeInterimResponse } from '../../http1/response-encoder.ts';
import type { SocketAddress } from '../../io/socket-address.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { FieldLines } from '../../semantics/field-lines.ts';
import type { RequestHead } from '../../semantics/request-head.ts';
import type { ServerContext } from '../api.ts';
import type { Http1Connection } from '../connection/http1-connection.ts';
import { requestEnd, requestStart } from '../diagnostics.ts';
import { ConnectExchangeContext } from './connect-context.ts';
import { ExchangeContext } from './context.ts';
import { invoke } from './invocation.ts';
import { type OpenResponse, sendPlain } from './response-writer.ts';
import { EXCHANGE_TRANSITIONS, type ExchangeOperation, type ExchangeState } from './states.ts';
import { WaitUntil } from './wait-until.ts';

export class Exchange implements RequestSource, ContentSource {
  state: ExchangeState = 'open';
  readonly driver: Http1Connection;
  readonly head: RequestHead;
  readonly origin: string;
  /** Who asks, where proxies that are trusted have said so; else whoever is at the other end of the connection does. */
  readonly forwardedFor: SocketAddress | undefined;
  readonly content: ReceivedContent | undefined;
  /** Of the final response; 0 before there is one. */
  status = 0;
  /** The handler has asked for `fetch()` to take over from `connect()`. */
  fallsThrough = false;
  /** The response has been handed to the transport, to its last octet. */
  responseIsComplete = false;
  /** The response whose content is being sent. */
  openResponse: OpenResponse | undefined;
  /** 100 (Continue) is owed: the client waits for it, and has not got it (RFC 9110 §10.1.1). */
  owesContinue: boolean;
  /** Why the content can't be read to its end, and how a handler's failure over it is answered. */
  contentFault: { readonly error: unknown; readonly rejection: Rejection } | undefined;

  #request: LightRequest | undefined;
  #context: ServerContext | undefined;
  #abortController: AbortController | undefined;
  #abortReason: unknown;
  #completed: Promise<void> | undefined;
  #settleCompleted: { resolve(): void; reject(error: unknown): void } | undefined;
  #waitUntil: WaitUntil | undefined;

  constructor(driver: Http1Connection, head: RequestHead, origin: string, forwardedFor?: SocketAddress) {
    this.driver = driver;
    this.head = head;
    this.origin = origin;
    this.forwardedFor = forwardedFor;
    this.owesContinue = head.expectsContinue;
    this.content = head.hasContent ? new ReceivedContent(this) : undefined;
  }

  get request(): LightRequest {
    this.#request ??= new LightRequest(this);
    return this.#request;
  }

  get context(): ServerContext {
    this.#context ??= new ExchangeContext(this);
    return this.#context;
  }

  get signal(): AbortSignal {
    if (this.#abortController === undefined) {
      this.#abortController = new AbortController();
      if (this.state === 'aborted') this.#abortController.abort(this.#abortReason);
    }
    return this.#abortController.signal;
  }

  /** Asked after every wait: the peer may have gone in the meantime. */
  get isAborted(): boolean {
    return this.state === 'aborted';
  }

  get completed(): Promise<void> {
    if (this.#completed === undefined) {
      this.#completed = new Promise((resolve, reject) => {
        if (this.responseIsComplete) resolve();
        else if (this.state === 'aborted') reject(this.#abortReason);
        else this.#settleCompleted = { resolve, reject };
      });
      this.#completed.catch(() => {});
    }
    return this.#completed;
  }

  /** Hands the request to the application, or turns it away. */
  run(): void {
    const { service } = this.driver;
    const { handlers } = service;
    const connect = this.head.connect === undefined ? undefined : handlers.connect;
    if (connect !== undefined) this.#context = new ConnectExchangeContext(this);
    if (requestStart.hasSubscribers) requestStart.publish({ context: this.context, ...this.#summary });
    service.counters.requestsStarted++;
    if (service.isBusy) {
      service.counters.requestsRefused++;
      sendPlain(this, 503, 'Service Unavailable', service.refusesLateRequests);
    } else {
      invoke(this, connect === undefined ? 'fetch' : 'connect');
    }
  }

  /** `fetch()` takes over from `connect()`, whose context is inert from now on. */
  renewContext(): void {
    this.#context = new ExchangeContext(this);
  }

  /**
   * Does what the table says to an operation.
   *
   * @returns false if the peer was faster and the operation comes to nothing.
   * @throws {DOMException} `InvalidStateError` for what the handler should have known.
   */
  transition(operation: ExchangeOperation): boolean {
    const outcome = EXCHANGE_TRANSITIONS[this.state][operation];
    if (outcome === 'throws') throw invalidState(`${operation}: the exchange is ${this.state}`);
    if (outcome === 'discarded') return false;
    this.state = outcome;
    return true;
  }

  sendInformational(status: number, headers?: FieldsInit): void {
    if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) {
      throw new RangeError(`sendInformational: not an interim status: ${status}`);
    }
    // A 1.0 client would take it for the final response (RFC 9110 §15.2).
    if (this.head.version === '1.0')
      throw notSupported('sendInformational: HTTP/1.0 has no interim responses');
    if (status === 100 && !this.owesContinue && this.state !== 'aborted') {
      throw invalidState('sendInformational: the client does not wait for 100 (Continue), or has got it');
    }
    const fields = new FieldLines();
    addFields(headers, fields);
    if (!this.transition('sendInformational')) return;
    // Any interim response says that the exchange goes on, so the one that is waited for comes first.
    if (status === 100) this.owesContinue = false;
    else if (this.driver.service.settings.autoContinue) this.#sendContinue();
    this.driver.outbound.text(serializeInterimResponse(status, fields));
    this.driver.afterOutput();
  }

  /** Declines: 503 and close, so that the client may try again elsewhere (draft, "Denial"). */
  deny(): void {
    if (!this.transition('deny')) return;
    sendPlain(this, 503, 'Service Unavailable', true);
  }

  waitUntil(promise: Promise<unknown>): void {
    this.#waitUntil ??= new WaitUntil(this.driver.service);
    this.#waitUntil.add(promise, this.responseIsComplete || this.isAborted);
  }

  /** The response has been handed to the transport, to its last octet. */
  onResponseEnd(): void {
    this.responseIsComplete = true;
    this.driver.service.counters.requestsFinished++;
    this.openResponse = undefined;
    this.#settleCompleted?.resolve();
    this.#waitUntil?.onResponseEnd();
    if (requestEnd.hasSubscribers) this.#publishEnd(undefined);
    this.driver.onResponseEnd();
  }

  /** The peer, or time, has ended the exchange. */
  abort(error: unknown): void {
    this.content?.fail(error);
    // What was handed over whole has not been cut off.
    if (this.responseIsComplete || !this.transition('abort')) return;
    this.#abortReason = error;
    this.driver.service.counters.requestsCutOff++;
    this.openResponse?.cancel(error);
    this.openResponse = undefined;
    this.#abortController?.abort(error);
    this.#settleCompleted?.reject(error);
    this.#waitUntil?.onResponseEnd();
    if (requestEnd.hasSubscribers) this.#publishEnd(error);
  }

  /** What arrives is not content, or is too much of it: readers get an error, and the handler still may answer. */
  onContentRejected(rejection: Rejection): void {
    const code = rejection.status === 413 ? 'ERR_HTTP_CONTENT_TOO_LARGE' : 'ERR_HTTP_PROTOCOL_ERROR';
    const error = protocolError(code, `${rejection.sentence} (${rejection.section})`);
    this.contentFault = { error, rejection };
    this.content?.fail(error);
  }

  onFirstRead(): void {
    const mayStillSend = this.state === 'open' || this.state === 'informational';
    if (this.driver.service.settings.autoContinue && mayStillSend) this.#sendContinue();
  }

  onWanted(): void {
    this.driver.onContentWanted();
  }

  onRefused(): void {
    this.driver.onContentRefused();
  }

  #sendContinue(): void {
    if (!this.owesContinue) return;
    this.owesContinue = false;
    this.state = 'informational';
    this.driver.outbound.text(serializeInterimResponse(100, undefined));
    this.driver.afterOutput();
  }

  get #summary() {
    return { method: this.head.method, path: this.head.path };
  }

  #publishEnd(error: unknown): void {
    requestEnd.publish({ context: this.context, ...this.#summary, status: this.status, error });
  }
}
