/**
 * A client's end of a connection, without a socket: requests go in, their responses come out of the octets it receives, and
 * it knows at every moment whether another request may follow (RFC 9112 §9). One exchange after the other: pipelining is off,
 * because an answer that is lost would take the ones behind it along (§9.3.2).
 */

import type { Latin1 } from '../octets/octet-table.ts';
import type { Rejection } from '../octets/rejection.ts';
import { CONTENT_END, INTERIM, MESSAGE_HEAD, PAUSED, REJECTED } from '../octets/results.ts';
import type { FieldSection } from '../semantics/field-section.ts';
import { ContentEncoder } from './content/content-encoder.ts';
import { type Framing, NO_CONTENT, sentRequestFraming } from './content/framing.ts';
import type { RequestFields } from './head/request-fields.ts';
import type { ResponseHead } from './head/response-head.ts';
import type { ResponseLimits } from './limits.ts';
import { connectionPersistsAfterResponse } from './persistence.ts';
import { serializeRequestHead } from './request-encoder.ts';
import { ResponseDecoder } from './response-decoder.ts';

/** What a request is before it is framed. */
export interface RequestStart {
  readonly method: string;
  /** In one of the four forms (RFC 9112 §3.2). */
  readonly target: string;
  /** Host and port the target is of, for the Host field. */
  readonly authority: string;
  readonly fields: RequestFields;
  /** Octets of content, -1 when it is not known before it ends, or `undefined` when there is none. */
  readonly contentLength: number | undefined;
  /** The client wants the connection to end after this exchange. */
  readonly closes: boolean;
}

export class ClientConnection {
  /** After INTERIM or MESSAGE_HEAD: what was received last. */
  response: ResponseHead | undefined;
  /** How the request of the current exchange is framed. */
  framing: Framing = NO_CONTENT;
  /** Requests that have begun, over the life of the connection. */
  requestCount = 0;

  #requestIsComplete = true;
  #responseIsComplete = true;
  #persists = true;
  readonly #decoder: ResponseDecoder;

  constructor(limits?: ResponseLimits, latin1?: Latin1) {
    this.#decoder = new ResponseDecoder(limits, latin1);
  }

  /**
   * The head of a request.
   *
   * @throws {TypeError} if it can't be sent, and then nothing has begun; or if the connection is not free for it.
   */
  beginRequest(start: RequestStart): string {
    if (!this.isFree) throw new TypeError('The connection is not free for a request');
    const { method, fields } = start;
    const framing = sentRequestFraming({ method, contentLength: start.contentLength });
    const persists = !start.closes && !fields.closes;
    const { target, authority } = start;
    const head = serializeRequestHead({ method, target, authority, fields, framing, persists });
    this.#decoder.expect({ method, offersUpgrade: fields.hasUpgrade });
    this.framing = framing;
    this.response = undefined;
    this.requestCount++;
    this.#persists = persists;
    this.#requestIsComplete = framing.kind === 'none';
    this.#responseIsComplete = false;
    return head;
  }

  /** Frames the content of the request that has begun, piece by piece. */
  contentEncoder(): ContentEncoder {
    return new ContentEncoder(this.framing);
  }

  /** The last octet of the request has been handed over. */
  endRequest(): void {
    this.#requestIsComplete = true;
  }

  /** The content of the request will not be complete: nothing the server could understand can follow it. */
  abandonRequest(): void {
    this.#persists = false;
    this.#requestIsComplete = true;
  }

  receive(octets: Uint8Array): void {
    this.#decoder.receive(octets);
  }

  /** INTERIM, MESSAGE_HEAD, CONTENT, CONTENT_END, NEED_OCTETS, REJECTED, or PAUSED when the octets are a tunnel's. */
  next(): number {
    return this.#note(this.#decoder.next());
  }

  /** The server has ended its side. CONTENT_END, REJECTED or NEED_OCTETS. */
  receiveEnd(): number {
    this.#persists = false;
    return this.#note(this.#decoder.end());
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

  /** Octets received and not decoded. */
  get buffered(): number {
    return this.#decoder.buffered;
  }

  /** Octets of the response's content that have not been decoded; Infinity when that can't be told. */
  get contentRemaining(): number {
    return this.#decoder.contentRemaining;
  }

  /** Whether any octet of an answer to the current request has come. */
  get responseHasBegun(): boolean {
    return this.response !== undefined || this.#decoder.hasBegun;
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

  /** Whether the connection goes on after the current exchange; final once the response's head is there. */
  get persists(): boolean {
    return this.#persists;
  }

  /** Whether a request may begin now: nothing is under way, and nothing has come that nobody asked for. */
  get isFree(): boolean {
    return this.isIdle && this.#persists && this.#decoder.buffered === 0;
  }

  /** Nothing more is decoded, and no request begins. */
  close(): void {
    this.#persists = false;
    this.#requestIsComplete = true;
    this.#responseIsComplete = true;
    this.#decoder.stop();
  }

  /** The connection becomes another protocol's. @returns the octets of it that have been received. */
  handOver(): Uint8Array {
    this.#persists = false;
    return this.#decoder.stop();
  }

  #note(result: number): number {
    switch (result) {
      case INTERIM:
        this.response = this.#decoder.head!;
        break;
      case MESSAGE_HEAD:
        this.#onHead(this.#decoder.head!);
        break;
      case CONTENT_END:
        this.#responseIsComplete = true;
        break;
      case REJECTED:
      case PAUSED:
        // Once lost, persistence does not come back.
        this.#persists = false;
        break;
      default:
    }
    return result;
  }

  #onHead(head: ResponseHead): void {
    this.response = head;
    this.#responseIsComplete = head.framing.kind === 'none';
    this.#persists = connectionPersistsAfterResponse({
      minor: head.minor,
      responseOptions: head.connectionOptions,
      clientCloses: !this.#persists || head.contradictsItself,
      responseEndsByClosing: head.framing.kind === 'until-close',
    });
  }
}
