/**
 * A strict HTTP/1.1 response parser for tests. It shares no code with `src/`: a misreading of the RFC would otherwise
 * sit on both ends of the wire and agree with itself. It throws on everything RFC 9112 and RFC 9110 forbid a server to
 * send, so every test that uses it also tests the form of the answer.
 */

export type Framing = 'none' | 'content-length' | 'chunked' | 'close' | 'tunnel';

export interface InterimResponse {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface ParsedResponse extends InterimResponse {
  readonly version: string;
  readonly framing: Framing;
  readonly content: Uint8Array;
  /** `content`, one character an octet. */
  readonly text: string;
  /** The sizes of the chunks, last-chunk left out; empty unless `framing` is `chunked`. */
  readonly chunkSizes: readonly number[];
  readonly trailers: readonly (readonly [name: string, value: string])[];
  /** The 1xx responses that came before this one. */
  readonly informational: readonly InterimResponse[];
  /** The values of the fields called `name`, in order, joined by a comma; `undefined` without any. */
  field(name: string): string | undefined;
}

export class ResponseSyntaxError extends Error {
  override name = 'ResponseSyntaxError';
}

/** What arrived is the beginning of a response. */
export class IncompleteResponse extends ResponseSyntaxError {
  override name = 'IncompleteResponse';
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const STATUS_LINE = /^(HTTP\/1\.[01]) ([1-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)$/;
const IMF_FIXDATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;
const NO_CONTENT = new Uint8Array(0);
const NEVER_IN_TRAILERS = new Set([
  'transfer-encoding',
  'content-length',
  'host',
  'trailer',
  'content-encoding',
]);

/**
 * Parses everything a client received.
 *
 * @param methods the methods of the requests that were sent, in order: HEAD and CONNECT change what follows a head.
 * @param ended whether the server has ended its side (FIN): only then is a close-delimited response complete.
 * @throws {IncompleteResponse} when the last response is not all there.
 * @throws {ResponseSyntaxError} when the server broke a rule, or sent octets nobody asked for.
 */
export function parseResponses(
  octets: Uint8Array,
  methods: readonly string[],
  ended: boolean,
): ParsedResponse[] {
  const reader = new Reader(octets);
  const responses: ParsedResponse[] = [];
  for (const method of methods) {
    if (reader.atEnd()) return responses;
    const response = parseOne(reader, method, ended);
    responses.push(response);
    const options = listOf(response.field('connection'));
    if (options.includes('close') && !reader.atEnd()) {
      throw new ResponseSyntaxError('octets after a response with Connection: close (RFC 9112 §9.6)');
    }
  }
  if (!reader.atEnd()) {
    throw new ResponseSyntaxError(`${reader.left()} octets after the last answer: ${reader.peek()}`);
  }
  return responses;
}

function parseOne(reader: Reader, method: string, ended: boolean): ParsedResponse {
  const informational: InterimResponse[] = [];
  for (;;) {
    const head = parseHead(reader);
    if (head.status >= 200 || head.status === 101)
      return withContent(head, informational, reader, method, ended);
    refuseFraming(head, 'a 1xx response');
    informational.push({ status: head.status, reason: head.reason, fields: head.fields });
  }
}

interface Head extends InterimResponse {
  readonly version: string;
}

function parseHead(reader: Reader): Head {
  const line = reader.line();
  const match = STATUS_LINE.exec(line);
  if (match === null)
    throw new ResponseSyntaxError(`not a status-line: ${JSON.stringify(line)} (RFC 9112 §4)`);
  return { version: match[1]!, status: Number(match[2]), reason: match[3]!, fields: parseFields(reader) };
}

function parseFields(reader: Reader): [string, string][] {
  const fields: [string, string][] = [];
  for (;;) {
    const line = reader.line();
    if (line === '') return fields;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    if (colon === -1 || !TOKEN.test(name)) {
      throw new ResponseSyntaxError(`not a field line: ${JSON.stringify(line)} (RFC 9112 §5)`);
    }
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
    if (!FIELD_VALUE.test(value)) {
      throw new ResponseSyntaxError(`not a field value: ${JSON.stringify(value)} (RFC 9110 §5.5)`);
    }
    fields.push([name, value]);
  }
}

function withContent(
  head: Head,
  informational: InterimResponse[],
  reader: Reader,
  method: string,
  ended: boolean,
): ParsedResponse {
  checkDate(head);
  const framing = framingOf(head, method);
  let content: Uint8Array = NO_CONTENT;
  let trailers: [string, string][] = [];
  let chunkSizes: number[] = [];
  if (framing === 'content-length') {
    content = reader.take(Number(fieldValue(head, 'content-length')));
  } else if (framing === 'chunked') {
    ({ content, trailers, chunkSizes } = parseChunked(reader));
  } else if (framing === 'tunnel') {
    content = reader.rest();
  } else if (framing === 'close') {
    if (!ended) throw new IncompleteResponse('a close-delimited response, and the connection is still open');
    content = reader.rest();
  }
  if (head.status === 205 && content.length > 0) {
    throw new ResponseSyntaxError('content in a 205 (RFC 9110 §15.3.6)');
  }
  return {
    version: head.version,
    status: head.status,
    reason: head.reason,
    fields: head.fields,
    informational,
    framing,
    content,
    text: content.length === 0 ? '' : Buffer.from(content.buffer).toString('latin1'),
    chunkSizes,
    trailers,
    field: (name) => fieldValue(head, name),
  };
}

/** RFC 9112 §6.3, read as a client that forgives nothing. */
function framingOf(head: Head, method: string): Framing {
  const coding = fieldValue(head, 'transfer-encoding');
  const length = fieldValue(head, 'content-length');
  if (head.status === 204 || head.status === 101) refuseFraming(head, `a ${head.status}`);
  if (coding !== undefined && length !== undefined) {
    throw new ResponseSyntaxError('Content-Length and Transfer-Encoding together (RFC 9112 §6.2)');
  }
  if (coding !== undefined && coding !== 'chunked') {
    throw new ResponseSyntaxError(`Transfer-Encoding: ${coding} (RFC 9112 §6.1)`);
  }
  if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    throw new ResponseSyntaxError(`Content-Length: ${length} (RFC 9110 §8.6)`);
  }
  if (method === 'CONNECT' && head.status >= 200 && head.status < 300) {
    refuseFraming(head, 'a 2xx to CONNECT');
    return 'tunnel';
  }
  if (head.status === 101) return 'tunnel';
  if (method === 'HEAD' || head.status === 204 || head.status === 304) return 'none';
  if (coding !== undefined) return 'chunked';
  if (length !== undefined) return 'content-length';
  if (head.version === 'HTTP/1.1' && !listOf(fieldValue(head, 'connection')).includes('close')) {
    throw new ResponseSyntaxError('neither a length nor chunked nor Connection: close (RFC 9112 §6.3)');
  }
  return 'close';
}

function parseChunked(reader: Reader): {
  content: Uint8Array;
  trailers: [string, string][];
  chunkSizes: number[];
} {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const line = reader.line();
    if (!/^[0-9A-Fa-f]{1,8}$/.test(line)) {
      throw new ResponseSyntaxError(`not a chunk-size: ${JSON.stringify(line)} (RFC 9112 §7.1)`);
    }
    const size = Number.parseInt(line, 16);
    if (size === 0) break;
    chunks.push(reader.take(size));
    if (reader.line() !== '') throw new ResponseSyntaxError('no CRLF after chunk-data (RFC 9112 §7.1)');
  }
  const trailers = parseFields(reader);
  for (const [name] of trailers) {
    if (NEVER_IN_TRAILERS.has(name.toLowerCase())) {
      throw new ResponseSyntaxError(`${name} in the trailer section (RFC 9110 §6.5.1)`);
    }
  }
  const chunkSizes = chunks.map((chunk) => chunk.length);
  const content = new Uint8Array(chunkSizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const chunk of chunks) {
    content.set(chunk, at);
    at += chunk.length;
  }
  return { content, trailers, chunkSizes };
}

/** RFC 9110 §6.6.1: an origin server with a clock dates every 2xx, 3xx and 4xx. */
function checkDate(head: Head): void {
  const date = fieldValue(head, 'date');
  const mayLack = head.status === 101 || head.status >= 500;
  if (date === undefined ? mayLack : IMF_FIXDATE.test(date)) return;
  throw new ResponseSyntaxError(`Date: ${date ?? '(none)'} in a ${head.status} (RFC 9110 §6.6.1)`);
}

function refuseFraming(head: Head, what: string): void {
  for (const name of ['content-length', 'transfer-encoding']) {
    if (fieldValue(head, name) !== undefined)
      throw new ResponseSyntaxError(`${name} in ${what} (RFC 9112 §6.1, §6.2)`);
  }
}

function fieldValue(head: InterimResponse, name: string): string | undefined {
  let joined: string | undefined;
  for (const [key, value] of head.fields) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue;
    joined = joined === undefined ? value : `${joined}, ${value}`;
  }
  return joined;
}

function listOf(value: string | undefined): string[] {
  return (value ?? '').split(',').map((member) => member.trim().toLowerCase());
}

class Reader {
  readonly #octets: Buffer;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  }

  atEnd(): boolean {
    return this.#at === this.#octets.length;
  }

  left(): number {
    return this.#octets.length - this.#at;
  }

  peek(): string {
    return JSON.stringify(this.#octets.toString('latin1', this.#at, this.#at + 60));
  }

  /** The octets up to CRLF, as text. A CR or LF on its own ends nothing and is an error. */
  line(): string {
    const lf = this.#octets.indexOf(0x0a, this.#at);
    if (lf === -1) throw new IncompleteResponse(`a line without its end: ${this.peek()}`);
    const line = this.#octets.toString('latin1', this.#at, lf);
    if (line.indexOf('\r') !== line.length - 1 || line === '') {
      throw new ResponseSyntaxError(`a bare CR or LF: ${this.peek()} (RFC 9112 §2.2)`);
    }
    this.#at = lf + 1;
    return line.slice(0, -1);
  }

  take(length: number): Uint8Array {
    if (this.left() < length) throw new IncompleteResponse(`${this.left()} of ${length} octets of content`);
    this.#at += length;
    return new Uint8Array(this.#octets.subarray(this.#at - length, this.#at));
  }

  rest(): Uint8Array {
    return this.take(this.left());
  }
}
