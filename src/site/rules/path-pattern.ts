/**
 * The path patterns of a site's rules: `/docs/**`, `/blog/:slug`, `/assets/*.{js,css}`.
 *
 *     /about          exactly this path
 *     *               any characters within a segment, or none
 *     **              as a segment: any number of segments, or none
 *     :name           as a segment: one non-empty segment, captured
 *     :name*          as a segment: any number of segments, captured
 *     {a,b}           one of these
 *
 * Patterns are matched against the decoded path, segment by segment: an encoded slash never ends a segment. Matching uses no
 * regular expression and cannot backtrack: its cost is at most the product of both lengths.
 */

/** One segment of a pattern. `rest` matches any number of segments of the path. */
type PatternSegment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'glob'; readonly pieces: readonly string[] }
  | { readonly kind: 'one'; readonly name: string }
  | { readonly kind: 'rest'; readonly name: string | undefined };

/** The decoded segments that each parameter of a pattern matched. */
export type Captures = ReadonlyMap<string, readonly string[]>;

export interface PathPattern {
  /** The names of its parameters, and whether each matches any number of segments. */
  readonly parameters: ReadonlyMap<string, { readonly many: boolean }>;
  /** @param segments in the form that {@link decodedSegments} returns. */
  match(segments: readonly string[]): Captures | undefined;
}

/** `{a,b}{c,d}` expands to four patterns. A higher number is probably a mistake. */
const MAX_ALTERNATIVES = 64;

const PARAMETER = /^:([A-Za-z][A-Za-z0-9_]*)(\*?)$/;

/** @throws {TypeError} for an invalid pattern. */
export function parsePattern(source: string): PathPattern {
  if (!source.startsWith('/')) {
    throw new TypeError(
      `expected a path that begins with "/", got "${source}"; "/**/${source}" matches "${source}" in every folder`,
    );
  }
  if (/[?#]/.test(source)) throw new TypeError('expected a path without "?" and "#"');
  if (/%[0-9A-Fa-f]{2}/.test(source))
    throw new TypeError('percent-encoding is not supported; write the character itself');
  const foreign = /[()[\]\\]/.exec(source)?.[0];
  if (foreign !== undefined) {
    throw new TypeError(`"${foreign}" is not supported; use *, **, :name, :name* or {a,b}`);
  }
  const alternatives = expandBraces(source).map((text) => text.slice(1).split('/').map(parseSegment));
  return {
    parameters: parametersOf(alternatives),
    match(segments) {
      for (const alternative of alternatives) {
        const captures = matchSegments(alternative, segments);
        if (captures !== undefined) return captures;
      }
      return undefined;
    },
  };
}

/** The segments of a URL's path, each decoded once; `undefined` if one contains an invalid percent-encoding. */
export function decodedSegments(pathname: string): string[] | undefined {
  const segments = pathname.slice(1).split('/');
  if (!pathname.includes('%')) return segments;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function expandBraces(source: string): string[] {
  const open = source.indexOf('{');
  if (open < 0) {
    if (source.includes('}')) throw new TypeError('"}" without "{"');
    return [source];
  }
  const close = source.indexOf('}', open);
  if (close < 0) throw new TypeError('"{" without "}"');
  const inside = source.slice(open + 1, close);
  if (inside.includes('{')) throw new TypeError('"{" within "{" is not supported');
  const heads = inside.split(',').map((choice) => source.slice(0, open) + choice);
  const tails = expandBraces(source.slice(close + 1));
  if (heads.length * tails.length > MAX_ALTERNATIVES) {
    throw new TypeError(`"{…}" expands to more than ${MAX_ALTERNATIVES} patterns`);
  }
  return heads.flatMap((head) => tails.map((tail) => head + tail));
}

function parseSegment(text: string): PatternSegment {
  if (text === '**') return { kind: 'rest', name: undefined };
  const [, name, star] = PARAMETER.exec(text) ?? [];
  if (name !== undefined) return star === '*' ? { kind: 'rest', name } : { kind: 'one', name };
  if (text.startsWith(':')) {
    throw new TypeError(`"${text}": a parameter must be a whole segment, as in "/:name" or "/:name*"`);
  }
  if (text.includes('**')) throw new TypeError('"**" must be a whole segment, as in "/**/*.html"');
  return text.includes('*') ? { kind: 'glob', pieces: text.split('*') } : { kind: 'text', text };
}

function parametersOf(alternatives: readonly PatternSegment[][]): PathPattern['parameters'] {
  const all = alternatives.map((segments) => {
    const parameters = new Map<string, { many: boolean }>();
    for (const segment of segments) {
      if ((segment.kind !== 'one' && segment.kind !== 'rest') || segment.name === undefined) continue;
      if (parameters.has(segment.name)) throw new TypeError(`duplicate parameter ":${segment.name}"`);
      parameters.set(segment.name, { many: segment.kind === 'rest' });
    }
    return parameters;
  });
  // A parameter of only some alternatives would have no value in the others.
  if (new Set(all.map((parameters) => [...parameters.keys()].sort().join())).size > 1) {
    throw new TypeError('all alternatives in "{…}" must have the same parameters');
  }
  return all[0]!;
}

/**
 * If matching fails after a `rest`, that `rest` takes one more segment. An earlier `rest` never has to be tried again:
 * the last one can take any segment that an earlier one could.
 */
function matchSegments(pattern: readonly PatternSegment[], path: readonly string[]): Captures | undefined {
  const from = new Array<number>(pattern.length).fill(0);
  const to = new Array<number>(pattern.length).fill(0);
  let lastRest = -1;
  let p = 0;
  let s = 0;
  while (p < pattern.length || s < path.length) {
    const segment = pattern[p];
    if (segment?.kind === 'rest') {
      lastRest = p;
      from[p] = s;
      to[p] = s;
      p++;
    } else if (segment !== undefined && s < path.length && matchesOne(segment, path[s]!)) {
      from[p] = s;
      to[p] = s + 1;
      p++;
      s++;
    } else {
      if (lastRest < 0 || to[lastRest]! >= path.length) return undefined;
      s = ++to[lastRest]!;
      p = lastRest + 1;
    }
  }
  const captures = new Map<string, readonly string[]>();
  for (const [i, segment] of pattern.entries()) {
    if ((segment.kind === 'one' || segment.kind === 'rest') && segment.name !== undefined) {
      captures.set(segment.name, path.slice(from[i], to[i]));
    }
  }
  return captures;
}

function matchesOne(segment: PatternSegment, text: string): boolean {
  switch (segment.kind) {
    case 'text':
      return segment.text === text;
    case 'glob':
      return matchesGlob(segment.pieces, text);
    default:
      return text !== '';
  }
}

/** Each piece between the first and the last is matched at its earliest position: a later one is never better. */
function matchesGlob(pieces: readonly string[], text: string): boolean {
  const first = pieces[0]!;
  const last = pieces[pieces.length - 1]!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
