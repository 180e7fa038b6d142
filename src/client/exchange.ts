/**
 * One request and its response, from the call of `fetch` to the last octet of content: first waiting for a connection, then on
 * one, or on a second one if the first turns out to be closed. It holds content that arrives before a reader does, so that the
 * connection is free for the next request sooner.
 */

import { CollectedOctets } from '../fetch/content/collected-octets.ts';
import { type ContentSource, ReceivedContent } from '../fetch/content/received-content.ts';
import type { RequestStart } from '../http1/client-connection.ts';
import { Deferred } from '../io/deferred.ts';
import { kept } from '../io/shared-reading.ts';
import { declaredLength, responseMayHaveContent } from '../semantics/content-length.ts';
import { type FieldSection, NO_FIELDS } from '../semantics/field-section.ts';
import { type Abortable, abortOn, forgetAbort } from './abort-listeners.ts';
import type { ClientTunnel, ClientWire, LostWire } from './connection/wire.ts';
import { cancelUnopened } from './content/request-body.ts';
import type { ReceivedHead } from './received-head.ts';
import { type OutgoingRequest, requestFields } from './request-init.ts';
import { isIdempotent, mayRetry } from './retry.ts';

/** Bytes of content that are kept until a reader comes; beyond that the socket is paused. */
const MOST_EARLY = 64 * 1024;

/** What an exchange results in: a head, and content that may still be arriving. */
export interface ReceivedResponse {
  readonly head: ReceivedHead;
  /** `undefined` for a response that never has content (RFC 9110 §6.4.1). */
  readonly content: ReceivedContent | undefined;
  /** The server has agreed to one. */
  readonly tunnel?: ClientTunnel;
}

export class ClientExchange implements Abortable, ContentSource {
  readonly request: OutgoingRequest;
  readonly start: RequestStart;
  /** The second attempt: it must not be sent on a connection that has been used before. */
  needsFreshConnection = false;

  readonly #response = new Deferred<ReceivedResponse>();
  #wire: ClientWire | undefined;
  /** It has been given a connection, which from then on sends or cancels its body. */
  #hasBegun = false;
  #isSettled = false;
  #isOver = false;
  #retries = 0;
  #content: ReceivedContent | undefined;
  /** Of the response. */
  #fields: FieldSection | undefined;
  /** Content that has arrived before a reader, and how much it is. */
  #early: CollectedOctets | undefined;
  #earlyOctets = 0;
  #trailers: FieldSection | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isRefused = false;
  /** Takes it out of the queue in which it waits. */
  readonly #onGivenUp: (exchange: ClientExchange) => void;

  /** @throws {TypeError} for fields that can't be sent. */
  constructor(request: OutgoingRequest, onGivenUp: (exchange: ClientExchange) => void) {
    this.request = request;
    this.#onGivenUp = onGivenUp;
    const fields = requestFields(request);
    const { body } = request;
    const declared = fields.contentLength;
    const length = body === undefined || body.length >= 0 ? body?.length : declared;
    this.start = {
      method: request.method,
      target: request.target.path,
      authority: request.target.destination.authority,
      fields,
      contentLength: body !== undefined && request.trailers !== undefined ? -1 : length,
      closes: false,
    };
    const { signal } = request;
    if (signal !== undefined) abortOn(signal, this);
  }

  get response(): Promise<ReceivedResponse> {
    return this.#response.promise;
  }

  get declaredLength(): number {
    return this.#fields === undefined ? -1 : declaredLength(this.#fields);
  }

  /** Whether it may be sent again after it has met a connection that the server was closing. */
  get isRepeatable(): boolean {
    const { method, body } = this.request;
    return isIdempotent(method) && body?.isReplayable !== false;
  }

  /** It has ended for its caller. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether content that is decoded now has a place to go. */
  get acceptsContent(): boolean {
    if (this.#content === undefined || this.#content.isWanted) return true;
    return this.#earlyOctets < MOST_EARLY;
  }

  /** Whether a reader waits for content. */
  get wantsContent(): boolean {
    return this.#content?.isWanted === true;
  }

  // --- what the connection reports ---

  /** It has been given a connection. */
  onConnection(wire: ClientWire): void {
    this.#wire = wire;
    this.#hasBegun = true;
  }

  onInterim(head: ReceivedHead): void {
    this.request.observer?.onResponseHead?.(head.text, head.status);
    this.request.onInterim?.(head);
  }

  /** @param isComplete whether the response ends with its head. */
  onHead(head: ReceivedHead, isComplete: boolean): void {
    const { observer, method } = this.request;
    this.#fields = head.fields;
    observer?.onResponseHead?.(head.text, head.status);
    if (responseMayHaveContent(method, head.status)) this.#content = new ReceivedContent(this);
    if (isComplete) {
      this.#content?.end(NO_FIELDS);
      observer?.onResponseEnd?.();
    }
    this.#isSettled = true;
    this.#response.resolve({ head, content: this.#content });
  }

  /** The server has opened a tunnel, which is no part of the exchange. */
  onTunnel(head: ReceivedHead, tunnel: ClientTunnel): void {
    this.request.observer?.onResponseHead?.(head.text, head.status);
    // An observer may have aborted it.
    if (this.#isOver) return tunnel.abort();
    this.#isSettled = true;
    this.onConnectionDone();
    this.#response.resolve({ head, content: undefined, tunnel });
  }

  onContent(octets: Uint8Array): void {
    // The observer may keep it.
    this.request.observer?.onContent?.(kept(octets));
    if (this.#isRefused) return;
    if (this.#content!.isWanted && this.#earlyOctets === 0) return this.#content!.deliver(octets);
    this.#early ??= new CollectedOctets();
    this.#early.add(octets);
    this.#earlyOctets += octets.length;
  }

  onContentEnd(trailers: FieldSection): void {
    this.request.observer?.onResponseEnd?.();
    this.#trailers = trailers;
    this.#passOn();
  }

  /** The connection has nothing more to do for the exchange. */
  onConnectionDone(): void {
    this.#wire = undefined;
    this.#isOver = true;
    this.#forgetSignal();
  }

  /**
   * The connection is lost, or was given up because of what the server sent.
   *
   * @returns whether the exchange is to be given another connection.
   */
  onConnectionLost(error: unknown, facts: LostWire): boolean {
    this.#wire = undefined;
    if (this.#isOver) return false;
    const { method, body, observer } = this.request;
    const isReplayable = body === undefined || body.isReplayable || !facts.wasSent;
    if (!this.#isSettled && mayRetry({ ...facts, method, isReplayable, retries: this.#retries })) {
      this.#retries++;
      this.needsFreshConnection = !facts.isUnprocessed;
      observer?.onRetry?.(error);
      return true;
    }
    this.fail(error);
    return false;
  }

  /** Ends the exchange with an error. The reader still gets the content that arrived before. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forgetSignal();
    if (!this.#hasBegun) cancelUnopened(this.request.body, error);
    if (!this.#isSettled) {
      this.#isSettled = true;
      this.#response.reject(error);
      return;
    }
    this.#failure = { error };
    this.#passOn();
  }

  /** Ends the exchange at once, at the caller's request. Content that was not read is thrown away. */
  abort(reason: unknown): void {
    if (this.#isOver) return;
    const wire = this.#wire;
    this.#wire = undefined;
    this.#forgetEarly();
    this.fail(reason);
    if (wire === undefined) this.#onGivenUp(this);
    else wire.giveUp(reason);
  }

  // --- what the reader of the content asks for ---

  onFirstRead(): void {}

  onWanted(): void {
    this.#passOn();
    this.#wire?.onContentWanted();
  }

  onRefused(): void {
    this.#isRefused = true;
    this.#forgetEarly();
    this.#wire?.onContentRefused();
  }

  /** Gives the reader what has arrived before. */
  #passOn(): void {
    const content = this.#content;
    if (content === undefined) return;
    if (this.#earlyOctets > 0) {
      if (!content.isWanted) return;
      const octets = this.#early!.join();
      this.#forgetEarly();
      content.deliver(octets);
    }
    if (this.#trailers !== undefined) content.end(this.#trailers);
    else if (this.#failure !== undefined) content.fail(this.#failure.error);
  }

  #forgetEarly(): void {
    this.#early = undefined;
    this.#earlyOctets = 0;
  }

  #forgetSignal(): void {
    const { signal } = this.request;
    if (signal !== undefined) forgetAbort(signal, this);
  }
}
