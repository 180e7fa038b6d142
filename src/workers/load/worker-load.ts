/** What a worker has to do, for its heartbeats. */

/** What a thread, or all threads of a worker, have to do. */
export interface WorkerLoad {
  readonly connections: number;
  /** Requests since it was started, by `server.counts`. */
  readonly started: number;
  readonly finished: number;
  readonly cutOff: number;
  readonly rejected: number;
  /** Bytes: of the process, and of the JavaScript heaps. */
  readonly rss: number;
  readonly heapUsed: number;
  /** How late the last heartbeat was, in milliseconds: the event loop was busy for that long. */
  readonly delay: number;
}

/** Of all threads of a process, which share its memory. */
export function sumOfLoads(loads: readonly WorkerLoad[]): WorkerLoad {
  const sum = (count: (load: WorkerLoad) => number): number =>
    loads.reduce((all, load) => all + count(load), 0);
  return {
    connections: sum(({ connections }) => connections),
    started: sum(({ started }) => started),
    finished: sum(({ finished }) => finished),
    cutOff: sum(({ cutOff }) => cutOff),
    rejected: sum(({ rejected }) => rejected),
    rss: Math.max(0, ...loads.map(({ rss }) => rss)),
    heapUsed: sum(({ heapUsed }) => heapUsed),
    delay: Math.max(0, ...loads.map(({ delay }) => delay)),
  };
}
