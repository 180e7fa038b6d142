/** The Priority field (RFC 9218 §4): a Structured Fields dictionary with two members that have a meaning. */
import { isDigit, isTokenOctet } from '../octets/octet-table.ts';

export interface Priority {
  /** 0, the highest, to 7. */
  urgency: number;
  incremental: boolean;
}

/**
 * Unknown members, parameters and values out of range are ignored (RFC 9218 §4). A field that is not a dictionary is
 * ignored as a whole (RFC 8941 §4.2). The defaults are urgency 3 and not incremental.
 */
export function parsePriority(value: string): Priority {
  const priority = { urgency: 3, incremental: false };
  const members = parseDictionary(value);
  const urgency = members?.get('u');
  if (urgency?.length === 1 && urgency >= '0' && urgency <= '7') priority.urgency = Number(urgency);
  priority.incremental = members?.get('i') === '?1';
  return priority;
}

/** sf-dictionary (RFC 8941 §3.2): key → value as written, without parameters. `undefined` if the text is not one. */
function parseDictionary(text: string): Map<string, string> | undefined {
  const members = new Map<string, string>();
  let at = skip(text, 0, ' ');
  if (at === text.length) return members;
  for (;;) {
    const keyEnd = endOfKey(text, at);
    if (keyEnd === at) return undefined;
    const key = text.slice(at, keyEnd);
    let end = keyEnd;
    let value = '?1';
    if (text[end] === '=') {
      end = endOfItem(text, end + 1);
      if (end < 0) return undefined;
      value = text.slice(keyEnd + 1, end);
    }
    end = endOfParameters(text, end);
    if (end < 0) return undefined;
    members.set(key, value);
    at = skip(text, end, ' \t');
    if (at === text.length) return members;
    if (text[at] !== ',') return undefined;
    at = skip(text, at + 1, ' \t');
  }
}

function skip(text: string, from: number, characters: string): number {
  let at = from;
  while (at < text.length && characters.includes(text[at]!)) at++;
  return at;
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';

function endOfKey(text: string, start: number): number {
  if (!`${LOWER}*`.includes(text[start] ?? ' ')) return start;
  return skip(text, start, `${LOWER}${DIGITS}_-.*`);
}

/** sf-token (RFC 8941 §3.3.4): tchar, `:` and `/`. */
function endOfToken(text: string, start: number): number {
  let at = start;
  while (at < text.length && (isTokenOctet(text.charCodeAt(at)) || text[at] === ':' || text[at] === '/'))
    at++;
  return at;
}

/** The end of a bare item (RFC 8941 §3.3), or -1. Inner lists are not supported: no member of Priority has one. */
function endOfItem(text: string, start: number): number {
  const first = text[start] ?? '';
  if (first === '?') return text[start + 1] === '0' || text[start + 1] === '1' ? start + 2 : -1;
  if (first === '"' || first === ':') {
    const close = text.indexOf(first, start + 1);
    return close < 0 ? -1 : close + 1;
  }
  if (first === '-' || isDigit(first.charCodeAt(0))) {
    const end = skip(text, start + 1, `${DIGITS}.`);
    return isDigit(text.charCodeAt(end - 1)) ? end : -1;
  }
  return first !== '' && `${LOWER}${UPPER}*`.includes(first) ? endOfToken(text, start) : -1;
}

/** *( ";" *SP key [ "=" bare-item ] ) */
function endOfParameters(text: string, start: number): number {
  let at = start;
  while (text[at] === ';') {
    const keyStart = skip(text, at + 1, ' ');
    at = endOfKey(text, keyStart);
    if (at === keyStart) return -1;
    if (text[at] === '=') at = endOfItem(text, at + 1);
    if (at < 0) return -1;
  }
  return at;
}
