/**
 * The server's end of a connection, without a socket: it decodes requests from the octets received, and encodes responses.
 * Exchanges do not overlap (RFC 9112 §9.3.2): while a request that was decoded waits for the end of its response, `next`
 * returns PAUSED.
 *
 * The caller has two loops. One passes received octets to `receive` and calls `next` until it needs more. The other writes
 * the results of the response methods. `examples/replay.ts` is the smallest such caller.
 */

import type { Latin1 } from '../octets/octet-table.ts';
import type { Rejection } from '../octets/rejection.ts';
import { CONTENT_END, MESSAGE_HEAD, PAUSED } from '../octets/results.ts';
import type { FieldLines } from '../semantics/field-lines.ts';
import { responseFraming } from './content/framing.ts';
import { Endpoint } from './endpoint.ts';
import type { ScannerPool } from './head/head-scanners.ts';
import type { Http1RequestHead } from './head/request-head.ts';
import { DEFAULT_LIMITS, type MessageLimits } from './limits.ts';
import { connectionPersists } from './persistence.ts';
import { REJECTIONS } from './rejections.ts';
import { RequestDecoder } from './request-decoder.ts';
import { serializeRejection, serializeResponseHead } from './response-encoder.ts';

/** A response before it is framed. */
export interface ResponseStart {
  readonly status: number;
  readonly reason: string;
  readonly fields: FieldLines;
  /** Length of the content in bytes, or -1 if it is not known before the content ends. */
  readonly contentLength: number;
  /** `Date: …` CRLF. */
  readonly dateLine: string;
  /** `Keep-Alive: timeout=…` CRLF, sent while the connection persists (RFC 9112 §9.3). Default: none. */
  readonly keepAliveLine?: string;
  /** The server closes the connection after this response, whatever the handler and the client ask for. */
  readonly serverCloses: boolean;
}

export class ServerConnection extends Endpoint<RequestDecoder> {
  /** The request of the current exchange; `undefined` between exchanges. */
  request: Http1RequestHead | undefined;

  #responseHasBegun = false;

  constructor(limits: MessageLimits = DEFAULT_LIMITS, latin1?: Latin1, pool?: ScannerPool) {
    super(new RequestDecoder(limits, latin1, pool));
  }

  /** @returns MESSAGE_HEAD, CONTENT, CONTENT_END, NEED_OCTETS, REJECTED, or PAUSED. */
  next(): number {
    if (!this.mayPersist) {
      // `close` is final: octets behind this exchange are not decoded (RFC 9112 §9.6).
      if (this.isRequestDone) return PAUSED;
    } else if (this.isRequestDone && !this.isResponseDone) {
      return PAUSED;
    }
    const result = this.decoder.next();
    if (result === MESSAGE_HEAD) {
      const head = this.decoder.head!;
      this.request = head;
      this.requestCount++;
      this.isRequestDone = head.framing.kind === 'none';
      this.#responseHasBegun = false;
      this.isResponseDone = false;
    } else if (result === CONTENT_END) {
      this.isRequestDone = true;
      if (this.isResponseDone) this.#release();
    }
    return result;
  }

  /** The head of a request has begun to arrive and is not complete. */
  get inHead(): boolean {
    return this.decoder.inHead;
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
    this.mayPersist = connectionPersists({
      minor,
      requestOptions: connectionOptions,
      serverCloses: !this.mayPersist || start.serverCloses || fields.closes,
      responseEndsByClosing: this.framing.kind === 'until-close',
    });
    // HEAD and 304 may give the length of the content that a GET would have (RFC 9110 §8.6); 204 and 1xx must not.
    const givesLength = method === 'HEAD' ? status !== 204 : status === 304;
    return serializeResponseHead({
      status,
      reason: start.reason,
      fields,
      framing: this.framing,
      absentContentLength: givesLength ? start.contentLength : -1,
      persists: this.mayPersist,
      requestMinor: minor,
      dateLine: start.dateLine,
      keepAliveLine: start.keepAliveLine,
    });
  }

  /** The last octet of the response has been written. */
  endResponse(): void {
    this.isResponseDone = true;
    if (this.isRequestDone) this.#release();
  }

  /**
   * The complete answer to a request that is refused. Nothing follows it. Empty if a response has begun already.
   *
   * @param fields what every response of the server has.
   */
  refuse(rejection: Rejection, dateLine: string, fields?: FieldLines): string {
    const isOfNextRequest = this.isIdle;
    const method = isOfNextRequest ? this.decoder.method : this.request!.method;
    const mayAnswer = isOfNextRequest || !this.#responseHasBegun;
    this.close();
    return mayAnswer ? serializeRejection(rejection, method, dateLine, fields) : '';
  }

  /**
   * A request whose declared content is beyond the limit becomes the current one, which is the last. Its content is not decoded.
   *
   * @returns false if another reason or no complete head was rejected.
   */
  takeRejected(): boolean {
    const { head, rejection } = this.decoder;
    if (rejection !== REJECTIONS.ContentTooLarge || head === undefined || !this.isIdle) return false;
    this.request = head;
    this.requestCount++;
    this.#responseHasBegun = false;
    this.isResponseDone = false;
    this.abandonRequest();
    return true;
  }

  /** The content of the current request will not be decoded to its end. The exchange is the last of the connection. */
  abandonRequest(): void {
    this.mayPersist = false;
    this.isRequestDone = true;
    this.decoder.stop();
  }

  /** A connection that waits for a request keeps nothing of the one before. */
  #release(): void {
    this.request = undefined;
    this.decoder.head = undefined;
  }
}
