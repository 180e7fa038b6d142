/** What the workers of a supervisor did, in bounded memory: the states of each, and the last events. */
import type { SupervisorEvent, WorkerInfo } from '../../workers/index.ts';
import type { LifeEvent, WorkerRow } from './messages.ts';

const MOST_ENDED = 50;
const MOST_EVENTS = 200;
/** Rates are over at least this time, in milliseconds: workers count with their heartbeats. */
const RATE_MS = 2_000;

export class WorkerHistory {
  readonly rows: WorkerRow[] = [];
  readonly events: LifeEvent[] = [];
  readonly #counted = new WeakMap<WorkerRow, { at: number; finished: number }>();
  #lastId = 0;

  /** @param now and those before are in milliseconds since the same time; `startedAt` is that time as a date. */
  update(workers: readonly WorkerInfo[], now: number, startedAt: number): void {
    const living = new Set<WorkerRow>();
    for (const info of workers) {
      const row = this.#rowOf(info);
      living.add(row);
      const { state, since, load } = info;
      if (row.states.at(-1)?.state !== state) row.states.push({ state, at: since.getTime() - startedAt });
      row.load = load;
      this.#count(row, now);
    }
    for (const row of this.rows) {
      if (living.has(row) || row.states.at(-1)?.state === 'gone') continue;
      row.states.push({ state: 'gone', at: now });
      row.rate = 0;
    }
    const ended = this.rows.filter(({ states }) => states.at(-1)?.state === 'gone');
    for (const row of ended.slice(0, Math.max(0, ended.length - MOST_ENDED)))
      this.rows.splice(this.rows.indexOf(row), 1);
  }

  note({ type, generation, message }: SupervisorEvent, now: number): void {
    this.events.push({ at: now, type, generation, message });
    if (this.events.length > MOST_EVENTS) this.events.shift();
  }

  /** Systems use process ids again, so one that has ended is another worker. */
  #rowOf({ pid, generation, load }: WorkerInfo): WorkerRow {
    const known = this.rows.findLast((row) => row.pid === pid && row.generation === generation);
    if (known !== undefined && known.states.at(-1)?.state !== 'gone') return known;
    const row: WorkerRow = { id: ++this.#lastId, pid, generation, states: [], load, rate: 0 };
    this.rows.push(row);
    return row;
  }

  #count(row: WorkerRow, now: number): void {
    const { finished } = row.load;
    const before = this.#counted.get(row);
    if (before !== undefined && now - before.at < RATE_MS) return;
    this.#counted.set(row, { at: now, finished });
    if (before !== undefined)
      row.rate = Math.max(0, ((finished - before.finished) * 1_000) / (now - before.at));
  }
}
