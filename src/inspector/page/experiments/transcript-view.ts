/** What went over the wire: the client on one side, the server on the other, and the time between them. */
import type { ExperimentReport, TranscriptEntry } from '../../messages.ts';
import { bytes, duration, plural } from '../durations.ts';
import { element } from '../element.ts';
import { octetLine } from './octet-line.ts';

export class TranscriptView {
  readonly root = element('ol', { class: 'transcript', 'aria-label': 'What went over the wire' });
  /** By place in the transcript: what it looks like, and what it was made of. */
  #shown: { readonly item: HTMLElement; readonly made: string }[] = [];

  /** Only what has changed is drawn again. */
  show({ entries, lanes }: ExperimentReport): void {
    const isOne = lanes.length < 2;
    entries.forEach((entry, i) => {
      const name = isOne ? '' : nameOf(entry.connection, lanes[entry.connection - 1]);
      const made = `${entry.octets} ${entry.lines.length} ${entry.until} ${name}`;
      const known = this.#shown[i];
      if (known?.made === made) return;
      const item = itemFor(entry, name);
      if (known === undefined) this.root.append(item);
      else known.item.replaceWith(item);
      this.#shown[i] = { item, made };
    });
  }
}

const nameOf = (connection: number, lane: number | null | undefined): string =>
  lane == null ? `connection ${connection}` : `#${lane}`;

function itemFor(entry: TranscriptEntry, name: string): HTMLElement {
  const connection =
    name === '' ? undefined : element('span', { class: `tag tag-${((entry.connection - 1) % 4) + 1}` }, name);
  const time = element('span', { class: 'at' }, ...timeOf(entry));
  if (entry.from === 'event')
    return element(
      'li',
      { class: 'event' },
      element('span', { class: 'pill' }, connection, ' ', entry.text),
      time,
    );
  const who = element('b', { class: 'who' }, entry.from === 'client' ? 'Client' : 'Server');
  const about = element('div', { class: 'about' }, who, ' ', connection, ' ', sizeOf(entry));
  const lines = entry.lines.map(octetLine);
  return element('li', { class: entry.from }, time, element('div', { class: 'said' }, about, ...lines));
}

function sizeOf({ octets, pieces, from, lines }: TranscriptEntry): string {
  const size = octets < 1_000 ? plural(octets, 'octet') : bytes(octets);
  const several = pieces > 1 ? ` in ${pieces} ${from === 'client' ? 'writes' : 'reads'}` : '';
  return `${size}${several}${lines.length === 0 ? ', not complete' : ''}`;
}

/** Since the experiment began. */
function timeOf({ at, until }: TranscriptEntry): (Node | string)[] {
  if (until - at < 50) return [`+${duration(at)}`];
  return [element('span', {}, `+${duration(at)}`), ' ', element('span', {}, `to ${duration(until)}`)];
}
