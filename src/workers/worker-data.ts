/** What the supervisor gave its workers besides sockets. It belongs to the thread: the application may have another copy of Serval. */

const KEY = Symbol.for('serval.workerData');

const holder = globalThis as { [KEY]?: { readonly data: unknown } };

/** Ours: whether this thread was started by `supervise`. */
export function isWorker(): boolean {
  return holder[KEY] !== undefined;
}

/** Ours: the `data` that `supervise` or `reload` was given, after JSON; `undefined` without a supervisor. */
export function workerData(): unknown {
  return holder[KEY]?.data;
}

export function setWorkerData(data: unknown): void {
  holder[KEY] = { data };
}
