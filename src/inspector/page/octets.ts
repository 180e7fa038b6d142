/** The octets of a message: text on one side, hexadecimal on the other. A part that is chosen is explained. */
import type { MessageDetail, Part, PartLine } from '../messages.ts';
import { bytes } from './durations.ts';
import { element } from './element.ts';
import { headerBlockDetails } from './header-block.ts';

/** Octets of a part that are shown in full. */
const MOST_SHOWN = 4_096;
const MOST_HEX = 512;

export type OnPart = (part: Part, line: PartLine) => void;

export function messageSection({ title, lines, omitted }: MessageDetail, onPart: OnPart): HTMLElement {
  const rows = lines.map((line) => lineRow(line, onPart));
  const list = element('ol', { class: 'wire', 'aria-label': `${title}, octet by octet` }, ...rows);
  roving(list);
  const onWire = lines.filter(({ isDecoded }) => !isDecoded);
  const length = onWire.reduce(
    (sum, { parts }) => sum + parts.reduce((all, part) => all + part.length, 0),
    0,
  );
  return element(
    'section',
    { class: 'message' },
    element('h3', {}, title, ' ', element('small', {}, bytes(length + omitted))),
    lines.length === 0 ? element('p', { class: 'soft' }, 'No octets are kept.') : list,
    omitted > 0 ? element('p', { class: 'soft' }, `${omitted} more were not kept.`) : undefined,
  );
}

function lineRow(line: PartLine, onPart: OnPart): HTMLElement {
  const text = element('span', { class: 'text' });
  const hex = element('span', { class: 'hex', 'aria-hidden': 'true' });
  for (const part of line.parts) {
    const shown = element(
      'button',
      {
        type: 'button',
        class: `part ${part.kind}`,
        tabindex: '-1',
        'aria-label': labelOf(part),
        onclick: () => choose(),
      },
      ...visible(part),
    );
    const digits = element('span', { class: `digits ${part.kind}` }, ...hexOf(part));
    const choose = (): void => {
      for (const other of document.querySelectorAll('.chosen')) other.classList.remove('chosen');
      shown.classList.add('chosen');
      digits.classList.add('chosen');
      onPart(part, line);
    };
    shown.addEventListener('focus', choose);
    digits.addEventListener('click', choose);
    text.append(shown);
    if (!line.isDecoded) hex.append(digits, ' ');
  }
  return element(
    'li',
    { class: line.isDecoded ? 'decoded' : '' },
    element('span', { class: 'line-title' }, line.title),
    text,
    hex,
    line.block && headerBlockDetails(line.block),
  );
}

/** One stop for the tab key; arrows go from part to part. */
function roving(list: HTMLElement): void {
  const parts = [...list.querySelectorAll<HTMLButtonElement>('.part')];
  parts[0]?.setAttribute('tabindex', '0');
  const move = (to: HTMLButtonElement | undefined): void => {
    if (to === undefined) return;
    for (const part of parts) part.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  };
  list.addEventListener('click', ({ target }) => {
    const part = (target as Element).closest<HTMLButtonElement>('.part');
    if (part !== null) move(part);
  });
  list.addEventListener('keydown', (event) => {
    const at = parts.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[event.key];
    if (at < 0 || step === undefined) return;
    event.preventDefault();
    move(parts[at + step]);
  });
}

function visible(part: Part): (Node | string)[] {
  const { meaning, isHidden, length, broken } = part;
  const whole = (...children: (Node | string)[]) => (broken ? [element('mark', {}, ...children)] : children);
  if (meaning !== undefined) return whole(`${meaning} `);
  if (isHidden) return whole(element('span', { class: 'hidden-value' }, `hidden, ${length} octets`));
  const [before, marked, after] = around(part, MOST_SHOWN).map((text) => shown(text, part));
  return [...before!, ...(marked!.length > 0 ? [element('mark', {}, ...marked!)] : []), ...after!];
}

/** The text before the octets that broke a rule, those, and the text behind them; not more than so many octets of it. */
function around({ text, broken = { start: 0, end: 0 } }: Part, most: number): [string, string, string] {
  const { start, end } = broken;
  const from = end <= most ? 0 : start - Math.floor(most / 4);
  const to = from + most;
  const cut = (piece: string, isCut: boolean): string => (isCut ? `${piece}…` : piece);
  return [
    `${from > 0 ? '…' : ''}${text.slice(from, start)}`,
    cut(text.slice(start, Math.min(end, to)), end > to),
    cut(text.slice(end, Math.max(end, to)), end <= to && text.length > to),
  ];
}

function shown(text: string, { kind, text: all }: Part): (Node | string)[] {
  const pieces: (Node | string)[] = [];
  let plain = '';
  for (const character of text) {
    const code = character.charCodeAt(0);
    if ((code >= 0x20 && code < 0x7f) || character === '…') {
      plain += character === ' ' && all.length === 1 ? '␣' : character;
      continue;
    }
    if (plain !== '') pieces.push(plain);
    plain = '';
    pieces.push(element('span', { class: 'control' }, symbol(code)));
    if (code === 0x0a && kind === 'content') pieces.push(element('br'));
  }
  if (plain !== '') pieces.push(plain);
  return pieces;
}

function symbol(code: number): string {
  if (code === 0x0d) return 'CR';
  if (code === 0x0a) return 'LF';
  if (code === 0x09) return 'HT';
  return hex(code);
}

function hexOf(part: Part): (Node | string)[] {
  const { isHidden, length, broken } = part;
  if (isHidden || part.meaning !== undefined) {
    const dots = length > 8 ? '·· '.repeat(8).concat('…') : '·· '.repeat(length).trim();
    const digits = isHidden ? dots : digitsOf(part.text.slice(0, MOST_HEX));
    return broken ? [element('mark', {}, digits)] : [digits];
  }
  const [before, marked, after] = around(part, MOST_HEX).map(digitsOf);
  if (marked === '') return [`${before}${after}`];
  return [before === '' ? '' : `${before} `, element('mark', {}, marked!), after === '' ? '' : ` ${after}`];
}

const digitsOf = (text: string): string =>
  Array.from(text, (character) => (character === '…' ? character : hex(character.charCodeAt(0)))).join(' ');

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(2, '0');

/** What is seen is part of the name: people who speak to their browser say what they see. */
function labelOf(part: Part): string {
  const { name, length, isHidden, meaning, broken } = part;
  const seen = meaning ?? (isHidden ? `hidden, ${length} octets` : spoken(part));
  const label = name.includes(seen) ? name : `${name}: ${seen}`;
  return broken ? `${label}, which broke the rule` : label;
}

function spoken({ kind, text }: Part): string {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  if (short === ' ') return 'space ␣';
  const words = short.replaceAll(/[^\x20-\x7e…]/g, (character) => symbol(character.charCodeAt(0)));
  // A new line begins there.
  return kind === 'content' ? words.replaceAll('LF', 'LF ').trim() : words;
}
