/**
 * Prints what crossed a connection the way RFCs print it, so that a failing case can be read:
 *
 *     > GET / HTTP/1.1␍␊
 *     > Host: u@a␍␊
 *     > ␍␊
 *     < HTTP/1.1 400 Bad Request␍␊
 */

export type Direction = '>' | '<';

export interface Passage {
  /** `>` what the client sent, `<` what it received. */
  readonly direction: Direction;
  readonly octets: Uint8Array;
}

/** What is shown of one passage; the middle of a longer one is left out. */
const SHOWN_OCTETS = 2_000;

export function transcript(passages: readonly Passage[]): string {
  return passages.map(({ direction, octets }) => linesOf(direction, octets)).join('\n');
}

function linesOf(direction: Direction, octets: Uint8Array): string {
  if (octets.length === 0) return `${direction} (nothing)`;
  const half = SHOWN_OCTETS / 2;
  if (octets.length <= SHOWN_OCTETS) return prefixed(direction, escapeOctets(octets));
  const leftOut = octets.length - SHOWN_OCTETS;
  return [
    prefixed(direction, escapeOctets(octets.subarray(0, half))),
    `${direction} … ${leftOut} octets …`,
    prefixed(direction, escapeOctets(octets.subarray(-half))),
  ].join('\n');
}

function prefixed(direction: Direction, escaped: string): string {
  const lines = escaped.endsWith('\n') ? escaped.slice(0, -1) : escaped;
  return lines
    .split('\n')
    .map((line) => `${direction} ${line}`)
    .join('\n');
}

/** Visible ASCII as it is, CR as `␍`, LF as `␊` with a line break behind it, everything else as `\xNN`. */
export function escapeOctets(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) {
    if (octet === 0x0a) text += '␊\n';
    else if (octet === 0x0d) text += '␍';
    else if (octet === 0x09) text += '\\t';
    else if (octet === 0x5c) text += '\\\\';
    else if (octet >= 0x20 && octet < 0x7f) text += String.fromCharCode(octet);
    else text += `\\x${octet.toString(16).padStart(2, '0')}`;
  }
  return text;
}
