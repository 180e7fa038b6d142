/** The target URI of a request (RFC 9110 §7.1), as the URL Standard serializes it. */

/** A path and query that the URL parser would leave as they are: no escapes, no dot segments, nothing it would encode. */
const LEFT_ALONE = /^\/[\w\-~!$&()*+,;=:@/?.]*$/;

/** @param origin as `Origins` makes it. @param path path and query in origin-form, or `*`. */
export function requestUrl(origin: string, path: string): string {
  if (LEFT_ALONE.test(path) && !path.includes('/.')) return origin + path;
  // `*` is the server as a whole (RFC 9112 §3.2.4), which a URL can only say as a path.
  return new URL(path.startsWith('/') ? origin + path : `${origin}/${path}`).href;
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

  /** `http://host:port`, or `undefined` for an authority that follows RFC 3986 and is still no URL's: `1.2.3.4.5`, `a%00`. */
  of(authority: string): string | undefined {
    if (authority !== this.#authority || this.#origin === undefined) {
      this.#authority = authority;
      const url = `${this.#scheme}://${authority}`;
      this.#origin = URL.canParse(url) ? new URL(url).origin : undefined;
    }
    return this.#origin;
  }
}
