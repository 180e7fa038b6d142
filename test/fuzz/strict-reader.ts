/**
 * A second reader: reads requests from a complete message with regular expressions. It is slow, shares no code with `src/`, and
 * follows the grammar of the RFCs, with Serval's decisions where they leave room.
 */
import { isIPv4, isIPv6 } from 'node:net';

export interface StrictRequest {
  readonly method: string;
  /** As on the wire. */
  readonly target: string;
  readonly path: string;
  readonly authority: string;
  readonly minor: number;
  /** Lower-cased names, and values without the white space around them. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** A length, or -1 for chunked. */
  readonly framing: number;
  content: string;
  trailers: readonly (readonly [name: string, value: string])[];
  complete: boolean;
}

/** `undecided`: an element is incomplete, and the reader does not check whether it can still be completed. */
export type StrictEnd = 'complete' | 'undecided' | 'invalid';

export interface StrictReading {
  readonly requests: readonly StrictRequest[];
  readonly end: StrictEnd;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const FIELD_LINE = `${TOKEN}:[\\t\\x20-\\x7e\\x80-\\xff]*\\r\\n`;
const PATH = "[A-Za-z0-9._~!$&'()*+,;=:@%/|[\\]-]";
const HEAD = new RegExp(
  `(?:\\r\\n){0,2}(${TOKEN}) (${PATH}*(?:\\?[\\x21\\x22\\x24-\\x7e]*)?) HTTP/(\\d)\\.(\\d)\\r\\n((?:${FIELD_LINE})*)\\r\\n`,
  'y',
);
const TRAILERS = new RegExp(`((?:${FIELD_LINE})*)\\r\\n`, 'y');
const QUOTED = '"(?:[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*"';
const EXTENSION = `[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|${QUOTED}))?`;
const CHUNK_LINE = new RegExp(`([0-9A-Fa-f]{1,16})((?:${EXTENSION})*)\\r\\n`, 'y');
const ABSOLUTE_FORM = /^(https?):\/\/([^/?]*)([/?].*)?$/i;
const AUTHORITY = /^(\[[0-9A-Fa-f:.]*\]|(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2})+)(?::(\d*))?$/;

/** The defaults of `src/http1/limits.ts`, as numbers. */
const MOST = {
  method: 32,
  line: 8_192,
  section: 16_384,
  lines: 100,
  content: 16_777_216,
  trailers: 4_096,
  extension: 4_096,
};

export function readStrictly(text: string): StrictReading {
  const requests: StrictRequest[] = [];
  let at = 0;
  for (;;) {
    if (/^(?:\r\n){0,2}\r?$/.test(text.slice(at, at + 6)) && text.length - at <= 5)
      return { requests, end: at === text.length ? 'complete' : 'undecided' };
    HEAD.lastIndex = at;
    const match = HEAD.exec(text);
    if (match === null) {
      // A head with a fault in its middle may have been refused before its end arrived.
      return { requests, end: text.includes('\r\n\r\n', at + 4) ? 'invalid' : 'undecided' };
    }
    const request = requestOf(match);
    if (request === undefined) return { requests, end: 'invalid' };
    requests.push(request);
    at = HEAD.lastIndex;
    const end = request.framing < 0 ? readChunks(text, at, request) : readLength(text, at, request);
    if (typeof end === 'string') return { requests, end };
    at = end;
    request.complete = true;
  }
}

function requestOf(match: RegExpExecArray): StrictRequest | undefined {
  const [head, method = '', target = '', major, minorText, section = ''] = match;
  const minor = Number(minorText);
  const fields = fieldsOf(section);
  if (major !== '1' || method.length > MOST.method || fields.length > MOST.lines) return undefined;
  if (section.length + 2 > MOST.section) return undefined;
  if (head.trimStart().indexOf('\r\n') > MOST.line) return undefined;
  const hosts = valuesOf(fields, 'host');
  if (hosts.length > 1 || (hosts.length === 0 && minor > 0)) return undefined;
  if (hosts.length === 1 && !isAuthority(hosts[0]!)) return undefined;
  const route = routeOf(method, target, hosts[0]);
  const framing = framingOf(minor, valuesOf(fields, 'transfer-encoding'), valuesOf(fields, 'content-length'));
  const expectations = valuesOf(fields, 'expect').join();
  const isMet = expectations.split(',').every((member) => /^[ \t]*(?:100-continue[ \t]*)?$/i.test(member));
  if (route === undefined || framing === undefined || (minor > 0 && !isMet)) return undefined;
  return { method, target, ...route, minor, fields, framing, content: '', trailers: [], complete: false };
}

function routeOf(
  method: string,
  target: string,
  host: string | undefined,
): { path: string; authority: string } | undefined {
  if (method === 'CONNECT') {
    const isComplete = isAuthority(target) && /:\d+$/.test(target) && !/:\d+\]$/.test(target);
    return isComplete && (host === undefined || isSame(host, target, '80'))
      ? { path: '', authority: target }
      : undefined;
  }
  if (target.startsWith('/')) return { path: target, authority: host ?? '' };
  if (target === '*') return method === 'OPTIONS' ? { path: '*', authority: host ?? '' } : undefined;
  const match = ABSOLUTE_FORM.exec(target);
  if (match === null) return undefined;
  const [, scheme = '', authority = '', rest = ''] = match;
  const port = scheme.toLowerCase() === 'https' ? '443' : '80';
  if (!isAuthority(authority) || (host !== undefined && !isSame(host, authority, port))) return undefined;
  if (rest === '') return { path: method === 'OPTIONS' ? '*' : '/', authority };
  return { path: rest.startsWith('/') ? rest : `/${rest}`, authority };
}

function isAuthority(text: string): boolean {
  const match = AUTHORITY.exec(text);
  if (match === null) return false;
  const [, host = '', port = ''] = match;
  if (host.startsWith('[') && !isIPv6(host.slice(1, -1))) return false;
  // A name that URL parsers read as a number is one only in the usual form of an IPv4 address.
  const name = host.replace(/%[2-7][0-9a-f]/gi, decodeURIComponent);
  if (/(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$/i.test(name) && !isIPv4(host)) return false;
  return Number(port) <= 65_535;
}

function isSame(one: string, other: string, port: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(new RegExp(`:(?:${port})?$`), '');
  return plain(one) === plain(other);
}

function framingOf(minor: number, codings: string[], lengths: string[]): number | undefined {
  if (codings.length > 0) {
    const isChunked = codings.length === 1 && /^chunked$/i.test(codings[0]!);
    return isChunked && minor > 0 && lengths.length === 0 ? -1 : undefined;
  }
  if (lengths.length === 0) return 0;
  if (lengths.length > 1 || !/^\d{1,16}$/.test(lengths[0]!)) return undefined;
  const length = Number(lengths[0]);
  return length <= MOST.content ? length : undefined;
}

function readLength(text: string, at: number, request: StrictRequest): number | StrictEnd {
  const end = at + request.framing;
  request.content = text.slice(at, end);
  return end > text.length ? 'undecided' : end;
}

function readChunks(text: string, start: number, request: StrictRequest): number | StrictEnd {
  let at = start;
  let total = 0;
  for (;;) {
    CHUNK_LINE.lastIndex = at;
    const match = CHUNK_LINE.exec(text);
    if (match === null) return text.includes('\r\n', at) ? 'invalid' : 'undecided';
    const [, digits = '', extensions = ''] = match;
    const size = Number(BigInt(`0x${digits}`));
    total += size;
    if (total > MOST.content || extensions.length > MOST.extension) return 'invalid';
    at = CHUNK_LINE.lastIndex;
    if (size === 0) return readTrailers(text, at, request);
    request.content += text.slice(at, at + size);
    at += size;
    if (at + 2 > text.length) return 'undecided';
    if (text.slice(at, at + 2) !== '\r\n') return 'invalid';
    at += 2;
  }
}

function readTrailers(text: string, at: number, request: StrictRequest): number | StrictEnd {
  TRAILERS.lastIndex = at;
  const match = TRAILERS.exec(text);
  if (match === null) return text.includes('\r\n\r\n', at) ? 'invalid' : 'undecided';
  request.trailers = fieldsOf(match[1]!);
  const end = TRAILERS.lastIndex;
  return end - at > MOST.trailers || request.trailers.length > MOST.lines ? 'invalid' : end;
}

export function fieldsOf(section: string): [name: string, value: string][] {
  const lines = section.split('\r\n').slice(0, -1);
  return lines.map((line) => {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).replace(/^[ \t]+/, '');
    // Two expressions: `[ \t]+$` alone takes quadratic time for many blanks.
    let end = value.length;
    while (end > 0 && ' \t'.includes(value[end - 1]!)) end--;
    return [line.slice(0, colon).toLowerCase(), value.slice(0, end)];
  });
}

function valuesOf(fields: readonly (readonly [string, string])[], name: string): string[] {
  return fields.filter(([key]) => key === name).map(([, value]) => value);
}
