/** Names, sizes and dates as people read them. */
import { html, type Markup } from '../../html/html.ts';

const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

// Costly to make, and needed only for listings.
let grouped: Intl.NumberFormat | undefined;

/** `1234567` as `1,234,567`. */
export function count(number: number): string {
  grouped ??= new Intl.NumberFormat('en');
  return grouped.format(number);
}

/** `1 file`, `2,000 files`. */
export const countOf = (number: number, one: string, many: string): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** Bytes in powers of 1000, with two digits at least: `999 B`, `1.0 kB`, `12 kB`, `3.4 GB`. */
export function humanSize(octets: number): string {
  if (octets < 1000) return `${octets} B`;
  let value = octets;
  let unit = -1;
  // A value that would be rounded to 1000 belongs to the next unit: 999,999 bytes are 1.0 MB.
  while (Math.round(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Math.round(value * 10) < 100 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** A time in ISO 8601; `undefined` for a time that is out of JavaScript's range, which some file systems have. */
export function isoDate(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/**
 * Characters that are invisible, or change how the text around them is shown: controls, changes of the direction of text
 * (`exe.gpj` shown as a picture), line and paragraph separators, the byte order mark, soft hyphens.
 */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/u;

/** A name with its invisible characters written out, isolated from the direction of the text around it. */
export function visibleName(name: string): Markup {
  if (!UNSEEN.test(name)) return html`<bdi>${name}</bdi>`;
  const pieces = [...name].map((character) =>
    UNSEEN.test(character) ? html`<i>U+${codePoint(character)}</i>` : html`${character}`,
  );
  return html`<bdi>${pieces}</bdi>`;
}

const codePoint = (character: string): string =>
  character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
