/** Sends the figures of one thread to the supervisor, and gets the sums over all workers from it. */
import { Deferred } from '../io/deferred.ts';
import type { FigureLink, Figures } from '../io/workers/worker-figures.ts';
import type { FigureReport, FigureSum } from './messages.ts';

/** How often figures are sent that were not asked for. In milliseconds. */
const INTERVAL_MS = 1_000;
/** How long the supervisor may take. In milliseconds. */
const TIMEOUT_MS = 1_000;

export class FigureReports implements FigureLink {
  readonly thread: number;
  readonly sources: (() => Figures)[] = [];
  readonly #send: (report: FigureReport) => void;
  readonly #asked = new Map<number, Deferred<readonly Figures[]>>();
  #count = 0;
  #lastReport = -Infinity;

  constructor(thread: number, send: (report: FigureReport) => void) {
    this.thread = thread;
    this.#send = send;
  }

  async sum(): Promise<readonly Figures[]> {
    const number = ++this.#count;
    const asked = new Deferred<readonly Figures[]>();
    this.#asked.set(number, asked);
    const timer = setTimeout(
      () => asked.reject(new Error('The supervisor did not respond in time')),
      TIMEOUT_MS,
    );
    this.report(number);
    try {
      return await asked.promise;
    } finally {
      clearTimeout(timer);
      this.#asked.delete(number);
    }
  }

  onSum({ number, figures }: FigureSum): void {
    this.#asked.get(number)?.resolve(figures);
  }

  /** Called with each heartbeat. */
  reportRegularly(): void {
    // A little early: timers of the same interval are not exact.
    if (performance.now() - this.#lastReport >= INTERVAL_MS - 50) this.report(undefined);
  }

  /** @param number asks for the sums as well. */
  report(number: number | undefined): void {
    if (this.sources.length === 0) return;
    this.#lastReport = performance.now();
    const figures = this.sources.map((source) => source());
    this.#send({ serval: 'figures', thread: this.thread, figures, number });
  }
}
