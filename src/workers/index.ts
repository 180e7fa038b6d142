/**
 * `serval/workers`: several processes or threads on one address; supervised, reloaded and drained without losing a request.
 *
 * ```ts
 * import { supervise } from 'serval/workers';
 *
 * const supervisor = supervise(new URL('./app.js', import.meta.url), { port: 4221, signals: true });
 * await supervisor.ready;
 * ```
 *
 * docs/CONCURRENCY.md describes its costs and its behaviour in each case.
 */
export type { Address } from './address.ts';
export type { SupervisorEvent, SupervisorEventType } from './events.ts';
export type { WorkerLoad } from './load/worker-load.ts';
export type { Reload, SuperviseOptions } from './options.ts';
export { supervise } from './supervise.ts';
export type { Supervisor, WorkerInfo } from './supervisor.ts';
export type { WorkerState } from './worker.ts';
export { isWorker, workerData } from './worker-data.ts';
