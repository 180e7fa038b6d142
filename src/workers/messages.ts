/** The messages between a supervisor and its workers, over the IPC channel of a process and the port of a thread. */
import type { Figures } from '../io/workers/worker-figures.ts';
import type { InheritedSocket } from '../server/inherited-sockets.ts';
import type { TicketSeed } from '../tls/ticket-keys.ts';
import type { WorkerLoad } from './load/worker-load.ts';

/** What one thread runs. */
export interface Assignment {
  /** The URL of the module. */
  readonly module: string;
  readonly sockets: readonly InheritedSocket[];
  readonly data: unknown;
  /** The same for all workers: a client resumes its TLS session at any of them. */
  readonly tickets: TicketSeed;
  /** The interval of heartbeats in milliseconds; 0: none. */
  readonly beat: number;
}

export type ToWorker =
  | {
      readonly serval: 'start';
      /** One for each thread; a single one runs in the main thread. */
      readonly assignments: readonly Assignment[];
      /** Used if the supervisor dies. In milliseconds. */
      readonly grace: number;
      readonly killTimeout: number;
    }
  /** In milliseconds, as for `server.drain`: `delay` precedes `grace`. */
  | { readonly serval: 'drain'; readonly grace: number; readonly delay: number }
  | { readonly serval: 'destroy' }
  | FigureSum
  | BatchMessage;

/** Messages for the topics of other workers, in the octets of `websocket/topic-batch.ts`. */
export interface BatchMessage {
  readonly serval: 'batch';
  readonly octets: Uint8Array;
  /** How many messages it holds. */
  readonly count: number;
}

/** The figures of one thread, by source. */
export interface FigureReport {
  readonly serval: 'figures';
  readonly thread: number;
  readonly figures: readonly Figures[];
  /** Asks for the sums over all workers, which have the same number. */
  readonly number: number | undefined;
}

/** The sums over all workers, by source. */
export interface FigureSum {
  readonly serval: 'sum';
  readonly thread: number;
  readonly number: number;
  readonly figures: readonly Figures[];
}

export type FromWorker =
  | { readonly serval: 'ready' }
  /** The module could not be started, and the process ends. */
  | { readonly serval: 'failed'; readonly reason: string }
  /** It continues to serve, but should be replaced: it received SIGTERM, or one of its threads has died. */
  | { readonly serval: 'leaving'; readonly reason: string; readonly crashed: boolean }
  | { readonly serval: 'beat'; readonly thread: number; readonly load: WorkerLoad }
  | FigureReport
  /** Nothing comes after it. */
  | { readonly serval: 'drained' }
  /** It takes batches from now on. */
  | { readonly serval: 'joins' }
  | BatchMessage;

/** From a thread to its process. */
export type FromThread = FromWorker | BatchTaken;

/** Between a thread and its process, whose channel does not say when a message was taken. */
export interface BatchTaken {
  readonly serval: 'taken';
}

/** From a process to its thread. */
export type ToThread = ToWorker | BatchTaken;

/** False for messages of the application, which may use the same channel. */
export function isServalMessage<T extends { serval: string }>(message: unknown): message is T {
  return typeof message === 'object' && message !== null && 'serval' in message;
}

/** The reason if a process or thread ends with 0 before it is ready: a module that listens would not end by itself. */
export const NOT_SERVING =
  "the module neither listens on the supervisor's address nor exports a handler as default";

/** An error as text, since it crosses to another process. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
