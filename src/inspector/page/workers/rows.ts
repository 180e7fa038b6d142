/** The figures of the workers as a table. */
import type { WorkerRow } from '../../workers/messages.ts';
import { bytes, duration } from '../durations.ts';
import { byId, element, setText } from '../element.ts';
import { WORDS } from './lives.ts';

const COLUMNS = 7;
const rows = new Map<number, HTMLTableRowElement>();

export function drawRows(workers: readonly WorkerRow[], now: number): void {
  const living = workers.filter(({ states }) => states.at(-1)?.state !== 'gone');
  for (const [id, row] of rows) {
    if (living.some((worker) => worker.id === id)) continue;
    row.remove();
    rows.delete(id);
  }
  for (const worker of living) fill(rowOf(worker), worker, now);
}

function fill(row: HTMLTableRowElement, { states, load, rate }: WorkerRow, now: number): void {
  const { state, at } = states.at(-1)!;
  const texts = [
    `${WORDS[state]} for ${duration(now - at)}`,
    String(load.connections),
    `${Math.round(rate)}/s`,
    String(load.finished),
    String(load.rejected + load.cutOff),
    duration(load.delay),
    bytes(load.rss),
  ];
  for (const [i, text] of texts.entries()) setText(row.cells[i + 1]!, text);
}

function rowOf({ id, pid, generation }: WorkerRow): HTMLTableRowElement {
  const known = rows.get(id);
  if (known !== undefined) return known;
  const name = `${pid ?? 'not started'}, generation ${generation}`;
  const row = element('tr', {}, element('th', { scope: 'row' }, name));
  for (let i = 0; i < COLUMNS; i++) row.append(element('td', { class: i === 0 ? '' : 'number' }));
  rows.set(id, row);
  byId('rows').append(row);
  return row;
}
