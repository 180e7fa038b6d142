/** Turns what `fetch` is called with into a request that can be sent, retried and redirected (Fetch Standard, "new Request"). */

import { notSupported } from '../fetch/errors.ts';
import type { FieldsInit } from '../fetch/fields-init.ts';
import { addFields, type FieldSink } from '../fetch/fields-init.ts';
import { RequestFields } from '../http1/head/request-fields.ts';
import { isToken } from '../semantics/field-syntax.ts';
import { type Target, targetOf } from './connection/destination.ts';
import type { WireObserver } from './connection/wire-observer.ts';
import { ACCEPTED_CODINGS } from './content/content-codings.ts';
import { type Integrity, parseIntegrity } from './content/integrity.ts';
import { bodyOf, type RequestBody, type RequestBodyInit } from './content/request-body.ts';
import type { ClientSettings } from './options.ts';
import type { ReceivedHead } from './received-head.ts';

/** What goes with a URL: members of Fetch's `RequestInit`, and some that Fetch does not have. */
export interface FetchInit {
  /** Default `GET`. */
  method?: string;
  headers?: FieldsInit;
  body?: RequestBodyInit;
  signal?: AbortSignal | null;
  /** How to treat a 301, 302, 303, 307 or 308 with Location. Default `follow`; `manual` gives the response as it is. */
  redirect?: 'follow' | 'manual' | 'error';
  /** Fetch requires it for streams. This client always sends and receives at the same time. */
  duplex?: 'half' | undefined;
  /** Hashes, one of which the content has to match (Subresource Integrity §3.3). It is read before `fetch` fulfils. */
  integrity?: string;
  /** Not in Fetch: waits for `100 Continue` before it sends the content, but not longer than `timeouts.continue`. */
  expectContinue?: boolean;
  /** Not in Fetch: called for each interim response, such as 103 (Early Hints). */
  onInformational?: (status: number, headers: Headers) => void;
  /** Not in Fetch: trailer fields, asked for when the content has been read. It is sent in chunks then (RFC 9110 §6.5). */
  trailers?: () => FieldsInit | Promise<FieldsInit>;
  /** Not in Fetch: default fields that are not sent, by their lower-case names. */
  omit?: readonly ('accept' | 'accept-encoding' | 'content-type' | 'user-agent')[];
  /** Not in Fetch: sees what goes over the wire. */
  observer?: WireObserver;
}

/** A request before it has a connection. */
export interface OutgoingRequest {
  readonly method: string;
  readonly target: Target;
  /** In the order given, followed by the default fields. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: RequestBody | undefined;
  /** The body of a `Request`, which has to be looked into before `body` is known. */
  readonly unsettled: ReadableStream<Uint8Array> | undefined;
  readonly integrity: Integrity | undefined;
  readonly expectContinue: boolean;
  readonly signal: AbortSignal | undefined;
  readonly redirect: 'follow' | 'manual' | 'error';
  readonly decode: boolean;
  readonly trailers: FetchInit['trailers'];
  readonly onInterim: ((head: ReceivedHead) => void) | undefined;
  readonly observer: WireObserver | undefined;
  readonly tunnel?: TunnelInit | undefined;
}

/** A request that asks for a tunnel. `fields` of the request are those of the upgrade of HTTP/1.1 (RFC 9110 §7.8). */
export interface TunnelInit {
  /** The protocol of an extended CONNECT (RFC 8441 §4). */
  readonly protocol: string;
  /** Its fields. */
  readonly connectFields: RequestFields;
}

/** Methods that Fetch converts to upper case; all others are sent as they are (RFC 9110 §9.1). */
const NORMALISED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);
/** Fetch refuses them as well. */
const REFUSED = new Set(['CONNECT', 'TRACE', 'TRACK']);

export type FetchInput = string | URL | Request;

/** @throws {TypeError} for a request that can't be sent. */
export function outgoingRequest(
  input: FetchInput,
  init: FetchInit,
  settings: ClientSettings,
  toHeaders: (head: ReceivedHead) => Headers,
): OutgoingRequest {
  const given = typeof input === 'object' && 'url' in input ? input : undefined;
  const target = targetOf(given === undefined ? (input as string | URL) : given.url);
  const method = normalisedMethod(init.method ?? given?.method ?? 'GET');
  const redirect = init.redirect ?? given?.redirect ?? 'follow';
  if (redirect !== 'follow' && redirect !== 'manual' && redirect !== 'error')
    throw new TypeError(`fetch: redirect: expected follow, manual or error, got ${String(redirect)}`);
  const signal = init.signal === undefined ? given?.signal : (init.signal ?? undefined);
  const unsettled = init.body === undefined ? streamWithoutLength(given) : undefined;
  const body = bodyOf(init.body === undefined ? given?.body : init.body);
  if (body !== undefined && (method === 'GET' || method === 'HEAD'))
    throw new TypeError(`fetch: a ${method} request has no body`);
  const { onInformational } = init;
  return {
    method,
    target,
    fields: fieldsOf(init.headers ?? given?.headers, body, settings, init.omit),
    body,
    unsettled,
    integrity: parseIntegrity(init.integrity ?? given?.integrity ?? ''),
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

/** A length that is declared is known, and then there is no need to look into the body. */
function streamWithoutLength(given: Request | undefined): ReadableStream<Uint8Array> | undefined {
  if (given === undefined || given.body === null || given.headers.has('content-length')) return undefined;
  return given.body as ReadableStream<Uint8Array>;
}

function normalisedMethod(method: string): string {
  if (!isToken(method)) throw new TypeError(`fetch: method: expected a token, got ${JSON.stringify(method)}`);
  const upper = method.toUpperCase();
  if (REFUSED.has(upper)) throw new TypeError(`fetch: method: ${upper} is not supported`);
  return NORMALISED.has(upper) ? upper : method;
}

class GivenFields implements FieldSink {
  readonly entries: [name: string, value: string][] = [];
  readonly #names = new Set<string>();
  readonly #omitted: ReadonlySet<string>;

  constructor(omitted: FetchInit['omit']) {
    this.#omitted = new Set(omitted);
  }

  add(name: string, value: string): void {
    const lower = name.toLowerCase();
    if (lower === 'upgrade') throw notSupported('fetch: headers: Upgrade is not supported');
    this.#names.add(lower);
    this.entries.push([name, value]);
  }

  addDefault(name: string, value: string): void {
    const lower = name.toLowerCase();
    if (!this.#names.has(lower) && !this.#omitted.has(lower)) this.entries.push([name, value]);
  }
}

const noFields = new WeakMap<ClientSettings, readonly (readonly [string, string])[]>();

function fieldsOf(
  init: FieldsInit,
  body: RequestBody | undefined,
  settings: ClientSettings,
  omitted: FetchInit['omit'],
): readonly (readonly [string, string])[] {
  if (init !== undefined || body?.type !== undefined || omitted !== undefined)
    return filledFields(init, body, settings, omitted);
  // Most requests have default fields only.
  let fields = noFields.get(settings);
  if (fields === undefined) {
    fields = filledFields(undefined, undefined, settings, undefined);
    noFields.set(settings, fields);
  }
  return fields;
}

function filledFields(
  init: FieldsInit,
  body: RequestBody | undefined,
  settings: ClientSettings,
  omitted: FetchInit['omit'],
) {
  const given = new GivenFields(omitted);
  addFields(init, given);
  if (body?.type !== undefined) given.addDefault('Content-Type', body.type);
  given.addDefault('Accept', '*/*');
  // A range of coded content can't be decoded (RFC 9110 §14.2, as in Fetch).
  if (settings.decode && !given.entries.some(([name]) => name.toLowerCase() === 'range'))
    given.addDefault('Accept-Encoding', ACCEPTED_CODINGS);
  if (settings.userAgent !== '') given.addDefault('User-Agent', settings.userAgent);
  return given.entries;
}

const checked = new WeakMap<object, RequestFields>();

/** The fields as they are sent. @throws {TypeError} for a field that can't be sent. */
export function requestFields({ fields, body, expectContinue }: OutgoingRequest): RequestFields {
  const isPlain = body === undefined && !expectContinue;
  const known = isPlain ? checked.get(fields) : undefined;
  if (known !== undefined) return known;
  const sent = new RequestFields();
  for (const [name, value] of fields) sent.add(name, value);
  if (expectContinue) sent.add('Expect', '100-continue');
  const declared = sent.contentLength;
  if (declared >= 0 && declared !== (body?.length ?? 0) && body?.length !== -1)
    throw new TypeError(`fetch: Content-Length is ${declared}, but the body has ${body?.length ?? 0} bytes`);
  if (isPlain) checked.set(fields, sent);
  return sent;
}
