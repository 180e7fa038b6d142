/**
 * The grammar that fields share (RFC 9110 §5.5, §5.6), over text.
 *
 * All scans are linear: a regular expression on text that a peer chose can be made to backtrack. `trim()` is not used,
 * because it also removes U+00A0, U+FEFF, VT and FF. White space in HTTP is SP and HTAB.
 */
import * as octetNames from '../octets/octet-table.ts';
import { isBlank, isDigit, isTokenOctet } from '../octets/octet-table.ts';

// V8 folds only a module's own constants into its loops.
const { DEL, HTAB, SP } = octetNames;

/** `text` from `start` to `end` without the optional white space around it (RFC 9110 §5.6.3). */
export function withoutOWS(text: string, start = 0, end = text.length): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

/** The members of a `#element` list whose elements hold no quoted strings, empty ones included (RFC 9110 §5.6.1). */
export function listMembers(value: string): string[] {
  const members: string[] = [];
  for (let start = 0; start <= value.length; ) {
    let comma = value.indexOf(',', start);
    if (comma < 0) comma = value.length;
    members.push(withoutOWS(value, start, comma));
    start = comma + 1;
  }
  return members;
}

/** token = 1*tchar (RFC 9110 §5.6.2). */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isTokenOctet(text.charCodeAt(i))) return false;
  return text.length > 0;
}

/** 1*DIGIT, at most `mostDigits` of them. @returns the number, or -1. */
export function parseDecimal(text: string, mostDigits: number): number {
  if (text.length < 1 || text.length > mostDigits) return -1;
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code)) return -1;
    // In this order: the sum with the code unit itself could exceed 2^53 although the number does not.
    number = number * 10 + (code - 0x30);
  }
  return number;
}

/**
 * Whether a text can be sent as a field value or a reason phrase: it has no control character but HTAB, and no code unit
 * above 255. Writing one as latin1 would keep only its low octet: U+010D U+010A would become CR LF (RFC 9110 §5.5,
 * RFC 9112 §4).
 */
export function isFieldValue(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < SP && code !== HTAB) || code === DEL || code > 0xff) return false;
  }
  return true;
}
