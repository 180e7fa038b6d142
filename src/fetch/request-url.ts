/** The target URI of a request (RFC 9110 §7.1), as the URL Standard serializes it. */

import { isIPv4 } from '../semantics/address/ip-address.ts';

/** A path and query that the URL parser would leave as they are: no escapes, no dot segments, nothing it would encode. */
const LEFT_ALONE = /^\/[\w\-~!$&()*+,;=:@/?.]*$/;

/** @param origin as `Origins` makes it. @param path path and query in origin-form, or `*`. */
export function requestUrl(origin: string, path: string): string {
  if (LEFT_ALONE.test(path) && !path.includes('/.')) return origin + path;
  // `*` is the server as a whole (RFC 9112 §3.2.4), which a URL can only say as a path.
  return new URL(path.startsWith('/') ? origin + path : `${origin}/${path}`).href;
}

/** Any origin: the path does not depend on it. */
const SOME_ORIGIN = 'http://a';

/** @returns path and query as they are in `requestUrl`, or `*`. */
export function requestPath(path: string): string {
  return path.startsWith('/') ? requestUrl(SOME_ORIGIN, path).slice(SOME_ORIGIN.length) : path;
}

/**
 * Authorities to origins. The clients of a server ask for very few different hosts, mostly for one, so the last answer
 * is kept.
 */
export class Origins {
  readonly #scheme: string;
  #authority = '';
  #origin: string | undefined;

  constructor(scheme: 'http' | 'https') {
    this.#scheme = scheme;
  }

  /**
   * `http://host:port`, or `undefined` for an authority that follows RFC 3986 but is not valid in a URL, such as `a%00`, or
   * that the URL parser turns into an IPv4 address, such as `%EF%BC%91.1` with a wide digit.
   */
  of(authority: string): string | undefined {
    if (authority !== this.#authority || this.#origin === undefined)
      this.#origin = originOf(`${this.#scheme}://${authority}`, authority);
    // Also when equal: the next request of this connection has the same string, which compares by its address.
    this.#authority = authority;
    return this.#origin;
  }
}

function originOf(url: string, authority: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { origin, hostname } = new URL(url);
  return isIPv4(hostname) && hostname !== authority.replace(/:\d*$/, '') ? undefined : origin;
}
