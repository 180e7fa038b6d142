/**
 * One request and its response, from the call of `fetch` to the last octet of content: waiting for a connection, on one, or
 * on a second one when the first turns out to be dead. It holds content that has come early, so that the connection is free
 * for the next request before anybody has read this answer.
 */

import { type ContentSource, ReceivedContent } from '../fetch/received-content.ts';
import type { RequestStart } from '../http1/client-connection.ts';
import type { ResponseHead } from '../http1/head/response-head.ts';
import { responseMayHaveContent } from '../semantics/content-length.ts';
import type { FieldSection } from '../semantics/field-section.ts';
import type { ClientConnectionDriver } from './connection/pooled-connection.ts';
import { cancelUnopened } from './content/request-body.ts';
import { type OutgoingRequest, requestFields } from './request-init.ts';
import { mayRetry } from './retry.ts';

/** Octets of content that are kept for a reader who has not come yet; then the socket is paused. */
const MOST_EARLY = 64 * 1024;

/** What an exchange comes to: a head, and content that may still be on its way. */
export interface Answer {
  readonly head: ResponseHead;
  /** `undefined` when there is no body at all. */
  readonly content: ReceivedContent | undefined;
}

export class Exchange implements ContentSource {
  readonly request: OutgoingRequest;
  readonly start: RequestStart;
  readonly answer: Promise<Answer>;
  /** A second attempt: no connection that has been used before will do. */
  needsFreshConnection = false;
  driver: ClientConnectionDriver | undefined;

  /** It has been given a connection, which sends its content or lets go of it. */
  #hasBegun = false;
  #isSettled = false;
  #isOver = false;
  #retries = 0;
  #content: ReceivedContent | undefined;
  #early: Uint8Array[] = [];
  #earlyOctets = 0;
  #trailers: FieldSection | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isRefused = false;
  #resolve!: (answer: Answer) => void;
  #reject!: (error: unknown) => void;
  readonly #onAborted: (() => void) | undefined;
  /** Takes it out of the queue it waits in. */
  readonly #onGivenUp: (exchange: Exchange) => void;

  /** @throws {TypeError} for fields that can't be sent. */
  constructor(request: OutgoingRequest, onGivenUp: (exchange: Exchange) => void) {
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
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { signal } = request;
    if (signal !== undefined) {
      this.#onAborted = () => this.abort(signal.reason);
      signal.addEventListener('abort', this.#onAborted, { once: true });
    }
  }

  /** Whether there is nothing left to do, or nobody to do it for. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether content that is decoded now has a place to go. */
  get acceptsContent(): boolean {
    if (this.#content === undefined || this.#content.wanted) return true;
    return this.#earlyOctets < MOST_EARLY;
  }

  /** Whether somebody waits for content. */
  get wantsContent(): boolean {
    return this.#content?.wanted === true;
  }

  // --- what the connection has to say ---

  /** It has been given a connection. */
  onConnection(driver: ClientConnectionDriver): void {
    this.driver = driver;
    this.#hasBegun = true;
  }

  onInterim(head: ResponseHead): void {
    this.request.observer?.onResponseHead?.(head.text, head.status);
    this.request.onInterim?.(head);
  }

  onHead(head: ResponseHead): void {
    const { observer, method } = this.request;
    observer?.onResponseHead?.(head.text, head.status);
    if (responseMayHaveContent(method, head.status)) this.#content = new ReceivedContent(this);
    if (head.framing.kind === 'none') {
      this.#content?.end(head.fields.filter(() => false));
      observer?.onResponseEnd?.();
    }
    this.#isSettled = true;
    this.#resolve({ head, content: this.#content });
  }

  onContent(octets: Uint8Array): void {
    this.request.observer?.onContent?.(octets);
    if (this.#isRefused) return;
    if (this.#content!.wanted && this.#early.length === 0) return this.#content!.deliver(octets);
    this.#early.push(octets);
    this.#earlyOctets += octets.length;
  }

  onContentEnd(trailers: FieldSection): void {
    this.request.observer?.onResponseEnd?.();
    this.#trailers = trailers;
    this.#passOn();
  }

  /** Nothing more of the exchange goes over the connection. */
  onConnectionDone(): void {
    this.driver = undefined;
    this.#isOver = true;
    this.#forgetSignal();
  }

  /**
   * The connection is lost, or was refused further trust.
   *
   * @returns whether the exchange is to be given another connection.
   */
  onConnectionLost(
    error: unknown,
    facts: { wasReused: boolean; wasSent: boolean; wasAnswered: boolean },
  ): boolean {
    this.driver = undefined;
    if (this.#isOver) return false;
    const { method, body, observer } = this.request;
    const isReplayable = body === undefined || body.isReplayable || !facts.wasSent;
    if (!this.#isSettled && mayRetry({ ...facts, method, isReplayable, retries: this.#retries })) {
      this.#retries++;
      this.needsFreshConnection = true;
      observer?.onRetry?.(error);
      return true;
    }
    this.fail(error);
    return false;
  }

  /** Ends the exchange with an error; content that has come before is still given out. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forgetSignal();
    if (!this.#hasBegun) cancelUnopened(this.request.body, error);
    if (!this.#isSettled) {
      this.#isSettled = true;
      this.#reject(error);
      return;
    }
    this.#failure = { error };
    this.#passOn();
  }

  /** The caller wants none of it any more: at once, and whatever has come. */
  abort(reason: unknown): void {
    if (this.#isOver) return;
    const { driver } = this;
    this.driver = undefined;
    this.#early = [];
    this.#earlyOctets = 0;
    this.fail(reason);
    if (driver === undefined) this.#onGivenUp(this);
    else driver.giveUp(reason);
  }

  // --- what the reader of the content has to say ---

  onFirstRead(): void {}

  onWanted(): void {
    this.#passOn();
    this.driver?.onContentWanted();
  }

  onRefused(): void {
    this.#isRefused = true;
    this.#early = [];
    this.#earlyOctets = 0;
    this.driver?.onContentRefused();
  }

  /** Gives what has come early to whoever reads now. */
  #passOn(): void {
    const content = this.#content;
    if (content === undefined) return;
    while (content.wanted && this.#early.length > 0) {
      const octets = this.#early.shift()!;
      this.#earlyOctets -= octets.length;
      content.deliver(octets);
    }
    if (this.#early.length > 0) return;
    if (this.#trailers !== undefined) content.end(this.#trailers);
    else if (this.#failure !== undefined) content.fail(this.#failure.error);
  }

  #forgetSignal(): void {
    if (this.#onAborted !== undefined) this.request.signal!.removeEventListener('abort', this.#onAborted);
  }
}
