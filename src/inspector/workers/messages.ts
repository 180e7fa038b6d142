/** What the inspector of a supervisor sends to its page, as JSON. Times are in milliseconds since it began. */
import type { WorkerLoad } from '../../workers/load/worker-load.ts';

export type LifeState = 'starting' | 'ready' | 'draining' | 'gone';

export interface WorkerRow {
  readonly id: number;
  readonly pid: number | undefined;
  readonly generation: number;
  /** The states that it had, the first one since it was started. */
  readonly states: { readonly state: LifeState; readonly at: number }[];
  load: WorkerLoad;
  /** Finished requests a second. */
  rate: number;
}

export interface LifeEvent {
  readonly at: number;
  readonly type: string;
  readonly generation: number;
  readonly message: string;
}

export interface WorkersNotice {
  readonly type: 'workers';
  readonly now: number;
  readonly addresses: readonly string[];
  /** The oldest is first; those that have ended are kept for a while. */
  readonly workers: readonly WorkerRow[];
  /** The newest is last. */
  readonly events: readonly LifeEvent[];
}
