/**
 * The grammar that fields share (RFC 9110 §5.5, §5.6), over text.
 *
 * Linear scans only: on text that a peer chose, a regular expression can be made to backtrack. And never `trim()`, which
 * also takes U+00A0, U+FEFF, VT and FF: white space in HTTP is SP and HTAB.
 */

const SP = 0x20;
const HTAB = 0x09;

/** `text` from `start` to `end` without the optional white space around it (RFC 9110 §5.6.3). */
export function withoutOWS(text: string, start = 0, end = text.length): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

const isBlank = (code: number): boolean => code === SP || code === HTAB;

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

const TOKEN_CHARACTERS = new Uint8Array(128);
for (const c of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~") {
  TOKEN_CHARACTERS[c.charCodeAt(0)] = 1;
}

/** token = 1*tchar (RFC 9110 §5.6.2). */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127 || TOKEN_CHARACTERS[code] !== 1) return false;
  }
  return text.length > 0;
}

/**
 * Whether text can be sent as a field value or a reason phrase: no control character but HTAB, and no code unit above 255,
 * of which writing as latin1 would keep the low octet, so that U+010D U+010A became CR LF (RFC 9110 §5.5, RFC 9112 §4).
 */
export function isFieldValue(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < SP && code !== HTAB) || code === 0x7f || code > 0xff) return false;
  }
  return true;
}
