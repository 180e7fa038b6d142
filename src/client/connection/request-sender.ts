/** Sends the content of one request, as fast as the server takes it. */

import { addFields } from '../../fetch/fields-init.ts';
import { FieldLines } from '../../semantics/field-lines.ts';
import { mayBeTrailer } from '../../semantics/trailer-fields.ts';
import { type BodySource, cancelUnopened, type RequestBody } from '../content/request-body.ts';
import type { OutgoingRequest } from '../request-init.ts';
import type { SendingWire } from './wire.ts';

export class RequestSender {
  readonly #body: RequestBody;
  readonly #trailers: OutgoingRequest['trailers'];
  readonly #to: SendingWire;
  #source: BodySource | undefined;
  #hasBegun = false;
  #isStopped = false;

  constructor(body: RequestBody, request: OutgoingRequest, to: SendingWire) {
    this.#body = body;
    this.#trailers = request.trailers;
    this.#to = to;
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
      this.#to.writer.whole(whole);
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
      const trailers = this.#trailers === undefined ? undefined : await trailerLines(this.#trailers);
      if (this.#isStopped) return;
      this.#to.writer.end(trailers);
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
    const { writer } = this.#to;
    const { whole } = this.#body;
    if (whole !== undefined) {
      if (whole.length > 0) writer.piece(whole);
      return;
    }
    this.#source = this.#body.open();
    while (!this.#isStopped) {
      // The source is not read while the server does not take what has been read.
      if (writer.isBlocked) await writer.drained();
      if (this.#isStopped) return;
      const { done, value } = await this.#source.next();
      if (done || this.#isStopped) return;
      if (!(value instanceof Uint8Array))
        throw new TypeError('fetch: body: a piece of it is not a Uint8Array');
      if (value.length === 0) continue;
      writer.piece(value);
      this.#to.flush();
    }
  }
}

async function trailerLines(trailers: NonNullable<OutgoingRequest['trailers']>): Promise<FieldLines> {
  const fields = new FieldLines();
  addFields(await trailers(), {
    add: (name, value) => {
      if (!mayBeTrailer(name.toLowerCase()))
        throw new TypeError(`fetch: trailers: ${name} is not allowed as a trailer field (RFC 9110 §6.5.1)`);
      fields.add(name, value);
    },
  });
  return fields;
}
