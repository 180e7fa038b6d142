/** What a core has done, as `/proc/stat` tells: to notice when somebody else was on it while it was measured. */
import { readFileSync } from 'node:fs';
import { TICKS_PER_SECOND } from './process-tree.ts';

export interface CoreUsage {
  /** Seconds in which the core ran any process, in user or kernel mode; and those that the host took for itself. */
  readonly busy: number;
}

/** @param core its number, as text. */
export function parseCoreUsage(stat: string, core: string): CoreUsage {
  const line = stat.split('\n').find((candidate) => candidate.startsWith(`cpu${core} `));
  if (line === undefined) throw new Error(`/proc/stat has no core ${core}`);
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] = line.split(/\s+/).slice(1).map(Number);
  return { busy: (user + nice + system + steal) / TICKS_PER_SECOND };
}

export function coreUsage(core: string): CoreUsage {
  return parseCoreUsage(readFileSync('/proc/stat', 'utf8'), core);
}

/** Beyond this part of a core, a neighbour has changed what was measured. */
const TOLERATED = 0.06;

/**
 * Says so when others used a core.
 *
 * @param own seconds that the process under test was on it.
 * @param elapsed seconds.
 */
export function disturbance(core: string, busy: number, own: number, elapsed: number): string | undefined {
  const others = (busy - own) / elapsed;
  if (others <= TOLERATED) return undefined;
  return `core ${core} was used by others for ${(others * 100).toFixed(0)} % of the time`;
}
