/** Sends the content of one request, as fast as the server takes it. */

import { addFields } from '../../fetch/fields-init.ts';
import type { ClientConnection } from '../../http1/client-connection.ts';
import type { ContentEncoder } from '../../http1/content/content-encoder.ts';
import type { Outbound } from '../../io/outbound.ts';
import { FieldLines } from '../../semantics/field-lines.ts';
import { mayBeTrailer } from '../../semantics/trailer-fields.ts';
import { type BodySource, cancelUnopened, type RequestBody } from '../content/request-body.ts';
import type { OutgoingRequest } from '../request-init.ts';

/** What the sender needs of its connection. */
export interface SendingConnection {
  readonly connection: ClientConnection;
  readonly outbound: Outbound;
  /** Sends what has been written. */
  flush(): void;
  onRequestEnd(): void;
  /** The content can't be read, or is not what was declared. */
  abort(error: unknown): void;
}

export class RequestSender {
  readonly #body: RequestBody;
  readonly #trailers: OutgoingRequest['trailers'];
  readonly #to: SendingConnection;
  readonly #encoder: ContentEncoder;
  #source: BodySource | undefined;
  #hasBegun = false;
  #isStopped = false;

  constructor(body: RequestBody, request: OutgoingRequest, to: SendingConnection) {
    this.#body = body;
    this.#trailers = request.trailers;
    this.#to = to;
    this.#encoder = to.connection.contentEncoder();
  }

  /** Sending has neither begun nor been stopped. */
  get isWaiting(): boolean {
    return !this.#hasBegun && !this.#isStopped;
  }

  /** Sends a body in memory at once, together with the head that has been collected. Begins to read any other body. */
  begin(): void {
    if (!this.isWaiting) return;
    this.#hasBegun = true;
    const { whole } = this.#body;
    if (whole === undefined || this.#trailers !== undefined) {
      void this.#pump();
      return;
    }
    try {
      this.#send(whole);
      this.#to.outbound.text(this.#encoder.end());
    } catch (error) {
      this.#to.abort(error);
      return;
    }
    this.#to.onRequestEnd();
  }

  /** Does not send the rest. */
  stop(reason: unknown): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#source?.cancel(reason);
    if (!this.#hasBegun) cancelUnopened(this.#body, reason);
  }

  async #pump(): Promise<void> {
    try {
      await this.#pumpPieces();
      if (this.#isStopped) return;
      const trailers = this.#trailers === undefined ? '' : await this.#trailerLines(this.#trailers);
      if (this.#isStopped) return;
      this.#to.outbound.text(this.#encoder.end(trailers));
    } catch (error) {
      if (this.#isStopped) return;
      this.#isStopped = true;
      this.#source?.cancel(error);
      this.#to.abort(error);
      return;
    }
    this.#isStopped = true;
    this.#to.onRequestEnd();
    this.#to.flush();
  }

  async #pumpPieces(): Promise<void> {
    const { whole } = this.#body;
    if (whole !== undefined) return this.#send(whole);
    this.#source = this.#body.open();
    while (!this.#isStopped) {
      // The source is not read while the server does not take what has been read.
      if (this.#to.outbound.isBlocked) await this.#to.outbound.drained();
      if (this.#isStopped) return;
      const { done, value } = await this.#source.next();
      if (done || this.#isStopped) return;
      if (!(value instanceof Uint8Array))
        throw new TypeError('fetch: body: a piece of it is not a Uint8Array');
      this.#send(value);
      this.#to.flush();
    }
  }

  #send(piece: string | Uint8Array): void {
    if (piece.length === 0) return;
    const { outbound } = this.#to;
    outbound.text(this.#encoder.before(piece.length));
    if (typeof piece === 'string') outbound.text(piece);
    else outbound.octets(piece);
    outbound.text(this.#encoder.after);
  }

  async #trailerLines(trailers: NonNullable<OutgoingRequest['trailers']>): Promise<string> {
    const fields = new FieldLines();
    addFields(await trailers(), {
      add: (name, value) => {
        if (!mayBeTrailer(name.toLowerCase()))
          throw new TypeError(`fetch: trailers: ${name} is not allowed as a trailer field (RFC 9110 §6.5.1)`);
        fields.add(name, value);
      },
    });
    return fields.lines;
  }
}
