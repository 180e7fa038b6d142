/** What a supervisor and its workers say to each other: over the IPC channel of a process, and over the port of a thread. */
import type { InheritedSocket } from '../server/inherited-sockets.ts';

/** What one thread is to run. */
export interface Assignment {
  /** The URL of the module. */
  readonly module: string;
  readonly sockets: readonly InheritedSocket[];
  readonly data: unknown;
  /** Milliseconds between signs of life; 0: none are wanted. */
  readonly beat: number;
}

export type ToWorker =
  | {
      readonly serval: 'start';
      /** One for each thread; a single one is for the process's own. */
      readonly assignments: readonly Assignment[];
      /** For when the supervisor dies. In milliseconds. */
      readonly grace: number;
      readonly killTimeout: number;
    }
  /** In milliseconds; `delay` is before the grace, see `server.drain`. */
  | { readonly serval: 'drain'; readonly grace: number; readonly delay: number }
  | { readonly serval: 'destroy' };

export type FromWorker =
  | { readonly serval: 'ready' }
  /** The module could not be started, and the process ends. */
  | { readonly serval: 'failed'; readonly reason: string }
  /** It goes on serving, but another one should take its place: somebody asked it to go, or one of its threads has died. */
  | { readonly serval: 'leaving'; readonly reason: string; readonly crashed: boolean }
  | { readonly serval: 'beat'; readonly thread: number; readonly connections: number };

/** What a thread says to the process that it belongs to. */
export type FromThread = FromWorker | { readonly serval: 'drained' };

/** The application may speak over the same channel. */
export function isOurs<T extends { serval: string }>(message: unknown): message is T {
  return typeof message === 'object' && message !== null && 'serval' in message;
}

/** Why a process or a thread ends with 0 before it is ready: a module that listens never ends by itself. */
export const NOTHING_TO_DO =
  'the module neither listens on the address that its supervisor was given, nor exports a handler as default';
