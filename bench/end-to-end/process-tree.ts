/** The CPU time and memory of a process and its descendants, from `/proc` (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks in user and kernel mode, of all its threads. */
  readonly ticks: number;
  /** Clock ticks of children that have ended and were waited for. */
  readonly childTicks: number;
}

/** USER_HZ, the unit of Linux in `/proc`: the same on x86 and ARM, whatever the kernel's own frequency is. */
export const TICKS_PER_SECOND = 100;

/** Reads a line of `/proc/<pid>/stat`. The name of the program is in parentheses and may contain any character. */
export function parseStat(line: string): ProcessStat {
  const afterName = line.lastIndexOf(')');
  // Field 3, the state, is the first of these.
  const fields = line.slice(afterName + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  const stat = {
    pid: Number.parseInt(line, 10),
    parent: field(4),
    ticks: field(14) + field(15),
    childTicks: field(16) + field(17),
  };
  if (afterName === -1 || Object.values(stat).some(Number.isNaN)) {
    throw new Error(`not a line of /proc/<pid>/stat: ${JSON.stringify(line)}`);
  }
  return stat;
}

/** `VmRSS` of `/proc/<pid>/status`, in bytes; 0 for a process that is ending. */
export function parseResident(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** The root and all its descendants. */
export function treeOf(stats: readonly ProcessStat[], root: number): ProcessStat[] {
  const tree = stats.filter(({ pid }) => pid === root);
  // The array grows during the loop.
  for (const { pid } of tree) tree.push(...stats.filter(({ parent }) => parent === pid));
  return tree;
}

/** Seconds of CPU time that the process and its descendants have used so far. */
export function cpuSeconds(root: number): number {
  const ticks = treeOf(allStats(), root).reduce((sum, stat) => sum + stat.ticks + stat.childTicks, 0);
  return ticks / TICKS_PER_SECOND;
}

/** Bytes of resident memory of the process and its descendants. */
export function residentOctets(root: number): number {
  return treeOf(allStats(), root).reduce(
    (sum, { pid }) => sum + parseResident(readIfThere(`/proc/${pid}/status`) ?? ''),
    0,
  );
}

/** The same, but memory that several of them share, such as the program itself, is counted once (proc(5), Pss). */
export function proportionalOctets(root: number): number {
  return treeOf(allStats(), root).reduce((sum, { pid }) => {
    const rollup = readIfThere(`/proc/${pid}/smaps_rollup`) ?? '';
    return sum + Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
  }, 0);
}

/** Seconds of CPU time of this process's children that have ended. */
export function endedChildrenCpuSeconds(): number {
  return parseStat(readFileSync('/proc/self/stat', 'utf8')).childTicks / TICKS_PER_SECOND;
}

function allStats(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readIfThere(`/proc/${pid}/stat`))
    .filter((line) => line !== undefined)
    .map(parseStat);
}

/** A process may end after it was listed. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
