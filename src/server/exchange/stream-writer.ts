/**
 * Sends the content of a response from a stream: one piece at a time, and the next only when the wire has room. So a slow
 * client slows the source, and nothing is kept for it in memory.
 */
import { Buffer } from 'node:buffer';
import { connectionReset, protocolError } from '../../fetch/errors.ts';
import { addFields, type FieldsInit } from '../../fetch/fields-init.ts';
import { FieldLines } from '../../semantics/field-lines.ts';
import { mayBeTrailer } from '../../semantics/trailer-fields.ts';
import { reportFault } from '../diagnostics.ts';
import type { Exchange, OpenResponse } from './exchange.ts';

/** The result of reading a body's stream. */
export type Piece = { done: false; value: Uint8Array } | { done: true; value?: Uint8Array | undefined };

/** Makes the trailer fields when the content has ended. */
export type Trailers = (() => FieldsInit | Promise<FieldsInit>) | undefined;

/** How long a source may give nothing after the client has ended its side, in milliseconds. */
const IDLE_MS = 100;

export class StreamWriter implements OpenResponse {
  readonly #exchange: Exchange;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #fields: FieldLines;
  readonly #trailers: Trailers;
  #pieces = 0;
  /** Runs from the client's FIN on. */
  #idleCheck: NodeJS.Timeout | undefined;

  constructor(
    exchange: Exchange,
    reader: ReadableStreamDefaultReader<Uint8Array>,
    fields: FieldLines,
    trailers: Trailers,
  ) {
    this.#exchange = exchange;
    this.#reader = reader;
    this.#fields = fields;
    this.#trailers = trailers;
    exchange.openResponse = this;
  }

  /** Sends the content, beginning with what has been read already. The head has been written. */
  async run(first: Piece | undefined, next?: Promise<Piece>): Promise<void> {
    const exchange = this.#exchange;
    const { wire } = exchange;
    try {
      let ahead = next;
      let result = first;
      wire.flushSoon();
      for (;;) {
        if (result === undefined) {
          result = await (ahead ?? this.#reader.read());
          ahead = undefined;
        }
        if (exchange.isAborted) return;
        if (result.done) break;
        const octets = octetsOf(result.value);
        this.#pieces++;
        if (octets.length > 0) wire.sendPiece(octets);
        exchange.contentSent += octets.length;
        result = undefined;
        wire.flushSoon();
        if (wire.isBlocked) await wire.drained();
        if (exchange.isAborted) return;
      }
      wire.endContent(this.#trailers && (await this.#trailerLines(this.#trailers)));
      if (!exchange.isAborted) exchange.onResponseEnd();
    } catch (error) {
      this.#fail(error);
    } finally {
      clearInterval(this.#idleCheck);
    }
  }

  async #trailerLines(trailers: NonNullable<Trailers>): Promise<FieldLines | undefined> {
    if (!this.#exchange.wire.sendsTrailers) return undefined;
    const fields = new FieldLines();
    const add = (name: string, value: string) => {
      if (mayBeTrailer(name.toLowerCase())) fields.add(name, value);
    };
    addFields(await trailers(), { add });
    return fields;
  }

  cancel(): void {
    clearInterval(this.#idleCheck);
    cancelSource(this.#reader, this.#fields.contentType);
  }

  /** A source that gives nothing for a while has nothing under way that such a client could wait for. */
  onPeerEnd(): void {
    let seen = this.#pieces;
    this.#idleCheck ??= setInterval(() => {
      const { wire } = this.#exchange;
      if (this.#pieces === seen && !wire.isBlocked) wire.abort(connectionReset('The client has gone'));
      seen = this.#pieces;
    }, IDLE_MS).unref();
  }

  #fail(error: unknown): void {
    this.cancel();
    breakOff(this.#exchange, error);
  }
}

/** The content can't go on. The only way to say so is to break off, without a last-chunk (RFC 9112 §8). */
export function breakOff(exchange: Exchange, error: unknown): void {
  if (exchange.isAborted) return;
  // What came before the failure was sent in good faith, and may be of use.
  exchange.wire.flush();
  reportFault(error, 'the body of a response', exchange.head);
  exchange.wire.abort(protocolError('ERR_HTTP_INTERNAL_ERROR', 'The response was broken off', error));
}

/** A piece of a stream as it is sent. Text is sent as UTF-8, as the adapters of frameworks do. */
export function octetsOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  if (typeof piece === 'string') return Buffer.from(piece);
  throw new TypeError(`Response: expected a stream of bytes or text, got a piece of type ${typeof piece}`);
}

/**
 * Cancels the source of a body that is not read any further. Without a reason: adapters hand it on to code that would emit an
 * Error as an event. The reason is at `request.signal.reason`.
 */
export function cancelSource(
  source: ReadableStream | ReadableStreamDefaultReader,
  contentType: string,
): void {
  // Node 24 and 26 throw an uncaught error when the stream of a FormData is cancelled while it is being read. Its source is
  // memory, which needs no cancelling.
  if (contentType.startsWith('multipart/form-data')) return;
  source.cancel().catch(() => {});
}
