/** How a request goes on after a redirect (Fetch Standard, "HTTP-redirect fetch"; RFC 9110 §15.4). */
import { type ClientError, clientError } from './errors.ts';

export interface Redirected {
  readonly url: string;
  readonly method: string;
  /** Whether the body is sent again. If not, the fields about it are left out as well. */
  readonly keepsBody: boolean;
  readonly isCrossOrigin: boolean;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Fields about content that is not sent again. */
const CONTENT_FIELDS = new Set([
  ...['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length', 'expect'],
]);
/** Fields for one origin, which no other origin may see. */
const CREDENTIAL_FIELDS = new Set(['authorization', 'proxy-authorization', 'cookie', 'host']);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/**
 * The URL and the method after a redirect.
 *
 * @param location the value of Location, one character for each octet, relative to `from` (RFC 9110 §10.2.2).
 */
export function redirectedTo(
  status: number,
  location: string,
  from: string,
  method: string,
): Redirected | ClientError {
  const reference = withEscapedOctets(location);
  if (!URL.canParse(reference, from))
    return clientError('ERR_HTTP_REDIRECT', `The redirect leads to no URL: ${JSON.stringify(location)}`);
  const url = new URL(reference, from);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return clientError(
      'ERR_HTTP_REDIRECT',
      `The redirect leads to a scheme other than http: ${url.protocol}`,
    );
  if (url.username !== '' || url.password !== '')
    return clientError('ERR_HTTP_REDIRECT', 'The redirect leads to a URL with credentials');
  // RFC 9110 §15.4.2-§15.4.4: for historical reasons POST becomes GET on 301 and 302, as on 303 by definition.
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

/**
 * Escapes octets beyond ASCII, which are no part of a URI (RFC 3986 §2.1), as what they are: the server gets back the octets
 * that it has sent, whether they are UTF-8 or not.
 */
function withEscapedOctets(location: string): string {
  return location.replace(/[\x80-\xff]/g, (octet) => `%${octet.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The fields that are sent again. */
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
