/** The events that a supervisor reports about its workers. */

export type SupervisorEventType =
  /** A worker listens: one of the first, of a reload, or of those that `resize` added. */
  | 'ready'
  /** A worker listens that replaces another one. */
  | 'replaced'
  /** A worker has ended unexpectedly. */
  | 'died'
  /** A worker was blocked for so long that messages for its topics were lost. */
  | 'behind'
  /** The event loop of a worker has been blocked for `hangTimeout`. */
  | 'hung'
  /** A worker continues, but asks to be replaced: it received SIGTERM, or has lost a thread. */
  | 'leaving'
  /** A worker could not be started; the supervisor tries again. */
  | 'not started'
  /** A worker has finished its requests and ended. */
  | 'drained'
  /** A worker was killed: it hung, or did not end within grace and `killTimeout`. */
  | 'killed'
  /** A new generation serves, and the old one drains. */
  | 'reloaded';

/** The method of a supervisor that gives its events to one listener more. */
export const HEAR_EVENTS: unique symbol = Symbol.for('serval.hearEvents') as never;

export interface SupervisorEvents {
  /** @returns ends it. */
  [HEAR_EVENTS](listener: (event: SupervisorEvent) => void): () => void;
}

export interface SupervisorEvent {
  readonly type: SupervisorEventType;
  /** The process id of the worker; `undefined` if the event is about several. */
  readonly pid: number | undefined;
  /** Counts from 1; each reload creates a new generation. */
  readonly generation: number;
  /** One line for people, without a full stop: `worker 4711 was killed by SIGSEGV; restarting now`. */
  readonly message: string;
}
