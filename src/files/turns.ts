/** Divides long work into short turns, so that other connections are served in between. */
import { setImmediate as nextLoop } from 'node:timers/promises';

const TURN_MS = 5;

/** The end of the queue for turns. All long work shares it, so one round of the event loop has one turn. */
let queue: Promise<void> = Promise.resolve();

/** The turns of one piece of work. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #began = performance.now();

  /** @param signal aborts the work. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether it is time to let others work: `if (turns.isOver) await turns.next();` */
  get isOver(): boolean {
    return performance.now() - this.#began > TURN_MS;
  }

  /** @throws the signal's reason, once it has been aborted. */
  async next(): Promise<void> {
    queue = queue.then(() => nextLoop());
    await queue;
    this.#signal?.throwIfAborted();
    this.#began = performance.now();
  }
}

/** Beyond this many items, sorting takes longer than a turn (measured: 3 ms for 2,000 names by a collator). */
const RUN = 1000;
/** How many comparisons are made between two looks at the clock. */
const STRIDE = 500;

/** The result of `items.sort(compare)`, in a new array. It is a merge sort of sorted runs that pauses for other work. */
export async function sortInTurns<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  turns: Turns,
): Promise<T[]> {
  let runs: T[][] = [];
  for (let from = 0; from < items.length; from += RUN) {
    runs.push(items.slice(from, from + RUN).sort(compare));
    if (turns.isOver) await turns.next();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const [left, right] = [runs[i]!, runs[i + 1]];
      merged.push(right === undefined ? left : await merge(left, right, compare, turns));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
  turns: Turns,
): Promise<T[]> {
  const merged: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) {
    // Of equals the left one comes first: the sort is stable.
    merged.push(compare(left[l]!, right[r]!) <= 0 ? left[l++]! : right[r++]!);
    if (merged.length % STRIDE === 0 && turns.isOver) await turns.next();
  }
  for (; l < left.length; l++) merged.push(left[l]!);
  for (; r < right.length; r++) merged.push(right[r]!);
  return merged;
}

/** Calls `work` for each item, for at most `limit` items at once. It fails with the first failure. */
export async function eachOf<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) await work(items[next++]!);
  };
  const workers: Promise<void>[] = [];
  for (let i = 0; i < Math.min(limit, items.length); i++) workers.push(worker());
  await Promise.all(workers);
}

/** Runs at most so many pieces of work at once. The others wait, in order. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
