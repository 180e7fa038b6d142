import { html, Markup } from './html.ts';

const SYMBOLS: ReadonlyMap<string, string> = new Map([
  [' ', '␣'],
  ['\t', '␉'],
  ['\r', '␍'],
  ['\n', '␊'],
]);

/** Octets as they can be seen: white space becomes symbols, and what is not ASCII or not printable a hex escape. */
export function visibleText(octets: string): Markup {
  const pieces: Markup[] = [];
  let plainFrom = 0;
  for (let i = 0; i < octets.length; i++) {
    const code = octets.charCodeAt(i);
    if (code > 0x20 && code < 0x7f) continue;
    if (i > plainFrom) pieces.push(html`${octets.slice(plainFrom, i)}`);
    const character = octets[i]!;
    const symbol = SYMBOLS.get(character) ?? `\\x${hexOctet(code)}`;
    pieces.push(html`<i>${symbol}</i>`);
    // A line may wrap behind a space, as it would if the space were one.
    if (character === ' ') pieces.push(WORD_BREAK);
    plainFrom = i + 1;
  }
  if (plainFrom < octets.length) pieces.push(html`${octets.slice(plainFrom)}`);
  return html`${pieces}`;
}

const WORD_BREAK = new Markup('<wbr>');

/** The first octets of a part in hexadecimal. */
export function hexadecimal(octets: string, most = 8): string {
  const shown: string[] = [];
  for (let i = 0; i < octets.length && i < most; i++) shown.push(hexOctet(octets.charCodeAt(i)));
  return shown.join(' ') + (octets.length > most ? ' …' : '');
}

function hexOctet(code: number): string {
  return code.toString(16).toUpperCase().padStart(2, '0');
}
