/**
 * `serval/workers`: many processes, or threads, on one address; supervised, reloaded and drained without a lost request.
 *
 * ```ts
 * import { supervise } from 'serval/workers';
 *
 * const supervisor = supervise(new URL('./app.js', import.meta.url), { port: 4221, signals: true });
 * await supervisor.ready;
 * ```
 *
 * What it costs, and what it does in each case: docs/CONCURRENCY.md.
 */
export type { SupervisorEvent, SupervisorEventType } from './events.ts';
export type { Address, Reload, SuperviseOptions } from './options.ts';
export { type Supervisor, supervise, type WorkerInfo } from './supervisor.ts';
export type { WorkerState } from './worker.ts';
export { isWorker, workerData } from './worker-data.ts';
