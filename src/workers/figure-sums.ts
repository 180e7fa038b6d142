/** Adds up the figures of all workers, so that any of them can report for all. */
import { type Figures, noFigures, type Series } from '../io/workers/worker-figures.ts';

/** By source. */
type BySource = readonly Figures[];

export class FigureSums {
  /** The last figures of each thread of each worker. */
  readonly #live = new Map<object, Map<number, BySource>>();
  /** The counts of workers that have ended: without them, a sum would become less. */
  #ended: BySource = [];

  note(worker: object, thread: number, figures: BySource): void {
    const threads = this.#live.get(worker);
    if (threads === undefined) this.#live.set(worker, new Map([[thread, figures]]));
    else threads.set(thread, figures);
  }

  /** The worker has ended. */
  retire(worker: object): void {
    const threads = this.#live.get(worker);
    if (threads === undefined) return;
    this.#live.delete(worker);
    const counts = [...threads.values()].map((sources) =>
      sources.map(({ counted }) => ({ ...noFigures(), counted })),
    );
    this.#ended = total([this.#ended, ...counts]);
  }

  sum(): BySource {
    const live = [...this.#live.values()].flatMap((threads) => [...threads.values()]);
    return total([this.#ended, ...live]);
  }
}

function total(all: readonly BySource[]): BySource {
  const sums: Figures[] = [];
  for (const sources of all) {
    for (const [index, { counted, current, highest }] of sources.entries()) {
      sums[index] ??= noFigures();
      combine(sums[index].counted, counted, (a, b) => a + b);
      combine(sums[index].current, current, (a, b) => a + b);
      combine(sums[index].highest, highest, Math.max);
    }
  }
  return sums;
}

function combine(into: Series, series: Series, merge: (a: number, b: number) => number): void {
  for (const [name, values] of series) {
    const sum = into.get(name);
    into.set(name, sum === undefined ? values : values.map((value, index) => merge(value, sum[index] ?? 0)));
  }
}
