/** What the supervisor gave its workers besides sockets. It belongs to the thread: the application may have another copy of Serval. */

const KEY = Symbol.for('serval.workerData');

const holder = globalThis as { [KEY]?: unknown };

/** Ours: the `data` that `supervise` or `reload` was given, after JSON; `undefined` without a supervisor. */
export function workerData(): unknown {
  return holder[KEY];
}

export function setWorkerData(data: unknown): void {
  holder[KEY] = data;
}
