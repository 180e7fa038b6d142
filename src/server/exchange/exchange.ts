/**
 * One request and its response, from head to last octet (Fetch Server API draft, "Exchange states").
 *
 * Every operation on it passes the legality table of `states.ts`. `begin.ts` makes it, `invocation.ts` calls the handler,
 * and `response-writer.ts` sends the `Response`. What it knows of the connection is its wire.
 */

import { errorContent } from '../../error-pages/error-content.ts';
import { type ContentSource, ReceivedContent } from '../../fetch/content/received-content.ts';
import { invalidState, notSupported } from '../../fetch/errors.ts';
import type { FieldsInit } from '../../fetch/fields-init.ts';
import { addFields } from '../../fetch/fields-init.ts';
import { LightRequest, type RequestSource } from '../../fetch/request.ts';
import { Deferred } from '../../io/deferred.ts';
import type { SocketAddress } from '../../io/socket-address.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { declaredLength } from '../../semantics/content-length.ts';
import { FieldLines } from '../../semantics/field-lines.ts';
import type { Priority } from '../../semantics/priority.ts';
import type { RequestHead } from '../../semantics/request-head.ts';
import { reasonPhrase } from '../../semantics/status-codes.ts';
import type { WebSocketUpgradeInit } from '../../websocket/options.ts';
import type { ServerWebSocket } from '../../websocket/server-socket.ts';
import type { ServerContext } from '../api.ts';
import { type RequestEnd, type RequestStart, requestEnd } from '../diagnostics.ts';
import type { ExchangeObserver } from '../observer.ts';
import type { Counters, ServerStatus } from '../status.ts';
import { withHsts } from '../strict-transport-security.ts';
import { clientFaultError } from './client-fault.ts';
import { type ContextSource, ExchangeContext } from './context.ts';
import { EXCHANGE_TRANSITIONS, type ExchangeOperation, type ExchangeState } from './states.ts';
import { type Waiting, WaitUntil } from './wait-until.ts';
import { type ClientFault, upgradeWebSocket } from './websocket.ts';
import type { Successor } from './websocket-exchange.ts';
import type { Carried, Wire } from './wire.ts';

/** What an exchange takes from the server. */
export interface ExchangeHost extends Waiting {
  readonly settings: Waiting['settings'] & {
    readonly autoContinue: boolean;
    /** The value of `Strict-Transport-Security`; empty for none. */
    readonly hsts: string;
  };
  readonly counters: Counters;
  readonly server: ServerStatus;
}

/** A response whose content is being sent. */
export interface OpenResponse {
  /** Gives up the source. */
  cancel(error: unknown): void;
  /** The client has ended its side. It has gone, unless it only waits for the rest. */
  onPeerEnd?(): void;
}

export class Exchange implements Carried, ContentSource, ContextSource, RequestSource {
  state: ExchangeState = 'open';
  readonly wire: Wire;
  readonly host: ExchangeHost;
  readonly head: RequestHead;
  readonly origin: string;
  /** The client's address as reported by a trusted proxy; `undefined` if there is none. */
  readonly forwardedFor: SocketAddress | undefined;
  readonly content: ReceivedContent | undefined;
  /** Of the final response; 0 before it begins. */
  status = 0;
  /** When the head was complete, if anything subscribes to that: on the clock of `performance.now()`. */
  startTime = 0;
  /** Bytes of the content that has been sent. */
  contentSent = 0;
  /** The handler has asked `fetch()` to take over from `connect()`. */
  fallsThrough = false;
  /** The response has been handed to the transport, to its last octet. */
  responseIsComplete = false;
  /** The response whose content is being sent. */
  openResponse: OpenResponse | undefined;
  /** The client waits for 100 (Continue) and has not got it (RFC 9110 §10.1.1). */
  owesContinue: boolean;
  /** What the client did wrong, and how a handler's failure over it is answered. */
  clientFault: ClientFault | undefined;

  readonly #observer: ExchangeObserver | undefined;
  #request: LightRequest | undefined;
  #context: ServerContext | undefined;
  #abortController: AbortController | undefined;
  #abortReason: unknown;
  #completed: Deferred | undefined;
  #waitUntil: WaitUntil | undefined;
  #successor: Successor | undefined;

  constructor(
    wire: Wire,
    host: ExchangeHost,
    head: RequestHead,
    origin: string,
    forwardedFor: SocketAddress | undefined,
  ) {
    this.wire = wire;
    this.host = host;
    this.head = head;
    this.origin = origin;
    this.forwardedFor = forwardedFor;
    this.owesContinue = head.expectsContinue;
    this.content = head.hasContent ? new ReceivedContent(this) : undefined;
    this.#observer = wire.observe?.(this);
  }

  get request(): LightRequest {
    this.#request ??= new LightRequest(this);
    return this.#request;
  }

  get context(): ServerContext {
    this.#context ??= new ExchangeContext(this);
    return this.#context;
  }

  /** `connect()` gets a context of its own; `undefined` gives `fetch()` a new one. */
  set context(context: ServerContext | undefined) {
    this.#context = context;
  }

  get signal(): AbortSignal {
    this.#follow();
    if (this.#abortController === undefined) {
      this.#abortController = new AbortController();
      if (this.isAborted) this.#abortController.abort(this.#abortReason);
    }
    return this.#abortController.signal;
  }

  get declaredLength(): number {
    return declaredLength(this.head.fields);
  }

  /** The client's: as a trusted proxy reports it, or the other end of the connection. */
  get remoteAddress(): SocketAddress {
    return this.forwardedFor ?? this.wire.addresses.remoteAddress;
  }

  /** Checked after every wait: the peer may have gone in the meantime. */
  get isAborted(): boolean {
    return this.state === 'aborted' || this.#successor?.outcome?.error !== undefined;
  }

  get hasAnswered(): boolean {
    return this.state === 'committed' || this.state === 'denied';
  }

  get isAnswering(): boolean {
    return this.hasAnswered || this.openResponse !== undefined;
  }

  get completed(): Promise<void> {
    this.#follow();
    if (this.#completed === undefined) {
      this.#completed = new Deferred();
      this.#completed.promise.catch(() => {});
      if (this.responseIsComplete) this.#completed.resolve();
      else if (this.isAborted) this.#completed.reject(this.#abortReason);
    }
    return this.#completed.promise;
  }

  /**
   * Applies the table's outcome for an operation.
   *
   * @returns false if the operation comes to nothing, because the peer was faster.
   * @throws {DOMException} `InvalidStateError` for misuse by the handler.
   */
  transition(operation: ExchangeOperation): boolean {
    const { state } = this;
    const outcome = EXCHANGE_TRANSITIONS[this.isAborted ? 'aborted' : state][operation];
    if (outcome === 'throws') throw invalidState(`${operation}: the exchange is ${state}`);
    if (outcome === 'discarded') return false;
    this.state = outcome;
    this.#observer?.onState(operation, outcome);
    return true;
  }

  sendInformational(status: number, headers?: FieldsInit): void {
    if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) {
      throw new RangeError(`sendInformational: not an interim status: ${status}`);
    }
    // A 1.0 client would take it for the final response (RFC 9110 §15.2).
    if (this.head.version === '1.0')
      throw notSupported('sendInformational: HTTP/1.0 has no interim responses');
    if (status === 100 && !this.owesContinue && !this.isAborted) {
      throw invalidState('sendInformational: the client does not wait for 100 (Continue), or has got it');
    }
    const fields = new FieldLines();
    addFields(headers, fields);
    if (!this.transition('sendInformational')) return;
    // Any interim response says that the exchange goes on, so the one that the client waits for comes first.
    if (status === 100) this.owesContinue = false;
    else if (this.host.settings.autoContinue) this.#sendContinue();
    this.wire.sendInterim(status, fields);
  }

  /** Declines: 503 and close, so that the client may try again elsewhere (draft, "Denial"). */
  deny(): void {
    if (this.transition('deny')) this.sendPlain(503, 'Service Unavailable', true);
  }

  /** The fields of a final response, with those that the server adds. */
  finalFields(fields: FieldLines): FieldLines {
    const { hsts } = this.host.settings;
    // RFC 6797 §7.2: not over an insecure transport.
    return hsts === '' || !this.wire.security.encrypted ? fields : withHsts(fields, hsts);
  }

  /**
   * The server's own answer: a page for a browser, or a line of text. The exchange has been committed or denied.
   *
   * @param sentence ASCII.
   */
  sendPlain(status: number, sentence: string, closes: boolean, fields = new FieldLines()): void {
    const detail = sentence === reasonPhrase(status) ? {} : { detail: sentence };
    const error = errorContent(this.head.fields.get('accept'), status, detail);
    const { content } = error;
    if (error.form === 'text') fields.add('Content-Type', 'text/plain');
    else for (const [name, value] of error.fields) fields.add(name, value);
    fields.closes = closes;
    if (status === 503) fields.add('Retry-After', '1');
    this.status = status;
    this.wire.sendWhole(
      { status, reason: '', fields: this.finalFields(fields), contentLength: content.length },
      content,
    );
    if (this.head.method !== 'HEAD') this.contentSent = content.length;
    this.onResponseEnd();
  }

  upgradeWebSocket(init: WebSocketUpgradeInit | undefined): ServerWebSocket {
    return upgradeWebSocket(this, init);
  }

  /**
   * Leaves the rest to its successor, which holds the exchange no longer: most WebSockets are idle, and there are many. Not if somebody
   * is to hear of the end. A stream of HTTP/2 keeps its exchange, whose priority may change (RFC 9218 §7).
   */
  leaveTo(successor: Successor): void {
    const isHeard =
      this.#observer !== undefined ||
      requestEnd.hasSubscribers ||
      (this.#abortController ?? this.#completed ?? this.#waitUntil) !== undefined;
    if (isHeard || this.head.version === '2') successor.exchange = this;
    else this.#successor = successor;
  }

  /** Whoever asks about the end later is told of it from then on, or finds it as it was. */
  #follow(): void {
    const successor = this.#successor;
    if (successor === undefined) return;
    this.#successor = undefined;
    const { outcome } = successor;
    if (outcome === undefined) successor.exchange = this;
    else if (outcome.error === undefined) this.responseIsComplete = true;
    else {
      this.state = 'aborted';
      this.#abortReason = outcome.error;
    }
  }

  waitUntil(promise: Promise<unknown>): void {
    this.#follow();
    this.#waitUntil ??= new WaitUntil(this.host, this.head);
    this.#waitUntil.add(promise, this.responseIsComplete || this.isAborted);
  }

  /** The response has been handed to the transport, to its last octet. */
  onResponseEnd(): void {
    this.responseIsComplete = true;
    this.host.counters.requestsFinished++;
    this.openResponse = undefined;
    this.#completed?.resolve();
    this.#waitUntil?.onResponseEnd();
    if (requestEnd.hasSubscribers) this.#publishEnd(undefined);
    this.#observer?.onEnd(undefined);
    this.wire.release();
  }

  onPriority(priority: Priority): void {
    this.#context?.onpriority?.({ ...priority });
  }

  onPeerEnd(): void {
    this.openResponse?.onPeerEnd?.();
  }

  abort(error: unknown): void {
    this.content?.fail(error);
    // A response that was handed over whole has not been cut off.
    if (this.responseIsComplete || !this.transition('abort')) return;
    this.#abortReason = error;
    this.host.counters.requestsCutOff++;
    this.#abortController?.abort(error);
    this.openResponse?.cancel(error);
    this.openResponse = undefined;
    this.#completed?.reject(error);
    this.#waitUntil?.onResponseEnd();
    if (requestEnd.hasSubscribers) this.#publishEnd(error);
    this.#observer?.onEnd(error);
  }

  onContentRejected(rejection: Rejection): void {
    const error = clientFaultError(rejection);
    this.clientFault = { error, rejection, closes: true };
    this.content?.fail(error);
  }

  onFirstRead(): void {
    if (this.host.settings.autoContinue) this.#sendContinue();
  }

  /** A response whose body reads the content can only follow the 100 that the client waits for (RFC 9110 §10.1.1). */
  beforeStream(): void {
    if (this.content?.isLocked === true) this.onFirstRead();
  }

  onWanted(): void {
    this.wire.onContentWanted();
  }

  onRefused(): void {
    this.wire.onContentRefused();
  }

  #sendContinue(): void {
    if (!this.owesContinue || !this.transition('continue')) return;
    this.owesContinue = false;
    this.wire.sendInterim(100, undefined);
  }

  /** For subscribers. */
  get description(): RequestStart {
    const { context, head, scheme, startTime } = this;
    return { context, method: head.method, path: head.path, version: head.version, scheme, startTime };
  }

  get scheme(): 'http' | 'https' {
    return this.origin.startsWith('https:') ? 'https' : 'http';
  }

  #publishEnd(error: unknown): void {
    const { context, head, scheme, startTime, status } = this;
    // A spread of `description` would cost more than all else here.
    const end: RequestEnd = {
      context,
      method: head.method,
      path: head.path,
      version: head.version,
      scheme,
      startTime,
      status,
      error,
      requestBytes: this.content?.received ?? 0,
      responseBytes: this.contentSent,
    };
    requestEnd.publish(end);
  }
}
