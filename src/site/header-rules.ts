/** Fields that a site's rules add to its answers, or take away. */
import { pathOf } from '../files/lookup/request-path.ts';
import { isFieldValue, isToken } from '../semantics/field-syntax.ts';
import type { FetchFunction } from '../server/api.ts';
import { decodedSegments, parsePattern } from './path-pattern.ts';
import { addVary } from './vary.ts';

export interface HeaderRule {
  /** A pattern of path-pattern.ts. Every rule that matches counts; of two that set one field, the later. */
  readonly source: string;
  /** Field values by name; `null` takes the field away. */
  readonly headers: Readonly<Record<string, string | null>>;
}

/** Message framing and the connection are the engine's (RFC 9112 §6, RFC 9110 §7.6.1). */
const ENGINE = 'belongs to the connection, and the server sets it';
/** What is said about the octets has to be true of them: of the coded ones, and of parts of them, too. */
const CALCULATED = 'is worked out from the file, and the server sets it';

const REFUSED: ReadonlyMap<string, string> = new Map([
  ...[
    'connection',
    'content-length',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
  ].map((name): [string, string] => [name, ENGINE]),
  ['upgrade', ENGINE],
  ['date', 'is the time of the answer, and the server sets it'],
  ...['accept-ranges', 'content-range', 'etag', 'last-modified'].map((name): [string, string] => [
    name,
    CALCULATED,
  ]),
  ['allow', 'says what can be asked, and the server sets it'],
  ['location', 'is set by a redirect; there is "redirects" for that'],
  ['www-authenticate', 'is set by "auth"'],
]);

/**
 * Fields about the file that was asked for (RFC 9110 §8). On an answer that is an error they would tell of another
 * content, and `immutable` would have a browser remember for a year that a file was missing.
 */
const ABOUT_THE_FILE = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]);

/** Those that a 304 carries as well (RFC 9110 §15.4.5): it renews what the cache has stored. */
const RENEWED = new Set(['cache-control', 'expires']);

/** Pages of our own have what their style, their script and their form need, or fail to work. No file comes with these. */
const OF_OUR_PAGES = ['content-security-policy', 'referrer-policy'];

type Change = readonly [name: string, value: string | null];

/** @throws {TypeError} for a rule that can't work. */
export function headerRules(rules: readonly HeaderRule[], next: FetchFunction): FetchFunction {
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
    const segments = decodedSegments(pathOf(request.url));
    if (segments === undefined) return response;
    const kept = OF_OUR_PAGES.filter((name) => response.headers.has(name));
    for (const { pattern, changes } of compiled) {
      if (pattern.match(segments) === undefined) continue;
      for (const change of changes) {
        if (!kept.includes(change[0])) apply(change, request.method, response);
      }
    }
    return response;
  };
}

/** Why a rule can't set this field, or `undefined` if it can. */
export function fieldProblem(name: string, value: string | null): string | undefined {
  // RFC 9110 §5.1 and §5.5.
  if (!isToken(name)) return `"${name}" is not the name of a field`;
  const reason = REFUSED.get(name.toLowerCase());
  if (reason !== undefined) return `${name} ${reason}`;
  if (value !== null && !isFieldValue(value)) return `the value of ${name} has characters that can't be sent`;
  return undefined;
}

function apply([name, value]: Change, method: string, response: Response): void {
  const { status, headers } = response;
  if (ABOUT_THE_FILE.has(name)) {
    // The answer to an upload is about the upload.
    if (method !== 'GET' && method !== 'HEAD') return;
    // A listing is about many files; every answer about one has its entity tag.
    if (!headers.has('etag')) return;
    if (status >= 300 && !(status === 304 && RENEWED.has(name))) return;
    // The content of several ranges is parts, each with the type of the whole (RFC 9110 §14.6).
    if (name === 'content-type' && headers.get(name)?.startsWith('multipart/byteranges')) return;
    // What was coded on the way is coded, whatever the rule says.
    if (name === 'content-encoding' && headers.has(name)) return;
  }
  if (name !== 'vary') {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  } else if (value !== null) {
    // The others are there because the answer does depend on them (RFC 9110 §12.5.5).
    addVary(headers, value);
  }
}
