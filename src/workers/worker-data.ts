/** The data that the supervisor passes to its workers. Global, because the application may load another copy of Serval. */

const KEY = Symbol.for('serval.workerData');

const holder = globalThis as { [KEY]?: { readonly data: unknown } };

/** Whether `supervise` started this thread. */
export function isWorker(): boolean {
  return holder[KEY] !== undefined;
}

/** The `data` option of `supervise` or `reload`, after JSON; `undefined` without a supervisor. */
export function workerData(): unknown {
  return holder[KEY]?.data;
}

export function setWorkerData(data: unknown): void {
  holder[KEY] = { data };
}
