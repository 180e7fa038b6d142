/** The exchanges as a table, newest first: the same as the lanes, for reading. */
import type { ExchangeRow } from '../messages.ts';
import { Drawing } from './drawing.ts';
import { bytes, duration } from './durations.ts';
import { byId, element, setText } from './element.ts';
import { lengthOf, markOf, statusText } from './phases.ts';

const MOST = 100;

export class List extends Drawing {
  readonly #body = byId('rows');
  readonly #count = byId('count');
  readonly #rows = new Map<number, HTMLTableRowElement>();

  override draw(): void {
    const now = this.view.frozenAt ?? this.store.now;
    const all = [...this.store.exchanges.values()];
    const shown = all.filter((row) => row.arrivedAt <= now && this.view.matches(row, now));
    const newest = shown.slice(-MOST).reverse();
    const about = shown.length === all.length ? `${all.length}` : `${shown.length} of ${all.length}`;
    setText(
      this.#count,
      newest.length < shown.length ? `${about}, the newest ${newest.length} shown` : about,
    );
    const wanted = new Set(newest.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (wanted.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    let before: Element | null = this.#body.firstElementChild;
    for (const exchange of newest) {
      const row = this.#rowOf(exchange.id);
      this.#fill(row, exchange, now);
      // Only what is not in its place is moved: a focus would be lost.
      if (row === before) before = before.nextElementSibling;
      else this.#body.insertBefore(row, before);
    }
  }

  #fill(row: HTMLTableRowElement, exchange: ExchangeRow, now: number): void {
    const mark = markOf(exchange, now) ?? '';
    row.dataset['mark'] = mark;
    row.classList.toggle('selected', exchange.id === this.view.selected);
    const cells = [...row.cells];
    const link = cells[0]!.firstElementChild as HTMLElement;
    setText(link, `${exchange.method || 'No request-line'} ${exchange.path}`.trim());
    setText(cells[1]!, exchange.status === 0 ? statusText(exchange) : String(exchange.status));
    setText(cells[2]!, duration(lengthOf(exchange, now)));
    setText(cells[3]!, bytes(exchange.sent));
    setText(cells[4]!, `#${exchange.connection}${exchange.stream === 0 ? '' : ` / ${exchange.stream}`}`);
  }

  #rowOf(id: number): HTMLTableRowElement {
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const link = element('button', { type: 'button', class: 'link', onclick: () => this.onSelect(id) });
    const row = element('tr', {}, element('th', { scope: 'row' }, link));
    for (const kind of ['status', 'number', 'number', 'number']) row.append(element('td', { class: kind }));
    this.#rows.set(id, row);
    return row;
  }
}
