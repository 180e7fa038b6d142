/**
 * The `Response` that Serval exports: `instanceof globalThis.Response`, with status, fields and body as they were given.
 * Constructing the runtime's own takes 6-24 µs on Node, twice what the socket costs; this takes 0.02.
 *
 * Whatever it does not hold itself (`clone`, `blob`, `formData`, the body as a stream) it asks of a native one made then.
 */

import { FieldLines } from '../semantics/field-lines.ts';
import { toBlob, toFormData } from './body-conversions.ts';
import type { FieldsInit } from './fields-init.ts';
import { addFields } from './fields-init.ts';
import { PreparedFields, PreparedOctets } from './prepared.ts';

const NativeResponse = globalThis.Response;
type NativeResponse = globalThis.Response;

export type BodyInit = ConstructorParameters<typeof NativeResponse>[0];

export interface ResponseInit {
  /** 200 to 599. Default 200. */
  status?: number;
  /** The reason phrase. Default: the registered one. */
  statusText?: string;
  headers?: FieldsInit | PreparedFields;
  /** Ours: trailer fields, asked for when the content has ended; sent where the content is chunked (RFC 9110 §6.5). */
  trailers?: () => FieldsInit | Promise<FieldsInit>;
}

/** A body that goes out as it is; octets are not copied, so they must not be changed afterwards. Everything else is made into a stream by the runtime. */
export type GivenBody = string | Uint8Array | PreparedOctets | ReadableStream<Uint8Array> | null;

const isNullBodyStatus = (status: number): boolean => status === 204 || status === 205 || status === 304;

// Members for the code that sends or rebuilds a response. Their keys are symbols so that applications do not see them.
export const TAKE_BODY: unique symbol = Symbol('take body');
export const FIELD_LINES: unique symbol = Symbol('field lines');
export const GIVEN_STREAM: unique symbol = Symbol('given stream');
export const TRAILERS: unique symbol = Symbol('trailers');
/** Registered, so that a wrapper recognises it without importing Serval. */
export const GIVEN_BODY: unique symbol = Symbol.for('serval.response.givenBody') as never;

export const isLightResponse = (value: unknown): value is LightResponse => value instanceof LightResponse;

export class LightResponse {
  readonly status: number;
  readonly statusText: string;
  #body: GivenBody = null;
  /** The Content-Type that the Fetch Standard has a body of this kind imply ("extract a body"). */
  #impliedType: string | undefined;
  #init: FieldsInit | PreparedFields;
  #trailers: ResponseInit['trailers'];
  #headers: Headers | undefined;
  #native: NativeResponse | undefined;
  #used = false;

  /**
   * @throws {RangeError} for a status outside 200 to 599.
   * @throws {TypeError} for a body that goes with no content, or with a status that has none.
   */
  constructor(body?: BodyInit | PreparedOctets, init?: ResponseInit) {
    this.status = init?.status ?? 200;
    this.statusText = init?.statusText ?? '';
    this.#init = init?.headers;
    this.#trailers = init?.trailers;
    if (!Number.isInteger(this.status) || this.status < 200 || this.status > 599) {
      throw new RangeError(`Response: status: not an integer from 200 to 599: ${this.status}`);
    }
    if (body === undefined || body === null) return;
    if (isNullBodyStatus(this.status)) throw new TypeError(`Response: a ${this.status} has no body`);
    if (typeof body === 'string') {
      this.#body = body;
      this.#impliedType = 'text/plain;charset=UTF-8';
    } else if (body instanceof Uint8Array || body instanceof PreparedOctets) {
      this.#body = body;
    } else if (body instanceof ArrayBuffer) {
      this.#body = new Uint8Array(body);
    } else if (body instanceof URLSearchParams) {
      this.#body = body.toString();
      this.#impliedType = 'application/x-www-form-urlencoded;charset=UTF-8';
    } else if (body instanceof ReadableStream) {
      if (body.locked) throw new TypeError('Response: the stream is locked');
      this.#body = body;
    } else {
      // FormData, Blob, other views, async iterables: the runtime knows how to read and name them.
      const extracted = new NativeResponse(body);
      this.#impliedType = extracted.headers.get('content-type') ?? undefined;
      this.#body = extracted.body as ReadableStream<Uint8Array> | null;
    }
  }

  static json(data: unknown, init?: ResponseInit): LightResponse {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('Response.json: the value has no JSON');
    const response = new LightResponse(text, init);
    response.#impliedType = 'application/json';
    return response;
  }

  static redirect(url: string | URL, status = 302): LightResponse {
    if (![301, 302, 303, 307, 308].includes(status))
      throw new RangeError(`Response.redirect: not a redirect: ${status}`);
    // A relative reference stays one: Location has room for it (RFC 9110 §10.2.2).
    const location = URL.canParse(String(url)) ? new URL(url).href : String(url);
    return new LightResponse(null, { status, headers: { Location: location } });
  }

  static error(): NativeResponse {
    return NativeResponse.error();
  }

  get ok(): boolean {
    return this.status < 300;
  }

  get headers(): Headers {
    if (this.#headers === undefined) {
      const headers = new Headers(this.#init as HeadersInit);
      if (this.#impliedType !== undefined && !headers.has('content-type')) {
        headers.set('content-type', this.#impliedType);
      }
      this.#headers = headers;
    }
    return this.#headers;
  }

  get body(): ReadableStream<Uint8Array> | null {
    return this.#body === null ? null : (this.#asNative.body as ReadableStream<Uint8Array>);
  }

  get bodyUsed(): boolean {
    return this.#used || (this.#native?.bodyUsed ?? false);
  }

  async text(): Promise<string> {
    if (typeof this.#body !== 'string' || this.#native !== undefined) return this.#asNative.text();
    if (this.#used) throw new TypeError('Body is unusable: it has already been read');
    this.#used = true;
    return this.#body;
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#asNative.arrayBuffer();
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.#asNative.arrayBuffer());
  }

  async blob(): Promise<Blob> {
    return toBlob(await this.bytes(), this.headers.get('content-type') ?? '');
  }

  async formData(): Promise<FormData> {
    return toFormData(await this.bytes(), this.headers.get('content-type') ?? '');
  }

  clone(): NativeResponse {
    const { status, statusText, headers } = this;
    return new NativeResponse(this.#asNative.clone().body, { status, statusText, headers });
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

  /** The body as it was given, if it is a string or octets and has not been read: for `serval/compression` and other wrappers. */
  [GIVEN_BODY](): string | Uint8Array | undefined {
    if (this.#used || this.#native !== undefined) return undefined;
    if (this.#body instanceof PreparedOctets) return this.#body.octets;
    return this.#body instanceof ReadableStream || this.#body === null ? undefined : this.#body;
  }

  get #asNative(): NativeResponse {
    if (this.#native === undefined) {
      if (this.#used) throw new TypeError('Body is unusable: it has already been read');
      const { status, statusText, headers } = this;
      const body = this.#body instanceof PreparedOctets ? this.#body.octets : this.#body;
      this.#native = new NativeResponse(body as BodyInit, { status, statusText, headers });
    }
    return this.#native;
  }

  /** @throws {TypeError} if the body has been read. */
  [TAKE_BODY](): GivenBody {
    if (this.bodyUsed) throw new TypeError('Response: its body has already been read');
    return this.#native === undefined ? this.#body : (this.#native.body as ReadableStream<Uint8Array> | null);
  }

  /** The stream that was given, or `null`. A stream that was made of something else has no source that waits. */
  get [GIVEN_STREAM](): ReadableStream<Uint8Array> | null {
    const isGiven = this.#body instanceof ReadableStream && this.#impliedType === undefined;
    return isGiven ? (this.#body as ReadableStream<Uint8Array>) : null;
  }

  get [TRAILERS](): ResponseInit['trailers'] {
    return this.#trailers;
  }

  /**
   * The field lines, with the Content-Type that the body implies unless another one was given.
   *
   * @throws {TypeError} for a field that can't be sent.
   */
  [FIELD_LINES](): FieldLines {
    const prepared =
      this.#headers === undefined && this.#init instanceof PreparedFields ? this.#init.fields : undefined;
    if (prepared !== undefined && (prepared.contentType !== '' || this.#impliedType === undefined))
      return prepared;
    const fields = new FieldLines();
    if (this.#headers !== undefined) {
      for (const [name, value] of this.#headers) fields.add(name, value);
      return fields;
    }
    addFields(this.#init as FieldsInit, fields);
    if (this.#impliedType !== undefined && fields.contentType === '')
      fields.add('Content-Type', this.#impliedType);
    return fields;
  }
}

type HeadersInit = NonNullable<FieldsInit>;

Object.setPrototypeOf(LightResponse, NativeResponse);
Object.setPrototypeOf(LightResponse.prototype, NativeResponse.prototype);
Object.defineProperty(LightResponse.prototype, Symbol.toStringTag, { value: 'Response', configurable: true });

/** What `Response` is to those who import it: the standard's, with two more members in its `init`. */
export interface ResponseConstructor {
  new (body?: BodyInit | PreparedOctets, init?: ResponseInit): NativeResponse;
  readonly prototype: NativeResponse;
  json(data: unknown, init?: ResponseInit): NativeResponse;
  redirect(url: string | URL, status?: number): NativeResponse;
  error(): NativeResponse;
}

export const Response = LightResponse as unknown as ResponseConstructor;
export type Response = NativeResponse;
