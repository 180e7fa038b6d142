/** Redirects by rule (RFC 9110 §15.4): `/old/:page` to `/new/:page`, or to another host. */

import { pathOf, queryOf } from '../../files/lookup/request-path.ts';
import { plainAnswer } from '../../files/plain-answer.ts';
import type { FetchFunction } from '../../server/api.ts';
import { type Captures, decodedSegments, type PathPattern, parsePattern } from './path-pattern.ts';

export interface Redirect {
  /** A pattern of path-pattern.ts. The first matching rule applies. */
  readonly source: string;
  /** A path, or an absolute `http` or `https` URL. Its path and query may contain the parameters of `source`. */
  readonly destination: string;
  /**
   * Default 302: browsers remember a 301 or 308 permanently, and a developer serves many sites on one port. 307 and 308
   * keep the method (RFC 9110 §15.4.8, §15.4.9).
   */
  readonly status?: RedirectStatus;
}

export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

const DEFAULT_STATUS = 302;

/** @throws {TypeError} for an invalid rule. */
export function redirects(rules: readonly Redirect[], next: FetchFunction): FetchFunction {
  const compiled = rules.map(compileRedirect);
  if (compiled.length === 0) return next;
  return (request, ctx) => {
    const pathname = pathOf(request.url);
    const segments = request.method === 'OPTIONS' ? undefined : decodedSegments(pathname);
    if (segments === undefined) return next(request, ctx, ctx);
    for (const { pattern, locate, status } of compiled) {
      const captures = pattern.match(segments);
      if (captures === undefined) continue;
      const location = locate(captures, queryOf(request.url));
      // `/**` to `/index.html` also matches its own destination: without this check it would loop.
      if (withoutQuery(location) === pathname) continue;
      return plainAnswer(request.method, status, { Location: location });
    }
    return next(request, ctx, ctx);
  };
}

export interface CompiledRedirect {
  readonly pattern: PathPattern;
  readonly status: number;
  /** The `Location` of the redirect. It keeps the query of the request unless the rule has a query. */
  locate(captures: Captures, search: string): string;
}

/** @throws {TypeError} whose message begins with the name of the invalid member, as in `destination: …`. */
export function compileRedirect({
  source,
  destination,
  status = DEFAULT_STATUS,
}: Redirect): CompiledRedirect {
  const pattern = within('source', () => parsePattern(source));
  return { pattern, status, locate: within('destination', () => parseDestination(destination, pattern)) };
}

function within<T>(member: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new TypeError(`${member}: ${(error as Error).message}`);
  }
}

const PARAMETER = /^:([A-Za-z][A-Za-z0-9_]*)\*?$/;

/** A piece of the destination: literal text, or a parameter. */
type Part = string | { readonly parameter: string };

function parseDestination(destination: string, { parameters }: PathPattern): CompiledRedirect['locate'] {
  const { origin, path, query, fragment } = splitDestination(destination);
  const parsePart = (text: string): Part => {
    if (!text.startsWith(':')) return encodeForeign(text);
    const name = PARAMETER.exec(text)?.[1];
    if (name === undefined || !parameters.has(name)) {
      throw new TypeError(`"source" has no parameter "${text}"`);
    }
    return { parameter: name };
  };
  const parts = path.slice(1).split('/').map(parsePart);
  const pairs = query?.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 0) return [encodeForeign(pair)];
    return [encodeForeign(pair.slice(0, equals + 1)), parsePart(pair.slice(equals + 1))];
  });
  const end = encodeForeign(fragment);
  return (captures, search) => {
    const asked =
      pairs === undefined ? search : `?${pairs.map((pair) => fillPair(pair, captures)).join('&')}`;
    return `${origin}/${fillPath(parts, captures)}${asked}${end}`;
  };
}

interface Destination {
  /** Empty for a path on the same host. */
  readonly origin: string;
  readonly path: string;
  readonly query: string | undefined;
  /** With its `#`, if there is one. */
  readonly fragment: string;
}

function splitDestination(destination: string): Destination {
  const origin = /^https?:\/\/[^/?#\\]*/.exec(destination)?.[0] ?? '';
  const [, path, , query, fragment] = /^([^?#]*)(\?([^#]*))?(#.*)?$/s.exec(destination.slice(origin.length))!;
  // `//host` looks like a path but is a URL on another host, and browsers treat `/\host` the same way.
  const isPath = path!.startsWith('/') && (origin !== '' || !/\/\/|\\/.test(path!));
  if (!isPath && (origin === '' || path !== '')) {
    throw new TypeError('expected a path that begins with a single "/", or a URL with http:// or https://');
  }
  // Otherwise the author of a link could choose the host that a visitor is redirected to.
  if (/:[A-Za-z]/.test(origin.replace(/^https?:|\[[^\]]*\]/g, ''))) {
    throw new TypeError('the host cannot contain a parameter; only the path and the query can');
  }
  if (origin !== '' && !URL.canParse(origin)) throw new TypeError(`"${origin}" has no valid host`);
  return { origin, path: path! || '/', query, fragment: fragment ?? '' };
}

/**
 * The path without its leading slash. Captured segments are encoded one by one, and empty ones are dropped (except a last one,
 * which is a trailing slash): no parameter can make `Location` begin with `//` and lead to another host.
 */
function fillPath(parts: readonly Part[], captures: Captures): string {
  const segments: string[] = [];
  for (const [i, part] of parts.entries()) {
    if (typeof part === 'string') {
      segments.push(part);
      continue;
    }
    const captured = captures.get(part.parameter)!;
    segments.push(...captured.filter((segment) => segment !== '').map(encodeURIComponent));
    if (i === parts.length - 1 && captured.at(-1) === '') segments.push('');
  }
  return segments.join('/');
}

function fillPair(pair: readonly Part[], captures: Captures): string {
  return pair
    .map((part) =>
      typeof part === 'string' ? part : encodeURIComponent(captures.get(part.parameter)!.join('/')),
    )
    .join('');
}

/** Percent-encodes characters that a URL cannot contain (RFC 3986 §2), and keeps existing percent-encodings. */
function encodeForeign(text: string): string {
  return text.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encodeURIComponent);
}

function withoutQuery(location: string): string {
  return location.replace(/[?#].*$/s, '');
}
