/**
 * Puts a `Response` on the wire: its head as soon as the length of the content is known or known to be unknown, then the
 * content. A string or octets leave with the head. A stream is sent piece by piece, see `stream-writer.ts`.
 */
import { Buffer } from 'node:buffer';
import { hasClosed } from '../../fetch/content/closed-stream.ts';
import { takeSource } from '../../fetch/content/octet-source.ts';
import { fieldsWithContent } from '../../fetch/fetched-response.ts';
import { PreparedOctets } from '../../fetch/prepared.ts';
import {
  FIELD_LINES,
  GIVEN_STREAM,
  isLightResponse,
  type SentBody,
  TAKE_BODY,
  TRAILERS,
} from '../../fetch/response.ts';
import { NO_OCTETS } from '../../octets/no-octets.ts';
import { ContentLengthMismatch } from '../../semantics/content-length.ts';
import { FieldLines } from '../../semantics/field-lines.ts';
import { isFieldValue } from '../../semantics/field-syntax.ts';
import type { Exchange } from './exchange.ts';
import { SourceWriter } from './source-writer.ts';
import { cancelSource, octetsOf, type Piece, StreamWriter, type Trailers } from './stream-writer.ts';

/**
 * @returns a promise where the first piece of the content has to be seen before the head can be made.
 * @throws {TypeError} if something in the head can't be sent; nothing has been then. So does the promise reject.
 */
export function sendResponse(exchange: Exchange, response: Response): Promise<void> | undefined {
  // Everything that may throw comes before the exchange is committed.
  if (response.statusText !== '' && !isFieldValue(response.statusText))
    throw new TypeError("The reason phrase can't be sent (RFC 9112 §4)");
  if (isLightResponse(response)) {
    send(
      exchange,
      response,
      exchange.finalFields(response[FIELD_LINES]()),
      response[TAKE_BODY](),
      response[TRAILERS],
    );
    return undefined;
  }
  if (response.bodyUsed) throw new TypeError('Response: its body has already been read');
  if (response.type === 'error') throw new TypeError('Response: a network error can not be sent');
  const given = new FieldLines();
  for (const [name, value] of fieldsWithContent(response)) given.add(name, value);
  const fields = exchange.finalFields(given);
  const body = response.body as ReadableStream<Uint8Array> | null;
  if (body !== null && fields.contentLength < 0 && exchange.head.method !== 'HEAD') {
    return sendAfterPeek(exchange, response, fields, body);
  }
  send(exchange, response, fields, body, undefined);
  return undefined;
}

/** Releases a response that is not going to be sent: its source is cancelled. */
export function dropResponse(response: Response): void {
  const isLight = isLightResponse(response);
  const body = isLight ? response[GIVEN_STREAM] : response.body;
  if (body === null || body.locked) return;
  // The fields of a light one may be what can't be sent.
  cancelSource(body, isLight ? '' : (response.headers.get('content-type') ?? ''));
}

function send(
  exchange: Exchange,
  response: Response,
  fields: FieldLines,
  body: SentBody,
  trailers: Trailers,
): void {
  const { status, statusText: reason } = response;
  if (body instanceof ReadableStream) {
    // Before the head is made: if this is the request's own content, it has a reader from here on.
    const reader = body.getReader();
    exchange.beforeStream();
    if (!exchange.transition('respond')) return cancelSource(reader, fields.contentType);
    exchange.status = status;
    if (!exchange.wire.sendHead({ status, reason, fields, contentLength: fields.contentLength })) {
      // HEAD: the head is all, and the stream is never read (draft, "The FetchHandler").
      cancelSource(reader, fields.contentType);
      exchange.onResponseEnd();
      return;
    }
    const source = takeSource(body);
    if (source === undefined) void new StreamWriter(exchange, reader, fields, trailers).run(undefined);
    else void new SourceWriter(exchange, source).run();
    return;
  }
  const content = asSent(body);
  const length = content === null ? 0 : content.length;
  const contentLength = content === null && exchange.head.method === 'HEAD' ? fields.contentLength : length;
  if (fields.contentLength >= 0 && fields.contentLength !== contentLength && status !== 304) {
    throw new ContentLengthMismatch(
      `Content-Length is ${fields.contentLength}, the body has ${length} octets`,
    );
  }
  if (!exchange.transition('respond')) return;
  exchange.status = status;
  const declared = status === 304 ? fields.contentLength : contentLength;
  exchange.wire.sendWhole({ status, reason, fields, contentLength: declared }, content);
  if (!isWithoutContent(exchange, status)) exchange.contentSent = length;
  exchange.onResponseEnd();
}

/** The wire leaves content out then (RFC 9110 §6.4.1). */
function isWithoutContent({ head }: Exchange, status: number): boolean {
  return head.method === 'HEAD' || status === 204 || status === 304;
}

/** Text of one octet a character, which leaves with the head, or octets. */
function asSent(body: string | Uint8Array | PreparedOctets | null): string | Uint8Array | null {
  if (typeof body === 'string') return Buffer.byteLength(body) === body.length ? body : Buffer.from(body);
  if (body instanceof PreparedOctets) return body.text === '' ? body.octets : body.text;
  return body;
}

/**
 * The runtime turns strings into streams as well: a body that ends with its first piece gets a length after all. Until that
 * piece has come nothing is committed, so that a body which fails at once can still be answered for. A source that takes
 * longer than one turn of the event loop does not hold the head back.
 */
async function sendAfterPeek(
  exchange: Exchange,
  response: Response,
  fields: FieldLines,
  body: ReadableStream<Uint8Array>,
): Promise<void> {
  const reader = body.getReader();
  const writer = new StreamWriter(exchange, reader, fields, undefined);
  exchange.beforeStream();
  const first = new BegunRead(reader);
  let second: BegunRead | undefined;
  let isWhole = false;
  try {
    // A loop in a function of its own would cost another promise.
    for (let turn = 0; turn < MOST_MICROTASKS && first.piece === undefined; turn++) await SETTLED;
    if (first.piece === undefined) await Promise.race([first.read, oneTurn()]);
    if (first.piece?.done === false) {
      first.piece = { done: false, value: octetsOf(first.piece.value) };
      await SETTLED;
      isWhole = hasClosed(body);
      if (!isWhole) {
        second = new BegunRead(reader);
        for (let turn = 0; turn < MOST_MICROTASKS && second.piece === undefined; turn++) await SETTLED;
        isWhole = second.piece?.done === true;
      }
    } else {
      isWhole = first.piece !== undefined;
    }
  } catch (error) {
    writer.cancel();
    throw error;
  }
  if (isWhole) return send(exchange, response, fields, first.piece!.value ?? NO_OCTETS, undefined);
  if (!exchange.transition('respond')) return;
  const { status, statusText: reason } = response;
  exchange.status = status;
  exchange.wire.sendHead({ status, reason, fields, contentLength: -1 });
  await writer.run(first.piece, second?.read ?? first.read);
}

const SETTLED = Promise.resolve();
/** Enough for a stream that has everything in memory. The runtime's own, of a string, takes two. */
const MOST_MICROTASKS = 8;

class BegunRead {
  readonly read: Promise<Piece>;
  /** Present as soon as the read has settled. */
  piece: Piece | undefined;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.read = reader.read();
    this.read.then(
      (piece) => {
        this.piece = piece;
      },
      () => {},
    );
  }
}

const oneTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
