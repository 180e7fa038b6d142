/** Where the root of a file server is in the URLs of a site: below a prefix of its own, or where a framework has mounted it. */
import { refusal } from '../options/checks.ts';

/** The path below the prefix. */
export type MountedPath =
  | { readonly path: string }
  /** A relative reference with a slash at its end, so that links of the page work. */
  | { readonly redirect: string };

/**
 * @param prefix as `prefixOf` returns it.
 * @param path of the request's URL.
 * @param ctx what a server passes to handlers; of another object nothing is taken.
 * @returns `undefined` for a path that is not below the prefix.
 */
export function mountedPath(prefix: string, path: string, ctx: unknown): MountedPath | undefined {
  if (prefix === '') {
    const whole = path === '/' ? pathBefore(ctx) : undefined;
    return whole === undefined || whole.endsWith('/') ? { path } : { redirect: withSlash(whole) };
  }
  if (path === prefix) return { redirect: withSlash(path) };
  return path.startsWith(`${prefix}/`) ? { path: path.slice(prefix.length) } : undefined;
}

/** The path before a framework took a prefix off it. Hono's `mount` makes `/` of `/static`. */
function pathBefore(ctx: unknown): string | undefined {
  const { path } = (ctx ?? {}) as { path?: unknown };
  return typeof path === 'string' && path.startsWith('/') ? path.replace(/\?.*$/s, '') : undefined;
}

/** `/a/static` → `./static/` (RFC 3986 §4.2). */
const withSlash = (path: string): string => `.${path.slice(path.lastIndexOf('/'))}/`;

/**
 * @returns the prefix without a slash at its end, so `''` for `/`.
 * @throws {TypeError | RangeError} for what is no path as URLs have it.
 */
export function prefixOf(given: unknown): string {
  const name = 'options.prefix';
  const expected = 'a path such as "/static"';
  if (given === undefined) return '';
  if (typeof given !== 'string') throw new TypeError(refusal(name, expected, given));
  const prefix = given.replace(/\/$/, '');
  // Percent-encoded where URLs are, and without `..`, a query or an empty name: any other would match no request.
  const isPath =
    prefix === '' || (URL.canParse(`http://a${prefix}`) && new URL(`http://a${prefix}`).pathname === prefix);
  if (!given.startsWith('/') || !isPath || given.includes('//'))
    throw new RangeError(refusal(name, expected, given));
  return prefix;
}
