/** A line of the transcript: its parts in colours, and the octets in hexadecimal for those who ask. */
import type { Part, PartLine } from '../../messages.ts';
import { element } from '../element.ts';

const MOST_SHOWN = 600;
const MOST_HEX = 128;

export function octetLine(line: PartLine): HTMLElement {
  // A frame says its length itself.
  const isFrame = line.parts[0]?.meaning !== undefined;
  const parts = line.parts.map((part) =>
    element(
      'span',
      {
        class: `part ${part.kind}${part.meaning === undefined ? '' : ' meant'}`,
        title: `${part.name}: ${part.note} (${part.source})`,
      },
      ...shown(part, isFrame),
    ),
  );
  const digits = line.parts.map((part) => hexOf(part)).join(' ');
  return element(
    'div',
    { class: 'octet-line' },
    element('div', { class: 'text' }, ...parts),
    element('div', { class: 'hex', 'aria-hidden': 'true' }, digits),
  );
}

function shown(part: Part, isFrame: boolean): (Node | string)[] {
  // Bits that are not set tell nothing.
  if (part.meaning !== undefined) return [part.meaning === 'no flags' ? '–' : part.meaning];
  // Content that goes on in other reads has only its length.
  if (part.isHidden || part.text.length < part.length) {
    const text = isFrame ? 'content' : `${part.length.toLocaleString('en')} octets of content`;
    return [
      element('span', { class: 'hidden-value' }, part.isHidden && part.kind !== 'content' ? 'hidden' : text),
    ];
  }
  const pieces: (Node | string)[] = [];
  for (const [piece] of part.text.slice(0, MOST_SHOWN).matchAll(/\r\n|[\x20-\x7e]+|[\s\S]/g)) {
    if (/^[\x20-\x7e]/.test(piece)) pieces.push(piece);
    else pieces.push(element('span', { class: 'control' }, CONTROLS[piece] ?? hex(piece)));
  }
  if (part.text.length > MOST_SHOWN) pieces.push('…');
  return pieces;
}

const CONTROLS: Readonly<Record<string, string>> = { '\r\n': 'CRLF', '\r': 'CR', '\n': 'LF', '\t': 'HT' };

function hexOf({ text, isHidden, length }: Part): string {
  if (isHidden) return length > 8 ? `${'·· '.repeat(8)}…` : '·· '.repeat(length).trim();
  const digits = Array.from(text.slice(0, MOST_HEX), hex).join(' ');
  return text.length > MOST_HEX ? `${digits} …` : digits;
}

const hex = (character: string): string =>
  character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
