import { html, Markup } from '../html/html.ts';

/**
 * Makes octets visible: white space becomes symbols, and non-ASCII and unprintable octets become hex escapes. Many fonts lack
 * ␍, ␊ and ␉, so the stylesheet draws those.
 */
export function visibleText(octets: string): Markup {
  const pieces: Markup[] = [];
  let plainFrom = 0;
  for (let i = 0; i < octets.length; i++) {
    const code = octets.charCodeAt(i);
    const character = octets[i]!;
    if (code > 0x20 && code < 0x7f) {
      if (character !== ',' && character !== ';') continue;
      pieces.push(html`${octets.slice(plainFrom, i + 1)}${WORD_BREAK}`);
    } else {
      pieces.push(html`${octets.slice(plainFrom, i)}${symbol(character)}`);
    }
    plainFrom = i + 1;
  }
  pieces.push(html`${octets.slice(plainFrom)}`);
  return html`${pieces}`;
}

/** Long values may wrap after a comma, a semicolon or a space. */
const WORD_BREAK = new Markup('<wbr>');

function symbol(character: string): Markup {
  switch (character) {
    case ' ':
      return html`<i>␣</i>${WORD_BREAK}`;
    case '\t':
      return html`<i class="ht">␉</i>`;
    case '\r':
      return html`<i class="cr">␍</i>`;
    case '\n':
      return html`<i class="lf">␊</i>`;
    default:
      return html`<i>\\x${hexOctet(character.charCodeAt(0))}</i>`;
  }
}

/** The first octets of a part in hexadecimal. */
export function hexadecimal(octets: string, most = 8): string {
  const shown: string[] = [];
  for (let i = 0; i < octets.length && i < most; i++) shown.push(hexOctet(octets.charCodeAt(i)));
  return shown.join(' ') + (octets.length > most ? ' …' : '');
}

function hexOctet(code: number): string {
  return code.toString(16).toUpperCase().padStart(2, '0');
}
