/** The destination of a request: its origin, for which connections are kept, and its target (RFC 9110 §4.2, §7.1). */
import { notSupported } from '../../fetch/errors.ts';

export interface Destination {
  /** Equal for all URLs whose requests may share a connection. */
  readonly key: string;
  /** A name or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Its connections begin with a TLS handshake (RFC 9110 §4.2.2). */
  readonly isSecure: boolean;
  /** The value of Host: the default port is left out (RFC 9110 §4.2.3). */
  readonly authority: string;
}

export interface Target {
  /** The URL without its fragment, as `response.url` shows it. */
  readonly href: string;
  /** Path and query: origin-form (RFC 9112 §3.2.1). */
  readonly path: string;
  readonly destination: Destination;
}

/** Parsing a URL takes longer than sending a request, and most clients use few URLs. */
const known = new Map<string, Target>();
const MAX_KNOWN = 256;

/**
 * @throws {TypeError} if it is not an absolute URL, or has credentials, which Fetch refuses as well.
 * @throws {DOMException} `NotSupportedError` for a scheme other than http and https.
 */
export function targetOf(url: string | URL): Target {
  const text = typeof url === 'string' ? url : url.href;
  let target = known.get(text);
  if (target === undefined) {
    target = parseTarget(text);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, target);
  }
  return target;
}

function parseTarget(text: string): Target {
  if (!URL.canParse(text))
    throw new TypeError(`fetch: expected an absolute URL, got ${JSON.stringify(text)}`);
  const url = new URL(text);
  const isSecure = url.protocol === 'https:';
  if (!isSecure && url.protocol !== 'http:')
    throw notSupported(`fetch: the scheme ${url.protocol} is not supported`);
  if (url.username !== '' || url.password !== '')
    throw new TypeError(
      'fetch: a URL must not have credentials; send Authorization instead (RFC 9110 §4.2.4)',
    );
  url.hash = '';
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return {
    href: url.href,
    // A path has it only percent-encoded (RFC 3986 §3.3). The URL parser of Node 20 and 22 does not encode it.
    path: url.pathname.replaceAll('^', '%5E') + url.search,
    destination: {
      key: url.origin,
      host,
      port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
      isSecure,
      authority: url.host,
    },
  };
}
