/**
 * A connection without a socket: requests come out of the octets it receives, responses go in, and it knows at every moment
 * what may come next (RFC 9112 §9). Exchanges are strictly one after the other (§9.3.2), so PAUSED is what `next` answers
 * while a request that has been decoded still waits for the end of its response.
 *
 * Whoever drives it has two loops: hand over octets and ask `next` until it wants more; write what the response methods
 * return. `examples/replay.ts` is the smallest such driver, `server/connection-driver.ts` the real one.
 */

import type { Latin1 } from '../octets/octet-table.ts';
import type { Rejection } from '../octets/rejection.ts';
import { CONTENT_END, MESSAGE_HEAD, PAUSED } from '../octets/results.ts';
import type { FieldLines } from '../semantics/field-lines.ts';
import type { FieldSection } from '../semantics/field-section.ts';
import { ContentEncoder } from './content/content-encoder.ts';
import { type Framing, NO_CONTENT, responseFraming } from './content/framing.ts';
import type { ScannerPool } from './head/head-scanners.ts';
import type { Http1RequestHead } from './head/request-head.ts';
import { DEFAULT_LIMITS, type MessageLimits } from './limits.ts';
import { connectionPersists } from './persistence.ts';
import { RequestDecoder } from './request-decoder.ts';
import { serializeRejection, serializeResponseHead } from './response-encoder.ts';

/** What a response is before it is framed. */
export interface ResponseStart {
  readonly status: number;
  readonly reason: string;
  readonly fields: FieldLines;
  /** Octets of content, or -1 when it is not known before it ends. */
  readonly contentLength: number;
  /** `Date: …` CRLF. */
  readonly dateLine: string;
  /** The server wants the connection to end after this response, whatever the handler and the client say. */
  readonly serverCloses: boolean;
}

export class ServerConnection {
  /** The request of the current exchange; `undefined` when there is none. */
  request: Http1RequestHead | undefined;
  /** How the response of the current exchange is framed. */
  framing: Framing = NO_CONTENT;
  /** Requests whose head was complete, over the life of the connection. */
  requestCount = 0;

  #requestIsComplete = true;
  #responseHasBegun = false;
  #responseIsComplete = true;
  #persists = true;
  readonly #decoder: RequestDecoder;

  constructor(limits: MessageLimits = DEFAULT_LIMITS, latin1?: Latin1, pool?: ScannerPool) {
    this.#decoder = new RequestDecoder(limits, latin1, pool);
  }

  receive(octets: Uint8Array): void {
    this.#decoder.receive(octets);
  }

  /** MESSAGE_HEAD, CONTENT, CONTENT_END, NEED_OCTETS, REJECTED, or PAUSED. */
  next(): number {
    if (!this.#persists) {
      // `close` is final: what comes behind this exchange is never looked at (RFC 9112 §9.6).
      if (this.#requestIsComplete) return PAUSED;
    } else if (this.#requestIsComplete && !this.#responseIsComplete) {
      return PAUSED;
    }
    const result = this.#decoder.next();
    if (result === MESSAGE_HEAD) {
      const head = this.#decoder.head!;
      this.request = head;
      this.requestCount++;
      this.#requestIsComplete = head.framing.kind === 'none';
      this.#responseHasBegun = false;
      this.#responseIsComplete = false;
    } else if (result === CONTENT_END) {
      this.#requestIsComplete = true;
      if (this.#responseIsComplete) this.#letGo();
    }
    return result;
  }

  get content(): Uint8Array {
    return this.#decoder.content;
  }

  get trailers(): FieldSection {
    return this.#decoder.trailers;
  }

  get rejection(): Rejection {
    return this.#decoder.rejection!;
  }

  /** The head of a request has begun to arrive and is not complete. */
  get inHead(): boolean {
    return this.#decoder.inHead;
  }

  /** Octets received and not decoded. */
  get buffered(): number {
    return this.#decoder.buffered;
  }

  /** Octets of the request's content that have not been decoded; Infinity when that can't be told. */
  get contentRemaining(): number {
    return this.#decoder.contentRemaining;
  }

  get requestIsComplete(): boolean {
    return this.#requestIsComplete;
  }

  get responseIsComplete(): boolean {
    return this.#responseIsComplete;
  }

  /** No exchange is going on. */
  get isIdle(): boolean {
    return this.#requestIsComplete && this.#responseIsComplete;
  }

  /** Whether the connection goes on after the current exchange; final once the response has begun. */
  get persists(): boolean {
    return this.#persists;
  }

  /** The head of the final response. Decides its framing, and whether the connection persists. */
  beginResponse(start: ResponseStart): string {
    const { status, fields } = start;
    const { method, minor, connectionOptions } = this.request!;
    this.framing = responseFraming({
      requestMethod: method,
      requestMinor: minor,
      status,
      contentLength: start.contentLength,
    });
    this.#responseHasBegun = true;
    // Once lost, persistence does not come back.
    this.#persists = connectionPersists({
      minor,
      requestOptions: connectionOptions,
      serverCloses: !this.#persists || start.serverCloses || fields.closes,
      responseEndsByClosing: this.framing.kind === 'until-close',
    });
    // HEAD and 304 may say how long the content of a GET would be (RFC 9110 §8.6); 204 and 1xx must not say anything.
    const tellsLength = method === 'HEAD' ? status !== 204 : status === 304;
    return serializeResponseHead({
      status,
      reason: start.reason,
      fields,
      framing: this.framing,
      absentContentLength: tellsLength ? start.contentLength : -1,
      persists: this.#persists,
      requestMinor: minor,
      dateLine: start.dateLine,
    });
  }

  /** Frames the content of the response that has begun, piece by piece. */
  contentEncoder(): ContentEncoder {
    return new ContentEncoder(this.framing);
  }

  /** The last octet of the response has been handed over. */
  endResponse(): void {
    this.#responseIsComplete = true;
    if (this.#requestIsComplete) this.#letGo();
  }

  /** The whole answer to a request that is refused; nothing follows it. Empty if a response is under way already. */
  refuse(rejection: Rejection, dateLine: string): string {
    const isOfNextRequest = this.isIdle;
    const method = isOfNextRequest ? this.#decoder.rejectedMethod : this.request!.method;
    const mayAnswer = isOfNextRequest || !this.#responseHasBegun;
    this.close();
    return mayAnswer ? serializeRejection(rejection, method, dateLine) : '';
  }

  /** The content of the current request will not be decoded to its end; the exchange is the connection's last. */
  abandonRequest(): void {
    this.#persists = false;
    this.#requestIsComplete = true;
    this.#decoder.stop();
  }

  /** Nothing more is decoded, and no response begins. */
  close(): void {
    this.#persists = false;
    this.#requestIsComplete = true;
    this.#responseIsComplete = true;
    this.#decoder.stop();
  }

  /** A connection that waits for a request holds nothing of the one before. */
  #letGo(): void {
    this.request = undefined;
    this.#decoder.head = undefined;
  }

  /** The connection becomes another protocol's. @returns the octets of it that have been received. */
  handOver(): Uint8Array {
    this.#persists = false;
    return this.#decoder.stop();
  }
}
