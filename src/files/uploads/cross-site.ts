/** Finds requests that a page of another origin has made a browser send. */

/**
 * Whether a page of another origin caused the request. Any page on the web can make a browser send a form to a server on this
 * machine or in this network, with the visitor's credentials. The page can't read the answer, but a file would be stored.
 *
 * Browsers send Sec-Fetch-Site (Fetch Metadata) to servers that they trust: over TLS, or on the same machine. `same-site` is
 * refused, since all ports of a machine are one site. Without that field, browsers still send Origin (RFC 6454 §7) with all
 * methods but GET and HEAD. Other clients send neither.
 */
export function isFromElsewhere(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const origin = request.headers.get('origin');
  return origin !== null && origin !== new URL(request.url).origin;
}
