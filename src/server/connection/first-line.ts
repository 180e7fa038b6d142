/**
 * Finds out from the first octets of a clear connection which protocol the client speaks. HTTP/2 begins with its preface
 * (RFC 9113 §3.4), HTTP/1 with a request-line (RFC 9112 §3).
 */
import { PREFACE } from '../../http2/frame/frame-types.ts';
import { CR, LF, SP } from '../../octets/octet-table.ts';

/** `undecided`: more octets are needed. `invalid`: the line is neither a request-line nor the preface. */
export type FirstLine = 'undecided' | 'http1' | 'http2' | 'invalid';

/** Octets. A line with a longer word is left to HTTP/1, which refuses a method of more octets at once. */
const MOST_WORD = 32;

/**
 * The octets that tell. A line is `invalid` only if it consists of three words of letters, such as `INVALID CONNECTION PREFACE`:
 * it has the form of both, but no target of HTTP/1 (`/`, `*` or a colon) and no version. The client may speak HTTP/2 with a
 * wrong preface, which is a connection error (RFC 9113 §3.4). Each other line is HTTP/1, and a malformed one gets its 400
 * (RFC 9112 §2.2).
 */
export function firstLine(octets: Uint8Array): FirstLine {
  let at = 0;
  while (at < PREFACE.length && at < octets.length && octets[at] === PREFACE[at]) at++;
  if (at === PREFACE.length) return 'http2';
  return at === octets.length ? 'undecided' : threeWords(octets);
}

function threeWords(octets: Uint8Array): FirstLine {
  let words = 1;
  let wordStart = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at]!;
    if (isLetter(octet)) {
      if (at - wordStart === MOST_WORD) return 'http1';
      continue;
    }
    // An empty word is not a word.
    if (at === wordStart) return 'http1';
    if (octet === SP && words < 3) {
      words++;
      wordStart = at + 1;
      continue;
    }
    if (octet !== CR || words < 3 || isHttp(octets, wordStart)) return 'http1';
    if (at + 1 === octets.length) return 'undecided';
    return octets[at + 1] === LF ? 'invalid' : 'http1';
  }
  return 'undecided';
}

const isLetter = (octet: number): boolean => {
  const lower = octet | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
};

/** The word begins like an HTTP-version, in any case. */
function isHttp(octets: Uint8Array, start: number): boolean {
  return HTTP.every((octet, i) => (octets[start + i]! | 0x20) === octet);
}

const HTTP: readonly number[] = [0x68, 0x74, 0x74, 0x70];
