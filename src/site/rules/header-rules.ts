/** Headers that the rules of a site add to its responses, or remove. */
import { pathOf } from '../../files/lookup/request-path.ts';
import { servedPath } from '../../files/served-path.ts';
import { isFieldValue, isToken } from '../../semantics/field-syntax.ts';
import type { FetchFunction } from '../../server/api.ts';
import { addVary } from '../vary.ts';
import { decodedSegments, parsePattern } from './path-pattern.ts';

export interface HeaderRule {
  /** A pattern of path-pattern.ts. All matching rules apply; the last one that sets a header wins. */
  readonly source: string;
  /** Header values by name; `null` removes the header. */
  readonly headers: Readonly<Record<string, string | null>>;
}

/** Message framing and connection headers (RFC 9112 §6, RFC 9110 §7.6.1). */
const CONNECTION = 'belongs to the connection: the server sets it';
/** These headers must be true of the bytes that are sent, which may be compressed or a range. */
const CALCULATED = 'is calculated from the file: the server sets it';

const REFUSED: ReadonlyMap<string, string> = new Map([
  ...[
    'connection',
    'content-length',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
  ].map((name): [string, string] => [name, CONNECTION]),
  ['upgrade', CONNECTION],
  ['date', 'is the time of the response: the server sets it'],
  ...['accept-ranges', 'content-range', 'etag', 'last-modified'].map((name): [string, string] => [
    name,
    CALCULATED,
  ]),
  ['allow', 'lists the supported methods: the server sets it'],
  ['location', 'belongs to a redirect: use "redirects"'],
  ['www-authenticate', 'belongs to authentication: use "auth"'],
]);

/**
 * Headers that describe the file (RFC 9110 §8). An error response has another content, and `immutable` on a 404 would make
 * browsers remember for a year that the file was missing.
 */
const ABOUT_THE_FILE = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]);

/** Those that a 304 carries as well (RFC 9110 §15.4.5), to update the stored response. */
const UPDATED_BY_304 = new Set(['cache-control', 'expires']);

/** Generated pages set these so that their style, script and form work. Files are served without them. */
const SET_BY_GENERATED_PAGES = ['content-security-policy', 'referrer-policy'];

type Change = readonly [name: string, value: string | null];

/**
 * Applies rules to the responses of `next`. A rule matches by the path of the request or by the path of the served file, so a
 * rule for HTML files also applies to `/`, and to the routes of a single-page application. A response without a file, such as a
 * 401 or a redirect, also matches as the page that its path may name.
 *
 * @param index the file that is served for a folder.
 * @throws {TypeError} for an invalid rule.
 */
export function headerRules(
  rules: readonly HeaderRule[],
  next: FetchFunction,
  index = 'index.html',
): FetchFunction {
  const compiled = rules.map(({ source, headers }) => ({
    pattern: parsePattern(source),
    changes: Object.entries(headers).map(([name, value]): Change => {
      const problem = fieldProblem(name, value);
      if (problem !== undefined) throw new TypeError(problem);
      return [name.toLowerCase(), value];
    }),
  }));
  if (compiled.length === 0) return next;
  return async (request, ctx) => {
    const response = await next(request, ctx, ctx);
    const paths = pathsOf(request, response, index);
    const kept = SET_BY_GENERATED_PAGES.filter((name) => response.headers.has(name));
    for (const { pattern, changes } of compiled) {
      if (!paths.some((segments) => pattern.match(segments) !== undefined)) continue;
      for (const change of changes) {
        if (!kept.includes(change[0])) apply(change, request.method, response);
      }
    }
    return response;
  };
}

/** The paths by which rules match, as segments. */
function pathsOf(request: Request, response: Response, index: string): string[][] {
  const asked = decodedSegments(pathOf(request.url));
  const served = servedPath(response);
  if (served !== undefined) return [...(asked ? [asked] : []), served.slice(1).split('/')];
  if (asked === undefined) return [];
  const folders = asked.slice(0, -1);
  const name = asked.at(-1)!;
  if (name === '') return [asked, [...folders, index]];
  return [asked, [...folders, `${name}.html`], [...asked, index]];
}

/** Why a rule cannot set this header, or `undefined` if it can. */
export function fieldProblem(name: string, value: string | null): string | undefined {
  // RFC 9110 §5.1 and §5.5.
  if (!isToken(name)) return `expected a header name, got "${name}"`;
  const reason = REFUSED.get(name.toLowerCase());
  if (reason !== undefined) return `${name} ${reason}`;
  if (value !== null && !isFieldValue(value))
    return `${name} contains characters that a header value cannot contain`;
  return undefined;
}

function apply([name, value]: Change, method: string, response: Response): void {
  const { status, headers } = response;
  if (ABOUT_THE_FILE.has(name)) {
    // The response to an upload describes the upload.
    if (method !== 'GET' && method !== 'HEAD') return;
    // A response that carries a file always has an entity tag; a listing has none.
    if (!headers.has('etag')) return;
    if (status >= 300 && !(status === 304 && UPDATED_BY_304.has(name))) return;
    // Several ranges are sent as multipart/byteranges, where each part carries the file's type (RFC 9110 §14.6).
    if (name === 'content-type' && headers.get(name)?.startsWith('multipart/byteranges')) return;
    // The content is compressed, whatever the rule says.
    if (name === 'content-encoding' && headers.has(name)) return;
  }
  if (name !== 'vary') {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  } else if (value !== null) {
    // Existing members stay: the response depends on them (RFC 9110 §12.5.5).
    addVary(headers, value);
  }
}
