/** The connections as lanes on a time axis, and their exchanges as bars. The streams of HTTP/2 get rows of their own. */
import type { ConnectionRow, ExchangeRow } from '../messages.ts';
import { Drawing } from './drawing.ts';
import { bytes, duration, plural } from './durations.ts';
import { byId, element, setText } from './element.ts';
import { markOf, phasesOf, statusText, summaryOf } from './phases.ts';

/** More would be no more to see. */
const MOST_LANES = 60;
const MOST_BARS = 500;
const MOST_ROWS = 24;
const ROW_HEIGHT = 26;
/** Where a bar is narrower, the next one in the row may cover it. */
const LEAST_WIDTH = 5;

interface Lane {
  readonly root: HTMLElement;
  readonly name: HTMLElement;
  readonly facts: HTMLElement;
  readonly track: HTMLElement;
  readonly line: HTMLElement;
  readonly bars: Map<number, HTMLButtonElement>;
}

export class Lanes extends Drawing {
  readonly #root = byId('lanes');
  readonly #axis = byId('axis');
  readonly #empty = byId('empty');
  readonly #lanes = new Map<number, Lane>();

  override draw(): void {
    const now = this.view.frozenAt ?? this.store.now;
    const end = this.view.pausedAt ?? now;
    const start = end - this.view.span;
    const width = this.#axis.clientWidth;
    this.#drawAxis(start, width);
    const shown = this.#visible(start, end, now);
    const connections = this.#connectionsIn(start, end, shown);
    this.#empty.hidden = connections.length > 0;
    for (const [id, lane] of this.#lanes) {
      if (connections.some((row) => row.id === id)) continue;
      lane.root.remove();
      this.#lanes.delete(id);
    }
    for (const row of connections) this.#drawLane(row, shown.get(row.id) ?? [], { start, end, width, now });
  }

  #visible(start: number, end: number, now: number): Map<number, ExchangeRow[]> {
    const rows = [...this.store.exchanges.values()].filter(
      (row) => row.arrivedAt <= end && (row.endAt ?? now) >= start && this.view.matches(row, now),
    );
    const byConnection = new Map<number, ExchangeRow[]>();
    for (const row of rows.slice(-MOST_BARS)) {
      const others = byConnection.get(row.connection);
      if (others === undefined) byConnection.set(row.connection, [row]);
      else others.push(row);
    }
    return byConnection;
  }

  /** Without a filter also those on which nothing happens. */
  #connectionsIn(start: number, end: number, shown: ReadonlyMap<number, unknown>): ConnectionRow[] {
    const { path, status } = this.view;
    const isFiltered = path !== '' || status !== '';
    return [...this.store.connections.values()]
      .filter(({ id, openedAt, closedAt = Infinity }) => {
        if (!this.view.showsConnection(id)) return false;
        return shown.has(id) || (!isFiltered && openedAt <= end && closedAt >= start);
      })
      .slice(-MOST_LANES);
  }

  #drawAxis(start: number, width: number): void {
    const { span } = this.view;
    const step = stepFor(span, Math.max(2, Math.floor(width / 110)));
    const ticks: HTMLElement[] = [];
    for (let at = Math.ceil(start / step) * step; at <= start + span; at += step) {
      if (at < 0) continue;
      const tick = element('span', { class: 'tick' }, label(at, step));
      tick.style.left = `${((at - start) / span) * 100}%`;
      ticks.push(tick);
    }
    this.#axis.replaceChildren(...ticks);
  }

  #drawLane(
    row: ConnectionRow,
    exchanges: readonly ExchangeRow[],
    time: { start: number; end: number; width: number; now: number },
  ): void {
    const lane = this.#laneOf(row);
    setText(lane.name, `${row.isHttp2 ? 'HTTP/2' : 'HTTP/1'} · ${row.remote}`);
    setText(lane.facts, factsOf(row));
    lane.root.classList.toggle('closed', row.closedAt !== undefined);
    if (row.ending !== undefined) lane.facts.title = row.ending;
    const x = (at: number): number => ((at - time.start) / (time.end - time.start)) * time.width;
    const from = Math.max(0, x(row.openedAt));
    const to = Math.min(time.width, x(row.closedAt ?? time.now));
    lane.line.style.left = `${from}px`;
    lane.line.style.width = `${Math.max(2, to - from)}px`;
    const rows = packed(exchanges, time.now);
    const height = Math.max(1, ...rows.values()) * ROW_HEIGHT + 6;
    lane.track.style.height = `${height}px`;
    const stale = new Set(lane.bars.keys());
    for (const exchange of exchanges) {
      stale.delete(exchange.id);
      const bar = this.#barOf(lane, exchange.id);
      const left = x(exchange.arrivedAt);
      const right = x(exchange.endAt ?? time.now);
      const wide = Math.max(LEAST_WIDTH, right - left);
      bar.style.left = `${left}px`;
      bar.style.width = `${wide}px`;
      bar.style.top = `${3 + (rows.get(exchange.id)! - 1) * ROW_HEIGHT}px`;
      this.#fill(bar, exchange, time.now, wide);
    }
    for (const id of stale) {
      lane.bars.get(id)!.remove();
      lane.bars.delete(id);
    }
  }

  #fill(bar: HTMLButtonElement, row: ExchangeRow, now: number, width: number): void {
    const mark = markOf(row, now);
    bar.dataset['mark'] = mark ?? '';
    bar.classList.toggle('open', row.endAt === undefined);
    bar.setAttribute('aria-pressed', String(row.id === this.view.selected));
    const summary = summaryOf(row, now);
    if (bar.title !== summary) {
      bar.title = summary;
      bar.setAttribute('aria-label', summary);
    }
    const from = row.arrivedAt;
    const length = Math.max(0.001, (row.endAt ?? now) - from);
    const phases = phasesOf(row, now).map((phase) => {
      const piece = element('i', { class: `phase ${phase.name}` });
      piece.style.left = `${((phase.from - from) / length) * 100}%`;
      piece.style.width = `${((phase.to - phase.from) / length) * 100}%`;
      return piece;
    });
    const text = width < 64 ? '' : `${statusText(row)} ${row.path}`;
    bar.replaceChildren(...phases, ...(text === '' ? [] : [element('span', { class: 'bar-text' }, text)]));
  }

  #barOf(lane: Lane, id: number): HTMLButtonElement {
    const known = lane.bars.get(id);
    if (known !== undefined) return known;
    const bar = element('button', { type: 'button', class: 'bar', onclick: () => this.onSelect(id) });
    lane.bars.set(id, bar);
    lane.track.append(bar);
    return bar;
  }

  #laneOf({ id }: ConnectionRow): Lane {
    const known = this.#lanes.get(id);
    if (known !== undefined) return known;
    const name = element('span', { class: 'lane-name' });
    const facts = element('span', { class: 'lane-facts' });
    const line = element('div', { class: 'lane-line' });
    const track = element('div', { class: 'track' }, line);
    const heading = element(
      'div',
      { class: 'lane-head' },
      element('b', { class: 'lane-number' }, `#${id}`),
      element('span', { class: 'lane-words' }, name, facts),
    );
    const root = element('li', { class: 'lane', 'data-connection': String(id) }, heading, track);
    this.#root.append(root);
    const lane = { root, name, facts, track, line, bars: new Map<number, HTMLButtonElement>() };
    this.#lanes.set(id, lane);
    return lane;
  }
}

function factsOf(row: ConnectionRow): string {
  const facts = [plural(row.exchanges, 'exchange'), `${bytes(row.received)} in`, `${bytes(row.sent)} out`];
  if (row.tls !== undefined) facts.unshift(row.tls.protocol.replace('v', ' '));
  return facts.join(' · ');
}

/** The row of each exchange, from 1: one that overlaps with others goes below them. Requests that wait in a pipeline do, too. */
function packed(exchanges: readonly ExchangeRow[], now: number): Map<number, number> {
  const ends: number[] = [];
  const rows = new Map<number, number>();
  for (const { id, arrivedAt, endAt = now } of exchanges) {
    const free = ends.findIndex((end) => end <= arrivedAt);
    const row = free >= 0 ? free : Math.min(ends.length, MOST_ROWS - 1);
    ends[row] = endAt;
    rows.set(id, row + 1);
  }
  return rows;
}

/** 1, 2 or 5 times a power of ten, so that there are about so many ticks. */
function stepFor(span: number, ticks: number): number {
  const rough = span / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
}

const label = (at: number, step: number): string =>
  step >= 1_000
    ? duration(at).replace('.00', '').replace('.0', '')
    : `${(at / 1_000).toFixed(step >= 100 ? 1 : step >= 10 ? 2 : 3)} s`;
