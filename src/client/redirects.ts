/** What becomes of a request that is redirected: one pure function (Fetch Standard, "HTTP-redirect fetch"; RFC 9110 §15.4). */
import { type ClientError, clientError } from './errors.ts';

export interface Redirected {
  readonly url: string;
  readonly method: string;
  /** Whether the body goes along; otherwise the fields about it don't, either. */
  readonly keepsBody: boolean;
  readonly isCrossOrigin: boolean;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** About content that is not sent any more. */
const CONTENT_FIELDS = new Set([
  ...['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length', 'expect'],
]);
/** What one origin was told, and no other is to hear. */
const CREDENTIAL_FIELDS = new Set(['authorization', 'proxy-authorization', 'cookie', 'host']);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/**
 * Where a redirect leads, and with which method.
 *
 * @param location the value of Location, relative to `from` (RFC 9110 §10.2.2).
 */
export function redirectedTo(
  status: number,
  location: string,
  from: string,
  method: string,
): Redirected | ClientError {
  if (!URL.canParse(location, from))
    return clientError('ERR_HTTP_REDIRECT', `The redirect leads to no URL: ${JSON.stringify(location)}`);
  const url = new URL(location, from);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return clientError('ERR_HTTP_REDIRECT', `The redirect leads to another scheme: ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    return clientError('ERR_HTTP_REDIRECT', 'The redirect leads to a URL with credentials');
  // RFC 9110 §15.4.2-§15.4.4: for historical reasons POST becomes GET on 301 and 302; 303 is what says so.
  const becomesGet =
    ((status === 301 || status === 302) && method === 'POST') ||
    (status === 303 && method !== 'GET' && method !== 'HEAD');
  return {
    url: url.href,
    method: becomesGet ? 'GET' : method,
    keepsBody: !becomesGet,
    isCrossOrigin: url.origin !== new URL(from).origin,
  };
}

/** The fields that go along. */
export function redirectedFields(
  fields: readonly (readonly [name: string, value: string])[],
  { keepsBody, isCrossOrigin }: Redirected,
): readonly (readonly [name: string, value: string])[] {
  if (keepsBody && !isCrossOrigin) return fields;
  return fields.filter(([name]) => {
    const lower = name.toLowerCase();
    return !(isCrossOrigin && CREDENTIAL_FIELDS.has(lower)) && (keepsBody || !CONTENT_FIELDS.has(lower));
  });
}
