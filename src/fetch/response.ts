/**
 * The `Response` that Serval exports: `instanceof globalThis.Response`, with status, fields and body as they were given.
 * Constructing the runtime's own takes 6-24 µs on Node, twice what the socket costs; this takes 0.1.
 *
 * What can't be sent is refused here, where the application's own line is on the stack, and not when it is sent.
 */

import type { Response as WebResponse } from '../platform/web-standards.ts';
import type { FieldLines } from '../semantics/field-lines.ts';
import { isFieldValue } from '../semantics/field-syntax.ts';
import { type Content, isDisturbed } from './content/content.ts';
import { type GivenBody, GivenContent, isAsyncIterable, streamOfIterable } from './content/given-content.ts';
import { describesContent, isDecoded } from './fetched-response.ts';
import type { FieldsInit } from './fields-init.ts';
import { assertUnused, bodyMixin, CONTENT } from './light-body.ts';
import { PreparedFields, PreparedOctets } from './prepared.ts';
import { locationOf } from './redirect-location.ts';
import { baseOf, passFor } from './stand-in.ts';

const NativeResponse = globalThis.Response;

/** What the runtime's own takes for a body. Bytes are not copied, so they must not be changed afterwards. */
export type BodyInit =
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | FormData
  | URLSearchParams
  | string
  | null
  | undefined;

/** A body as it is sent. */
export type SentBody = Exclude<GivenBody, Blob> | null;

export interface ResponseInit {
  /** 200 to 599. Default 200. */
  status?: number;
  /** The reason phrase. Default: the registered one. */
  statusText?: string;
  headers?: FieldsInit;
  /** Ours: trailer fields, asked for when the content has ended; sent where the content is chunked (RFC 9110 §6.5). */
  trailers?: () => FieldsInit | Promise<FieldsInit>;
}

// Members for the code that sends or rebuilds a response. Their keys are symbols so that applications do not see them.
export const TAKE_BODY: unique symbol = Symbol('take body');
export const FIELD_LINES: unique symbol = Symbol('field lines');
export const GIVEN_STREAM: unique symbol = Symbol('given stream');
export const TRAILERS: unique symbol = Symbol('trailers');
/** Registered, so that a wrapper recognises it without importing Serval. */
export const GIVEN_BODY: unique symbol = Symbol.for('serval.response.givenBody') as never;

const NO_FIELDS = new PreparedFields();
const OF_TEXT = new PreparedFields({ 'Content-Type': 'text/plain;charset=UTF-8' });
const OF_JSON = new PreparedFields({ 'Content-Type': 'application/json' });

export class LightResponse extends bodyMixin(baseOf(NativeResponse)) {
  readonly #status: number;
  readonly #statusText: string;
  readonly #fields: PreparedFields;
  readonly #trailers: ResponseInit['trailers'];
  #body: GivenBody | null = null;
  #content: GivenContent | undefined;
  #headers: Headers | undefined;

  /**
   * @throws {RangeError} for a status outside 200 to 599.
   * @throws {TypeError} for a field or a reason phrase that can't be sent, a body that was read or is being read, and a body
   *   with a status that has none.
   */
  constructor(body?: BodyInit | PreparedOctets, init?: ResponseInit, impliedFields?: PreparedFields) {
    super();
    let implied = NO_FIELDS;
    if (typeof body === 'string') {
      this.#body = body;
      implied = impliedFields ?? OF_TEXT;
    } else if (body !== undefined && body !== null) {
      implied = this.#extract(body);
    }
    if (init === undefined || init === null) {
      this.#status = 200;
      this.#statusText = '';
      this.#fields = implied;
      return;
    }
    this.#status = checkedStatus(init.status);
    this.#statusText = checkedReason(init.statusText);
    this.#trailers = init.trailers;
    this.#fields = fieldsOf(init, implied);
    if (this.#body !== null && isNullBodyStatus(this.#status))
      throw new TypeError(`Response: a ${this.#status} has no body`);
  }

  /** Keeps the body. @returns the fields that go with it (Fetch Standard, "extract a body"). */
  #extract(body: NonNullable<BodyInit> | PreparedOctets): PreparedFields {
    if (body instanceof Uint8Array || body instanceof PreparedOctets) {
      this.#body = body;
    } else if (body instanceof ReadableStream) {
      if (body.locked || isDisturbed(body))
        throw new TypeError('Response: the stream is locked or has been read from');
      this.#body = body;
    } else if (body instanceof ArrayBuffer) {
      this.#body = new Uint8Array(body);
    } else if (body instanceof Blob) {
      this.#body = body;
      return body.type === '' ? NO_FIELDS : new PreparedFields({ 'Content-Type': body.type });
    } else if (isAsyncIterable(body)) {
      this.#body = streamOfIterable(body);
    } else {
      // Forms, other views, what is made a string: the runtime knows how to read and name them.
      const extracted = new NativeResponse(body as BodyInit as Blob);
      const type = extracted.headers.get('content-type');
      this.#body = extracted.body as ReadableStream<Uint8Array> | null;
      return type === null ? NO_FIELDS : new PreparedFields({ 'Content-Type': type });
    }
    return NO_FIELDS;
  }

  static json(data: unknown, init?: ResponseInit): LightResponse {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('Response.json: the value has no JSON');
    return new LightResponse(text, init, OF_JSON);
  }

  static redirect(url: string | URL, status = 302): LightResponse {
    const location = locationOf(String(url));
    if (![301, 302, 303, 307, 308].includes(status))
      throw new RangeError(`Response.redirect: status: expected 301, 302, 303, 307 or 308, got ${status}`);
    return new LightResponse(null, { status, headers: { Location: location } });
  }

  static error(): WebResponse {
    return NativeResponse.error();
  }

  /** As of the class that it stands in for: what others have made is a `Response` too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this method.
    return this === LightResponse
      ? value instanceof NativeResponse
      : // biome-ignore lint/complexity/noThisInStatic: as above.
        Function.prototype[Symbol.hasInstance].call(this, value);
  }

  get status(): number {
    return this.#status;
  }

  get statusText(): string {
    return this.#statusText;
  }

  get ok(): boolean {
    return this.#status < 300;
  }

  get headers(): Headers {
    this.#headers ??= new Headers(this.#fields as Iterable<string[]> as [string, string][]);
    return this.#headers;
  }

  get [CONTENT](): Content | undefined {
    if (this.#body !== null) this.#content ??= new GivenContent(this.#body);
    return this.#content;
  }

  clone(): LightResponse {
    const { status, statusText, headers } = this;
    const copy = new LightResponse(null, { status, statusText, headers, trailers: this.#trailers! });
    copy.#body = this.#shareBody();
    return copy;
  }

  #shareBody(): GivenBody | null {
    const content = this[CONTENT];
    if (content === undefined) return null;
    assertUnused(content);
    // A stream that was made of the body is somebody's by now.
    if (this.#content!.hasStream) {
      // The runtime's class divides it: newer ones give the copy chunks of its own (Fetch Standard, "clone a body").
      const divided = new NativeResponse(content.stream);
      const copy = divided.clone();
      this.#body = divided.body;
      this.#content = undefined;
      return copy.body;
    }
    return this.#body;
  }

  get type() {
    return 'default' as const;
  }
  get url() {
    return '';
  }
  get redirected() {
    return false;
  }

  /** The body as it was given, if it is a string or bytes and has not been read: for `serval/compression` and other wrappers. */
  [GIVEN_BODY](): string | Uint8Array | undefined {
    const body = this.#body;
    if (this.#content?.isUsed || this.#content?.isLocked) return undefined;
    if (body instanceof PreparedOctets) return body.octets;
    return typeof body === 'string' || body instanceof Uint8Array ? body : undefined;
  }

  /** @throws {TypeError} if the body has been read. */
  [TAKE_BODY](): SentBody {
    const body = this.#body;
    if (this.#content !== undefined || body instanceof ReadableStream) assertUnused(this[CONTENT]!);
    return body instanceof Blob ? (body.stream() as ReadableStream<Uint8Array>) : body;
  }

  /** The stream that was given, or `null`. A stream that was made of something else has no source that waits. */
  get [GIVEN_STREAM](): ReadableStream<Uint8Array> | null {
    return this.#body instanceof ReadableStream ? this.#body : null;
  }

  get [TRAILERS](): ResponseInit['trailers'] {
    return this.#trailers;
  }

  /** @throws {TypeError} for a field that was set later and can't be sent. */
  [FIELD_LINES](): FieldLines {
    const isBlob = this.#body instanceof Blob;
    if (this.#headers === undefined && !isBlob) return this.#fields.lines;
    const { lines } = new PreparedFields(this.#headers ?? this.#fields);
    if (isBlob && lines.contentLength < 0) lines.contentLength = (this.#body as Blob).size;
    return lines;
  }
}

passFor(LightResponse, NativeResponse, ['status', 'statusText', 'headers', 'bodyUsed']);
Object.defineProperty(LightResponse, 'name', { value: 'Response', configurable: true });
Object.defineProperty(LightResponse.prototype, 'constructor', { value: LightResponse });

/** Whether a response is Serval's own: `instanceof` takes those of the runtime for it. */
export const isLightResponse = (value: unknown): value is LightResponse =>
  typeof value === 'object' && value !== null && TAKE_BODY in value;

const isNullBodyStatus = (status: number): boolean => status === 204 || status === 205 || status === 304;

function checkedStatus(given: number | undefined): number {
  // As Web IDL converts to `unsigned short`, for texts and fractions.
  const status = given === undefined ? 200 : (Number(given) << 16) >>> 16;
  if (status < 200 || status > 599)
    throw new RangeError(`Response: status: expected an integer from 200 to 599, got ${given}`);
  return status;
}

function checkedReason(given: string | undefined): string {
  if (given === undefined || given === '') return '';
  const reason = String(given);
  // RFC 9112 §4: a reason phrase has the characters of a field value.
  if (!isFieldValue(reason))
    throw new TypeError(`Response: statusText: expected a reason phrase, got ${JSON.stringify(reason)}`);
  return reason;
}

function fieldsOf(init: ResponseInit, implied: PreparedFields): PreparedFields {
  let given = init.headers;
  if (given === undefined || given === null) return implied;
  // `new Response(response.body, response)`
  if (init instanceof NativeResponse && isDecoded(init)) given = [...init.headers].filter(describesContent);
  const fields = given instanceof PreparedFields ? given : new PreparedFields(given);
  if (implied === NO_FIELDS || fields.hasContentType) return fields;
  // Prepared fields are used by others, too.
  const whole = fields === given ? new PreparedFields(fields) : fields;
  for (const [name, value] of implied) whole.add(name, value);
  return whole;
}

/** What `Response` is to those who import it: the standard's, with one more member in its `init`. */
export interface ResponseConstructor {
  new (body?: BodyInit, init?: ResponseInit): WebResponse;
  /** @internal */
  new (body?: BodyInit | PreparedOctets, init?: ResponseInit): WebResponse;
  readonly prototype: WebResponse;
  json(data: unknown, init?: ResponseInit): WebResponse;
  redirect(url: string | URL, status?: number): WebResponse;
  error(): WebResponse;
}

export const Response = LightResponse as unknown as ResponseConstructor;
export type Response = WebResponse;
