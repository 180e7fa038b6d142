/** Sends the content of one request: read as fast as the server takes it, and no faster. */

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
  /** Fulfils when the socket has room, or is gone. */
  drained(): Promise<void>;
  /** Something has been written. */
  afterOutput(): void;
  onRequestEnd(): void;
  /** The content can't be read, or is not what was declared. */
  onRequestFailed(error: unknown): void;
}

export class RequestSender {
  readonly #body: RequestBody;
  readonly #trailers: OutgoingRequest['trailers'];
  readonly #to: SendingConnection;
  readonly #encoder: ContentEncoder;
  #source: BodySource | undefined;
  #isStopped = false;
  #hasBegun = false;

  constructor(body: RequestBody, request: OutgoingRequest, to: SendingConnection) {
    this.#body = body;
    this.#trailers = request.trailers;
    this.#to = to;
    this.#encoder = to.connection.contentEncoder();
  }

  /** Whether any of the content has been asked of its source. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Sends what is there as a whole at once, together with the head that has been collected; else begins to read. */
  begin(): void {
    if (this.#hasBegun || this.#isStopped) return;
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
      this.#to.onRequestFailed(error);
      return;
    }
    this.#to.onRequestEnd();
  }

  /** Nobody wants the rest. */
  stop(reason: unknown): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#source?.cancel(reason);
    if (!this.#hasBegun) cancelUnopened(this.#body, reason);
  }

  async #pump(): Promise<void> {
    const { outbound } = this.#to;
    try {
      await this.#pumpPieces();
      if (this.#isStopped) return;
      const trailers = this.#trailers === undefined ? '' : await this.#trailerLines(this.#trailers);
      if (this.#isStopped) return;
      outbound.text(this.#encoder.end(trailers));
    } catch (error) {
      if (this.#isStopped) return;
      this.#isStopped = true;
      this.#source?.cancel(error);
      this.#to.onRequestFailed(error);
      return;
    }
    this.#isStopped = true;
    this.#to.onRequestEnd();
    this.#to.afterOutput();
  }

  async #pumpPieces(): Promise<void> {
    const { whole } = this.#body;
    if (whole !== undefined) return this.#send(whole);
    this.#source = this.#body.open();
    while (!this.#isStopped) {
      // Nothing is asked of the source while the server does not take what there is.
      if (this.#to.outbound.isBlocked) await this.#to.drained();
      if (this.#isStopped) return;
      const { done, value } = await this.#source.next();
      if (done || this.#isStopped) return;
      if (!(value instanceof Uint8Array)) throw new TypeError('fetch: body: a piece of it is no Uint8Array');
      this.#send(value);
      this.#to.afterOutput();
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
          throw new TypeError(`fetch: trailers: ${name} is no trailer field (RFC 9110 §6.5.1)`);
        fields.add(name, value);
      },
    });
    return fields.lines;
  }
}
