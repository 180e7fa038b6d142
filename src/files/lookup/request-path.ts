/**
 * The path of a request's URL, still percent-encoded, and its query with the question mark. `request.url` has been
 * serialized by the URL Standard's rules, so finding the path takes no parser: making a `URL` of it costs more than the rest
 * of answering from memory.
 */
export function pathOf(url: string): string {
  return url.slice(pathStart(url), pathEnd(url));
}

/** `?a=b`, or nothing. */
export function queryOf(url: string): string {
  const fragment = url.indexOf('#');
  return url.slice(pathEnd(url), fragment < 0 ? url.length : fragment);
}

/** Behind `//` and the authority, neither of which holds a slash. */
const pathStart = (url: string): number => url.indexOf('/', url.indexOf('//') + 2);

function pathEnd(url: string): number {
  const query = url.indexOf('?');
  const fragment = url.indexOf('#');
  if (query < 0) return fragment < 0 ? url.length : fragment;
  return fragment >= 0 && fragment < query ? fragment : query;
}
