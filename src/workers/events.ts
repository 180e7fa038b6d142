/** What a supervisor tells about its workers, for logs and for people. */

export type SupervisorEventType =
  /** A worker listens: one of the first, of a reload, or of those that `resize` has added. */
  | 'ready'
  /** A worker listens, in place of another one. */
  | 'replaced'
  /** A worker has ended that nobody had asked to. */
  | 'died'
  /** The event loop of a worker has stood still for `hangTimeout`. */
  | 'hung'
  /** A worker goes on, but wants to be replaced: it got SIGTERM, or has lost a thread. */
  | 'leaving'
  /** A worker could not be started; it is tried again. */
  | 'not started'
  /** A worker has answered all it had to, and ended. */
  | 'drained'
  /** A worker was killed: it hung, or did not end within grace and `killTimeout`. */
  | 'killed'
  /** A new generation serves; the old one drains. */
  | 'reloaded';

export interface SupervisorEvent {
  readonly type: SupervisorEventType;
  /** Of the worker; `undefined` when it is about no single one. */
  readonly pid: number | undefined;
  /** Counts from 1; each reload makes a new one. */
  readonly generation: number;
  /** One line for people, without a full stop: `worker 4711 was killed by SIGSEGV; another one starts now`. */
  readonly message: string;
}
