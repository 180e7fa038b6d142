/**
 * The patterns by which the rules of a site name paths: `/docs/**`, `/blog/:slug`, `/assets/*.{js,css}`.
 *
 *     /about          this path and no other
 *     *               any characters within a segment, or none
 *     **              as a segment: any number of segments, none included
 *     :name           as a segment: one segment that is not empty, remembered
 *     :name*          as a segment: any number of segments, remembered
 *     {a,b}           one of these
 *
 * A pattern is compared with the decoded path, segment by segment: an encoded slash never makes a segment end. There is
 * no regular expression in it and nothing that could backtrack: a match takes at most the product of both lengths.
 */

/** One segment of a pattern. `rest` takes any number of segments of the path. */
type PatternSegment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'glob'; readonly pieces: readonly string[] }
  | { readonly kind: 'one'; readonly name: string }
  | { readonly kind: 'rest'; readonly name: string | undefined };

/** What the parameters of a pattern stand for: decoded segments. */
export type Captures = ReadonlyMap<string, readonly string[]>;

export interface PathPattern {
  /** The names of its parameters, with whether each takes any number of segments. */
  readonly parameters: ReadonlyMap<string, { readonly many: boolean }>;
  /** @param segments as {@link decodedSegments} returns them. */
  match(segments: readonly string[]): Captures | undefined;
}

/** `{a,b}{c,d}` are four patterns. More than this is a mistake, or a list that belongs somewhere else. */
const MAX_ALTERNATIVES = 64;

const PARAMETER = /^:([A-Za-z][A-Za-z0-9_]*)(\*?)$/;

/** @throws {TypeError} that says what is wrong with it. */
export function parsePattern(source: string): PathPattern {
  if (!source.startsWith('/')) {
    throw new TypeError(`a path begins with "/"; "/**/${source}" is "${source}" in every folder`);
  }
  if (/[?#]/.test(source)) throw new TypeError('a source is a path, without "?" and "#"');
  if (/%[0-9A-Fa-f]{2}/.test(source))
    throw new TypeError('write the character itself, not its percent-encoding');
  const foreign = /[()[\]\\]/.exec(source)?.[0];
  if (foreign !== undefined) {
    throw new TypeError(`"${foreign}" means nothing here; there are *, **, :name, :name* and {a,b}`);
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

/** The segments of a URL's path, each decoded once and by itself; `undefined` if one of them is not well encoded. */
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
    if (source.includes('}')) throw new TypeError('there is a "}" without its "{"');
    return [source];
  }
  const close = source.indexOf('}', open);
  if (close < 0) throw new TypeError('there is a "{" without its "}"');
  const inside = source.slice(open + 1, close);
  if (inside.includes('{')) throw new TypeError('"{" can\'t stand within "{"');
  const heads = inside.split(',').map((choice) => source.slice(0, open) + choice);
  const tails = expandBraces(source.slice(close + 1));
  if (heads.length * tails.length > MAX_ALTERNATIVES) {
    throw new TypeError(`"{" and "}" make more than ${MAX_ALTERNATIVES} patterns of it`);
  }
  return heads.flatMap((head) => tails.map((tail) => head + tail));
}

function parseSegment(text: string): PatternSegment {
  if (text === '**') return { kind: 'rest', name: undefined };
  const [, name, star] = PARAMETER.exec(text) ?? [];
  if (name !== undefined) return star === '*' ? { kind: 'rest', name } : { kind: 'one', name };
  if (text.startsWith(':')) {
    throw new TypeError(`"${text}" is no parameter: it is a segment of its own, as in "/:name" or "/:name*"`);
  }
  if (text.includes('**')) throw new TypeError('"**" is a segment of its own, as in "/**/*.html"');
  return text.includes('*') ? { kind: 'glob', pieces: text.split('*') } : { kind: 'text', text };
}

function parametersOf(alternatives: readonly PatternSegment[][]): PathPattern['parameters'] {
  const all = alternatives.map((segments) => {
    const parameters = new Map<string, { many: boolean }>();
    for (const segment of segments) {
      if ((segment.kind !== 'one' && segment.kind !== 'rest') || segment.name === undefined) continue;
      if (parameters.has(segment.name)) throw new TypeError(`":${segment.name}" stands in it twice`);
      parameters.set(segment.name, { many: segment.kind === 'rest' });
    }
    return parameters;
  });
  // A parameter that only one alternative has would be nothing in the others.
  if (new Set(all.map((parameters) => [...parameters.keys()].sort().join())).size > 1) {
    throw new TypeError('each of the alternatives in "{" and "}" needs the same parameters');
  }
  return all[0]!;
}

/**
 * Where the pattern fails behind a `rest`, that one takes a segment more, and those before it never have to be tried
 * again: whatever they would take, the last one could as well.
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

/** Between its first and its last piece, each of the others is found at the earliest place: a later one is never better. */
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
