/** Which requests a page of another origin has made a browser send. */

/**
 * Whether a page that is not this server's own is behind the request. Any page on the web can make a browser send a form to
 * a server on this machine or in this network, with the visitor's credentials; it can't read the answer, but a file would
 * have been stored.
 *
 * Browsers tell it in Sec-Fetch-Site (Fetch Metadata) where the server is trustworthy to them: over TLS, or on
 * the same machine. `same-site` is not good enough: every port of a machine is the same site. Where that is missing, they
 * still send Origin (RFC 6454 §7) with whatever is not GET or HEAD. Other clients send neither.
 */
export function isFromElsewhere(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const origin = request.headers.get('origin');
  return origin !== null && origin !== new URL(request.url).origin;
}
