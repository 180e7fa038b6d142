/** From what `fetch` is called with to a request that can be sent, retried and redirected (Fetch Standard, "new Request"). */

import { notSupported } from '../fetch/errors.ts';
import type { FieldsInit } from '../fetch/fields-init.ts';
import { addFields, type FieldSink } from '../fetch/fields-init.ts';
import { RequestFields } from '../http1/head/request-fields.ts';
import type { ResponseHead } from '../http1/head/response-head.ts';
import { isToken } from '../semantics/field-syntax.ts';
import { type Target, targetOf } from './connection/destination.ts';
import type { WireObserver } from './connection/wire-observer.ts';
import { ACCEPTED_CODINGS } from './content/content-codings.ts';
import { bodyOf, type RequestBody, type RequestBodyInit } from './content/request-body.ts';
import type { ClientSettings } from './options.ts';

/** What goes with a URL: Fetch's members, and some of our own. */
export interface FetchInit {
  /** Default `GET`. */
  method?: string;
  headers?: FieldsInit;
  body?: RequestBodyInit;
  signal?: AbortSignal | null;
  /** What becomes of a 301, 302, 303, 307 or 308 with Location. Default `follow`; `manual` gives the response as it is. */
  redirect?: 'follow' | 'manual' | 'error';
  /** Fetch wants it said for a stream; here it is always so that both directions flow at once. */
  duplex?: 'half' | undefined;
  /** Ours: the content is not sent before the server says `100 Continue`, or a second has passed (RFC 9110 §10.1.1). */
  expectContinue?: boolean;
  /** Ours: called for each interim response, such as 103 (Early Hints). */
  onInformational?: (status: number, headers: Headers) => void;
  /** Ours: trailer fields, asked for when the content has been read; it is sent in chunks then (RFC 9110 §6.5). */
  trailers?: () => FieldsInit | Promise<FieldsInit>;
  /** Ours: sees what goes over the wire. */
  observer?: WireObserver;
}

/** A request before it has a connection. */
export interface OutgoingRequest {
  readonly method: string;
  readonly target: Target;
  /** As given, in order, those added by default behind them. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: RequestBody | undefined;
  readonly expectContinue: boolean;
  readonly signal: AbortSignal | undefined;
  readonly redirect: 'follow' | 'manual' | 'error';
  readonly decode: boolean;
  readonly trailers: FetchInit['trailers'];
  readonly onInterim: ((head: ResponseHead) => void) | undefined;
  readonly observer: WireObserver | undefined;
}

/** Methods that Fetch writes in capitals whatever the case; all others are sent as they are (RFC 9110 §9.1). */
const NORMALISED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);
/** Fetch refuses them, and so do we: a tunnel is not a response. */
const REFUSED = new Set(['CONNECT', 'TRACE', 'TRACK']);

export type FetchInput = string | URL | Request;

/** @throws {TypeError} for what can't be sent. */
export function outgoingRequest(
  input: FetchInput,
  init: FetchInit,
  settings: ClientSettings,
  toHeaders: (head: ResponseHead) => Headers,
): OutgoingRequest {
  const given = typeof input === 'object' && 'url' in input ? input : undefined;
  const target = targetOf(given === undefined ? (input as string | URL) : given.url);
  const method = normalisedMethod(init.method ?? given?.method ?? 'GET');
  const redirect = init.redirect ?? given?.redirect ?? 'follow';
  if (redirect !== 'follow' && redirect !== 'manual' && redirect !== 'error')
    throw new TypeError(`fetch: redirect: not follow, manual or error: ${String(redirect)}`);
  const signal = init.signal === undefined ? given?.signal : (init.signal ?? undefined);
  const body = bodyOf(init.body === undefined ? given?.body : init.body);
  if (body !== undefined && (method === 'GET' || method === 'HEAD'))
    throw new TypeError(`fetch: a ${method} request has no body`);
  const { onInformational } = init;
  return {
    method,
    target,
    fields: fieldsOf(init.headers ?? given?.headers, body, settings),
    body,
    expectContinue: init.expectContinue ?? false,
    signal,
    redirect,
    decode: settings.decode,
    trailers: init.trailers,
    onInterim:
      onInformational === undefined ? undefined : (head) => onInformational(head.status, toHeaders(head)),
    observer: init.observer,
  };
}

function normalisedMethod(method: string): string {
  if (!isToken(method)) throw new TypeError(`fetch: method: not a token: ${JSON.stringify(method)}`);
  const upper = method.toUpperCase();
  if (REFUSED.has(upper)) throw new TypeError(`fetch: method: ${upper} is not for fetch`);
  return NORMALISED.has(upper) ? upper : method;
}

class GivenFields implements FieldSink {
  readonly entries: [name: string, value: string][] = [];
  readonly #names = new Set<string>();

  add(name: string, value: string): void {
    const lower = name.toLowerCase();
    if (lower === 'upgrade') throw notSupported('fetch: headers: Upgrade: there is no other protocol here');
    this.#names.add(lower);
    this.entries.push([name, value]);
  }

  addDefault(name: string, value: string): void {
    if (!this.#names.has(name.toLowerCase())) this.entries.push([name, value]);
  }
}

const noFields = new WeakMap<ClientSettings, readonly (readonly [string, string])[]>();

function fieldsOf(
  init: FieldsInit,
  body: RequestBody | undefined,
  settings: ClientSettings,
): readonly (readonly [string, string])[] {
  if (init !== undefined || body?.type !== undefined) return filledFields(init, body, settings);
  // Most requests bring nothing of their own.
  let fields = noFields.get(settings);
  if (fields === undefined) {
    fields = filledFields(undefined, undefined, settings);
    noFields.set(settings, fields);
  }
  return fields;
}

function filledFields(init: FieldsInit, body: RequestBody | undefined, settings: ClientSettings) {
  const given = new GivenFields();
  addFields(init, given);
  if (body?.type !== undefined) given.addDefault('Content-Type', body.type);
  given.addDefault('Accept', '*/*');
  // A range of coded content is of no use to who wants a range of the content (RFC 9110 §14.2, as in Fetch).
  if (settings.decode && !given.entries.some(([name]) => name.toLowerCase() === 'range'))
    given.addDefault('Accept-Encoding', ACCEPTED_CODINGS);
  if (settings.userAgent !== '') given.addDefault('User-Agent', settings.userAgent);
  return given.entries;
}

const checked = new WeakMap<object, RequestFields>();

/**
 * The fields as they go to the wire.
 *
 * @throws {TypeError} for one that can't be sent.
 */
export function requestFields({ fields, body, expectContinue }: OutgoingRequest): RequestFields {
  const isPlain = body === undefined && !expectContinue;
  const known = isPlain ? checked.get(fields) : undefined;
  if (known !== undefined) return known;
  const sent = new RequestFields();
  for (const [name, value] of fields) sent.add(name, value);
  if (expectContinue) sent.add('Expect', '100-continue');
  const declared = sent.contentLength;
  if (declared >= 0 && declared !== (body?.length ?? 0) && body?.length !== -1)
    throw new TypeError(`fetch: Content-Length is ${declared}, and the body has ${body?.length ?? 0} octets`);
  if (isPlain) checked.set(fields, sent);
  return sent;
}
