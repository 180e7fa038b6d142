/**
 * The client's end of a connection, without a socket: it encodes requests, and decodes their responses from the octets
 * received. There is no pipelining: if one response were lost, those behind it would be lost too (RFC 9112 §9.3.2).
 */

import type { Latin1 } from '../octets/octet-table.ts';
import { CONTENT_END, INTERIM, MESSAGE_HEAD, PAUSED, REJECTED } from '../octets/results.ts';
import { sentRequestFraming } from './content/framing.ts';
import { Endpoint } from './endpoint.ts';
import type { RequestFields } from './head/request-fields.ts';
import type { ResponseHead } from './head/response-head.ts';
import type { ResponseLimits } from './limits.ts';
import { connectionPersistsAfterResponse } from './persistence.ts';
import { serializeRequestHead } from './request-encoder.ts';
import { ResponseDecoder } from './response-decoder.ts';

/** A request before it is framed. */
export interface RequestStart {
  readonly method: string;
  /** In one of the four forms (RFC 9112 §3.2). */
  readonly target: string;
  /** Host and port of the target, for the Host field. */
  readonly authority: string;
  readonly fields: RequestFields;
  /** Length of the content in bytes, -1 if it is not known before the content ends, `undefined` without content. */
  readonly contentLength: number | undefined;
  /** The client closes the connection after this exchange. */
  readonly closes: boolean;
}

export class ClientConnection extends Endpoint<ResponseDecoder> {
  /** After INTERIM or MESSAGE_HEAD: the head that was received last. */
  response: ResponseHead | undefined;

  constructor(limits?: ResponseLimits, latin1?: Latin1) {
    super(new ResponseDecoder(limits, latin1));
  }

  /**
   * The head of a request.
   *
   * @throws {TypeError} if the head can't be sent, or if the connection is not free. In both cases no request begins.
   */
  beginRequest(start: RequestStart): string {
    if (!this.isFree) throw new TypeError('The connection is not free for a request');
    const { method, fields } = start;
    const framing = sentRequestFraming({ method, contentLength: start.contentLength });
    const persists = !start.closes && !fields.closes;
    const { target, authority } = start;
    const head = serializeRequestHead({ method, target, authority, fields, framing, persists });
    this.decoder.expect({ method, offersUpgrade: fields.hasUpgrade });
    this.framing = framing;
    this.response = undefined;
    this.requestCount++;
    this.mayPersist = persists;
    this.isRequestDone = framing.kind === 'none';
    this.isResponseDone = false;
    return head;
  }

  /** The last octet of the request has been written. */
  endRequest(): void {
    this.isRequestDone = true;
  }

  /** The content of the request will not be complete. The server could not understand anything behind it. */
  abandonRequest(): void {
    this.mayPersist = false;
    this.isRequestDone = true;
  }

  /** @returns INTERIM, MESSAGE_HEAD, CONTENT, CONTENT_END, NEED_OCTETS, REJECTED; PAUSED if a tunnel begins. */
  next(): number {
    return this.#note(this.decoder.next());
  }

  /** The server has ended its side. @returns CONTENT_END, REJECTED or NEED_OCTETS. */
  receiveEnd(): number {
    this.mayPersist = false;
    return this.#note(this.decoder.end());
  }

  /** Whether any octet of a response to the current request has arrived. */
  get responseHasBegun(): boolean {
    return this.response !== undefined || this.decoder.hasBegun;
  }

  /** Whether a request may begin now: no exchange is in progress, and no octets have arrived that answer no request. */
  get isFree(): boolean {
    return this.isIdle && this.mayPersist && this.decoder.buffered === 0;
  }

  #note(result: number): number {
    switch (result) {
      case INTERIM:
        this.response = this.decoder.head!;
        break;
      case MESSAGE_HEAD:
        this.#onHead(this.decoder.head!);
        break;
      case CONTENT_END:
        this.isResponseDone = true;
        break;
      case REJECTED:
      case PAUSED:
        this.mayPersist = false;
        break;
      default:
    }
    return result;
  }

  #onHead(head: ResponseHead): void {
    this.response = head;
    this.isResponseDone = head.framing.kind === 'none';
    this.mayPersist = connectionPersistsAfterResponse({
      minor: head.minor,
      responseOptions: head.connectionOptions,
      clientCloses: !this.mayPersist || head.contradictsItself,
      responseEndsByClosing: head.framing.kind === 'until-close',
    });
  }
}
