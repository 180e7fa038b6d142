/**
 * The figures of a worker, and how they reach the supervisor, which adds up those of all workers. `workers/` installs the link, and
 * `metrics/` uses it without knowing how it works. Global, because the application may load another copy of Serval.
 */

/** By the name of a series with its labels, such as `serval_connections` or `http_server_active_requests{url_scheme="http"}`. */
export type Series = Map<string, readonly number[]>;

export interface Figures {
  /** Counts since the start, to be added up. Those of workers that have ended count as well. */
  readonly counted: Series;
  /** Of this moment, to be added up. */
  readonly current: Series;
  /** Of this moment; the highest of all workers matters. */
  readonly highest: Series;
}

/** How the figures of a worker leave it. */
export interface FigureLink {
  /** The number of the thread in its process. All threads have the same memory and the same file descriptors. */
  readonly thread: number;
  /** What counts figures in this worker; the modules of all workers create them in the same order. */
  readonly sources: (() => Figures)[];
  /** Fulfils with the sums over all workers, in the order of the sources. Rejects if the supervisor does not respond in time. */
  sum(): Promise<readonly Figures[]>;
}

const KEY = Symbol.for('serval.workerFigures');

const holder = globalThis as { [KEY]?: FigureLink };

export function installFigureLink(link: FigureLink): void {
  holder[KEY] = link;
}

/** `undefined` without a supervisor. */
export function figureLink(): FigureLink | undefined {
  return holder[KEY];
}

export function noFigures(): Figures {
  return { counted: new Map(), current: new Map(), highest: new Map() };
}
