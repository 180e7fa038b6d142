/**
 * Forwarded (RFC 7239): each proxy on the way adds the address of its client, the scheme and the host that were asked for.
 *
 * A list grows at its right end, and only the elements that trusted proxies added there are reliable: the client can have
 * sent the rest. So it is read from the right, past trusted proxies, to the first address that is not one.
 */
import { isBlank } from '../../octets/octet-table.ts';
import { isToken } from '../field-syntax.ts';
import { isAuthority } from './authority.ts';
import { type ForwardedNode, parseForwardedNode } from './forwarded-node.ts';

/** What the outermost trusted proxy reports about the request that it received. */
export interface ForwardedHop {
  /** The address of its client; `undefined` if it is missing or malformed. */
  readonly client: ForwardedNode | undefined;
  /** The scheme; `undefined` if it is missing or neither of these. */
  readonly scheme: 'http' | 'https' | undefined;
  /** The authority; `undefined` if it is missing or malformed. */
  readonly host: string | undefined;
}

export type IsTrusted = (node: ForwardedNode) => boolean;

const NOTHING: ForwardedHop = { client: undefined, scheme: undefined, host: undefined };

/**
 * The hop to use: from the right, the first whose client is not trusted or not known, or else the leftmost.
 *
 * @param lines the values of the field lines, in the order received. Each line has to be a list by itself, so an open
 *   quote in one can't include the next.
 * @returns `undefined` if the request has no such field.
 */
export function forwardedHop(lines: readonly string[], isTrusted: IsTrusted): ForwardedHop | undefined {
  let hop: ForwardedHop | undefined;
  for (let line = lines.length - 1; line >= 0; line--) {
    const elements = parseForwarded(lines[line]!);
    // In a malformed list, the part that a trusted proxy wrote can't be found.
    if (elements === undefined) return NOTHING;
    for (let i = elements.length - 1; i >= 0; i--) {
      const element = elements[i]!;
      hop = readHop(element.get('for'), element.get('proto'), element.get('host'), parseForwardedNode);
      if (hop.client === undefined || !isTrusted(hop.client)) return hop;
    }
  }
  return hop;
}

/** The report of one proxy. Each part is checked by itself: a malformed one counts as missing. */
export function readHop(
  client: string | undefined,
  scheme: string | undefined,
  host: string | undefined,
  parseClient: (text: string) => ForwardedNode | undefined,
): ForwardedHop {
  const lower = scheme?.toLowerCase();
  return {
    client: client === undefined ? undefined : parseClient(client),
    scheme: lower === 'http' || lower === 'https' ? lower : undefined,
    host: host !== undefined && isAuthority(host) ? host : undefined,
  };
}

/**
 * Forwarded = 1#forwarded-element; forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] ) (RFC 7239 §4)
 *
 * @returns for each element its parameters, by names in lower case; `undefined` if the text does not follow the grammar.
 */
export function parseForwarded(text: string): Map<string, string>[] | undefined {
  const elements: Map<string, string>[] = [];
  let element = new Map<string, string>();
  for (let at = skipOWS(text, 0); ; ) {
    const pair = parsePair(text, at);
    if (pair === undefined) return undefined;
    if (pair.name !== '') {
      // RFC 7239 §4: each parameter at most once.
      if (element.has(pair.name)) return undefined;
      element.set(pair.name, pair.value);
    }
    at = pair.end;
    if (text[at] === ';') {
      at++;
      continue;
    }
    at = skipOWS(text, at);
    if (at < text.length && text[at] !== ',') return undefined;
    elements.push(element);
    if (at === text.length) return elements;
    element = new Map();
    at = skipOWS(text, at + 1);
  }
}

interface Pair {
  /** Empty if the optional pair is missing. */
  readonly name: string;
  readonly value: string;
  readonly end: number;
}

/** forwarded-pair = token "=" value; value = token / quoted-string */
function parsePair(text: string, start: number): Pair | undefined {
  let at = start;
  while (at < text.length && !'=;, \t'.includes(text[at]!)) at++;
  const name = text.slice(start, at);
  if (text[at] !== '=') return name === '' ? { name, value: '', end: at } : undefined;
  if (!isToken(name)) return undefined;
  const read = text[at + 1] === '"' ? parseQuotedString(text, at + 1) : parseToken(text, at + 1);
  return read && { name: name.toLowerCase(), ...read };
}

function parseToken(text: string, start: number): { value: string; end: number } | undefined {
  let end = start;
  while (end < text.length && !';, \t'.includes(text[end]!)) end++;
  const value = text.slice(start, end);
  return isToken(value) ? { value, end } : undefined;
}

/** quoted-string (RFC 9110 §5.6.4). The scanner has checked that the octets are allowed in a field value. */
function parseQuotedString(text: string, start: number): { value: string; end: number } | undefined {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return { value, end: at + 1 };
    if (text[at] === '\\') at++;
    // The text may end with the backslash.
    value += text[at] ?? '';
  }
  return undefined;
}

/** The offset behind optional white space (RFC 9110 §5.6.3). */
function skipOWS(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}
