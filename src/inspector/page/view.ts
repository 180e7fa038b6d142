/** What is looked at: the stretch of time, the filters, and the exchange that is selected. */
import type { ExchangeRow } from '../messages.ts';
import { isAmong, matches } from './filter.ts';

/** Lengths of the visible stretch, in milliseconds. */
export const ZOOMS = [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 15_000, 60_000, 300_000, 900_000];

export class View {
  zoom = ZOOMS.indexOf(15_000);
  /** The right end of what is visible; `undefined` follows the time. */
  pausedAt: number | undefined;
  /** When the time was stopped: what came later is not shown. */
  frozenAt: number | undefined;
  path = '';
  status = '';
  /** Empty for all; several are separated by commas. */
  connection = '';
  selected: number | undefined;

  get span(): number {
    return ZOOMS[this.zoom]!;
  }

  pause(now: number, end = now): void {
    this.frozenAt ??= now;
    this.pausedAt = end;
  }

  resume(): void {
    this.frozenAt = undefined;
    this.pausedAt = undefined;
  }

  zoomBy(steps: number): void {
    const { pausedAt, span } = this;
    this.zoom = Math.min(ZOOMS.length - 1, Math.max(0, this.zoom + steps));
    // The middle stays where it is.
    if (pausedAt !== undefined) this.pausedAt = pausedAt - span / 2 + this.span / 2;
  }

  /** Shows a stretch of time, with some room on either side. */
  fit(from: number, to: number, now: number): void {
    const wanted = (to - from) * 1.25;
    const zoom = ZOOMS.findIndex((span) => span >= wanted);
    this.zoom = zoom < 0 ? ZOOMS.length - 1 : zoom;
    this.pause(now, (from + to) / 2 + this.span / 2);
  }

  showsConnection(id: number): boolean {
    return isAmong(this.connection, id);
  }

  matches(row: ExchangeRow, now: number): boolean {
    return matches(this, row, now);
  }
}
