/** The usage of a core from `/proc/stat`, to notice other processes on it during a measurement. */
import { readFileSync } from 'node:fs';
import { TICKS_PER_SECOND } from './process-tree.ts';

export interface CoreUsage {
  /** Seconds in which the core ran any process, in user or kernel mode, or belonged to the host (steal). */
  readonly busy: number;
}

/** @param core the number of the core, as text. */
export function parseCoreUsage(stat: string, core: string): CoreUsage {
  const line = stat.split('\n').find((candidate) => candidate.startsWith(`cpu${core} `));
  if (line === undefined) throw new Error(`/proc/stat has no core ${core}`);
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] = line.split(/\s+/).slice(1).map(Number);
  return { busy: (user + nice + system + steal) / TICKS_PER_SECOND };
}

export function coreUsage(core: string): CoreUsage {
  return parseCoreUsage(readFileSync('/proc/stat', 'utf8'), core);
}

/** Other processes may use this part of a core; beyond it, the sample is disturbed. */
const TOLERATED = 0.06;

/**
 * Describes the use of a core by other processes; `undefined` if they used little.
 *
 * @param own seconds of the process under test.
 * @param elapsed seconds.
 */
export function disturbance(core: string, busy: number, own: number, elapsed: number): string | undefined {
  const others = (busy - own) / elapsed;
  if (others <= TOLERATED) return undefined;
  return `core ${core} was used by other processes for ${(others * 100).toFixed(0)} % of the time`;
}
