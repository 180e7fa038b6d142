/**
 * Puts a `Response` on the wire: its head as soon as it is known how the content is framed, then the content.
 *
 * A string or octets leave in one write with the head. A stream is read one piece at a time, and the next only when the
 * socket has room: so a slow client slows the source, and nothing is kept for it in memory.
 */
import { Buffer } from 'node:buffer';
import { protocolError } from '../../fetch/errors.ts';
import type { FieldsInit } from '../../fetch/fields-init.ts';
import { addFields } from '../../fetch/fields-init.ts';
import { takeSource } from '../../fetch/octet-source.ts';
import { PreparedOctets } from '../../fetch/prepared.ts';
import {
  fieldsOf,
  type GivenBody,
  LightResponse,
  streamOf,
  takeBody,
  trailersOf,
} from '../../fetch/response.ts';
import { type ContentEncoder, ContentLengthMismatch } from '../../http1/content/content-encoder.ts';
import { serializeStatusLine } from '../../http1/response-encoder.ts';
import { nativeLatin1 } from '../../io/latin1.ts';
import { FieldLines } from '../../semantics/field-lines.ts';
import { mayBeTrailer } from '../../semantics/trailer-fields.ts';
import { reportFault } from '../diagnostics.ts';
import type { Exchange } from './exchange.ts';
import { SourceWriter } from './source-writer.ts';

/** Pieces up to this size are copied into what is collected: that costs less than a system call of their own. */
const SMALL_PIECE = 4096;

/** A response whose content is still on its way. */
export interface OpenResponse {
  /** Gives up the source. */
  cancel(error: unknown): void;
}

/** What a read of a body's stream gives. */
type Piece = { done: false; value: Uint8Array } | { done: true; value?: Uint8Array | undefined };

type Trailers = ReturnType<typeof trailersOf>;

/**
 * @returns a promise where the first piece of the content has to be seen before the head can be made.
 * @throws {TypeError} if something in the head can't be sent; nothing has been then. So does the promise reject.
 */
export function sendResponse(exchange: Exchange, response: Response): Promise<void> | undefined {
  // Whatever may throw comes before the exchange is committed.
  if (response.statusText !== '') serializeStatusLine(response.status, response.statusText);
  if (response instanceof LightResponse) {
    send(exchange, response, fieldsOf(response), takeBody(response), trailersOf(response));
    return undefined;
  }
  if (response.bodyUsed) throw new TypeError('Response: its body has already been read');
  if (response.type === 'error') throw new TypeError('Response: a network error can not be sent');
  const fields = new FieldLines();
  for (const [name, value] of response.headers) fields.add(name, value);
  const body = response.body as ReadableStream<Uint8Array> | null;
  if (body !== null && fields.contentLength < 0 && exchange.head.method !== 'HEAD') {
    return sendAfterPeek(exchange, response, fields, body.getReader());
  }
  send(exchange, response, fields, body, undefined);
  return undefined;
}

/** A response that is not going to be sent: its source is told. */
export function dropResponse(response: Response): void {
  const isLight = response instanceof LightResponse;
  const body = isLight ? streamOf(response) : response.body;
  if (body === null || body.locked) return;
  // The fields of a light one may be what can't be sent.
  cancelSource(body, isLight ? '' : (response.headers.get('content-type') ?? ''), undefined);
}

/** A short answer in plain text, Serval's own. */
export function sendPlain(exchange: Exchange, status: number, sentence: string, closes: boolean): void {
  const fields = new FieldLines();
  fields.add('Content-Type', 'text/plain');
  fields.closes = closes;
  if (status === 503) fields.add('Retry-After', '1');
  const content = `${sentence}\n`;
  exchange.state = exchange.state === 'denied' ? 'denied' : 'committed';
  writeHead(exchange, status, '', fields, content.length);
  if (exchange.head.method !== 'HEAD') exchange.driver.outbound.text(content);
  end(exchange);
}

function send(
  exchange: Exchange,
  response: Response,
  fields: FieldLines,
  body: GivenBody,
  trailers: Trailers,
): void {
  const { status, statusText } = response;
  const { outbound } = exchange.driver;
  if (body instanceof ReadableStream) {
    // Before the head is made: if this is the request's own content, the head may not say that nobody reads it.
    const reader = body.getReader();
    if (!exchange.transition('respond')) return cancelSource(reader, fields.contentType, undefined);
    writeHead(exchange, status, statusText, fields, fields.contentLength);
    if (exchange.driver.connection.framing.kind === 'none') {
      // HEAD: the head is all; nobody will read the stream (draft, "The FetchHandler").
      cancelSource(reader, fields.contentType, undefined);
      end(exchange);
      return;
    }
    const source = takeSource(body);
    if (source === undefined) void new StreamWriter(exchange, reader, fields, trailers).run(undefined);
    else void new SourceWriter(exchange, source).run();
    return;
  }
  const octets = asSent(body);
  const length = octets === null ? 0 : octets.length;
  const contentLength = body === null && exchange.head.method === 'HEAD' ? fields.contentLength : length;
  if (fields.contentLength >= 0 && fields.contentLength !== contentLength && status !== 304) {
    throw new ContentLengthMismatch(
      `Content-Length is ${fields.contentLength}, the body has ${length} octets`,
    );
  }
  if (!exchange.transition('respond')) return;
  writeHead(exchange, status, statusText, fields, status === 304 ? fields.contentLength : contentLength);
  if (length > 0 && exchange.driver.connection.framing.kind !== 'none') {
    if (typeof octets === 'string') outbound.text(octets);
    else outbound.octets(octets!);
  }
  end(exchange);
}

/** Text of one octet a character, which leaves with the head, or octets. */
function asSent(body: string | Uint8Array | PreparedOctets | null): string | Uint8Array | null {
  if (typeof body === 'string') return Buffer.byteLength(body) === body.length ? body : Buffer.from(body);
  if (body instanceof PreparedOctets) return body.text === '' ? body.octets : body.text;
  return body;
}

/**
 * The runtime turns strings into streams as well: a body that ends with its first piece gets a length after all. Until that
 * piece is there nothing is committed, so that a body which fails at once can still be answered for.
 */
async function sendAfterPeek(
  exchange: Exchange,
  response: Response,
  fields: FieldLines,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<void> {
  const writer = new StreamWriter(exchange, reader, fields, undefined);
  exchange.openResponse = writer;
  let first: Piece;
  try {
    first = await reader.read();
    if (!first.done) assertOctets(first.value);
  } catch (error) {
    writer.cancel(error);
    throw error;
  }
  const second = first.done ? undefined : await peek(reader);
  if (!exchange.transition('respond')) return;
  const isWhole = first.done || second?.settled?.done === true;
  const length = isWhole ? (first.value?.length ?? 0) : -1;
  writeHead(exchange, response.status, response.statusText, fields, length);
  await writer.run(first, second?.read);
}

function assertOctets(value: unknown): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array))
    throw new TypeError('Response: the stream yielded something else than octets');
}

type Peeked =
  | {
      read: Promise<Piece>;
      settled: Piece | undefined;
    }
  | undefined;

/** Reads on without waiting for a source that takes its time: a few turns of the microtask queue, and no more. */
async function peek(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Peeked> {
  const peeked: NonNullable<Peeked> = { read: reader.read(), settled: undefined };
  peeked.read.then(
    (result) => {
      peeked.settled = result;
    },
    () => {},
  );
  for (let turn = 0; turn < 8 && peeked.settled === undefined; turn++) await undefined;
  return peeked;
}

function writeHead(
  exchange: Exchange,
  status: number,
  reason: string,
  fields: FieldLines,
  contentLength: number,
): void {
  const { driver } = exchange;
  const { connection, service } = driver;
  const head = connection.beginResponse({
    status,
    reason,
    fields,
    contentLength,
    dateLine: service.sweep.dateLine,
    serverCloses: driver.mustClose,
  });
  exchange.status = status;
  driver.outbound.text(head);
}

/** Tells the source of a body that nobody will read on, and why. */
function cancelSource(
  source: ReadableStream | ReadableStreamDefaultReader,
  contentType: string,
  reason: unknown,
): void {
  // Node 24 and 26 throw past everybody when the stream they make of a FormData is cancelled while it is being read. What
  // is behind it is memory: it can be dropped.
  if (contentType.startsWith('multipart/form-data')) return;
  source.cancel(reason).catch(() => {});
}

function end(exchange: Exchange): void {
  exchange.driver.connection.endResponse();
  exchange.onResponseEnd();
}

class StreamWriter implements OpenResponse {
  readonly #exchange: Exchange;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #fields: FieldLines;
  readonly #trailers: Trailers;

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
  async run(first: Piece | undefined, second?: Promise<Piece>): Promise<void> {
    const { driver } = this.#exchange;
    try {
      const encoder = driver.connection.contentEncoder();
      let ahead = second;
      let result = first;
      driver.outbound.tellSoon(driver);
      for (;;) {
        if (result === undefined) {
          result = await (ahead ?? this.#reader.read());
          ahead = undefined;
        }
        if (this.#exchange.isAborted) return;
        if (result.done) break;
        this.#write(encoder, result.value);
        result = undefined;
        driver.outbound.tellSoon(driver);
        if (driver.outbound.blocked) await driver.drained();
        if (this.#exchange.isAborted) return;
      }
      driver.outbound.text(encoder.end(await this.#trailerLines()));
      if (!this.#exchange.isAborted) end(this.#exchange);
    } catch (error) {
      this.fail(error);
    }
  }

  #write(encoder: ContentEncoder, octets: Uint8Array): void {
    assertOctets(octets);
    if (octets.length === 0) return;
    const { outbound } = this.#exchange.driver;
    if (octets.length <= SMALL_PIECE) {
      outbound.text(encoder.before(octets.length) + nativeLatin1(octets, 0, octets.length) + encoder.after);
    } else {
      outbound.text(encoder.before(octets.length));
      outbound.octets(octets);
      outbound.text(encoder.after);
    }
  }

  async #trailerLines(): Promise<string> {
    if (this.#trailers === undefined || this.#exchange.driver.connection.framing.kind !== 'chunked')
      return '';
    const fields = new FieldLines();
    const add = (name: string, value: string) => {
      if (mayBeTrailer(name.toLowerCase())) fields.add(name, value);
    };
    addFields((await this.#trailers()) as FieldsInit, { add });
    return fields.lines;
  }

  cancel(error: unknown): void {
    cancelSource(this.#reader, this.#fields.contentType, error);
  }

  /** The content can't go on. There is no way to say so but to break off, without a last-chunk (RFC 9112 §8). */
  fail(error: unknown): void {
    cancelSource(this.#reader, this.#fields.contentType, error);
    if (this.#exchange.isAborted) return;
    // What came before it failed was sent in good faith, and may be of use.
    this.#exchange.driver.outbound.flush();
    reportFault(error, 'the body of a response');
    this.#exchange.driver.destroy(
      protocolError('ERR_HTTP_INTERNAL_ERROR', 'The response was broken off', error),
    );
  }
}
