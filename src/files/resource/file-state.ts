/** The state of a file at one moment, and how two states are distinguished. */
import type { BigIntStats } from 'node:fs';

/** A file or a folder of the file system. */
export interface Place {
  /** Its real path, without any link. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly state: FileState;
}

export interface FileState {
  /** The file itself, whatever its content: device and inode. */
  readonly file: string;
  /**
   * Changes whenever the content does. It is made of the file, its size and both its times; the time of the last change of
   * any kind (ctime) can't be set by a program.
   */
  readonly version: string;
  readonly size: number;
  /** The time of the last modification (mtime), in nanoseconds of Unix time. Programs can set it. */
  readonly modified: bigint;
  /** The time of the last change of any kind (ctime), in the same unit. */
  readonly changed: bigint;
  /** When the file system was asked, in milliseconds of Unix time. */
  readonly seen: number;
  /** A hash of the content, where the tags of files are made of it. */
  readonly hash?: string;
  /** An earlier state that this process has sent had the same time of modification. */
  readonly isDateTaken?: boolean;
}

/** @param seen milliseconds of Unix time, read before the file system was asked. */
export function fileState(stats: BigIntStats, seen: number): FileState {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  const file = `${dev}:${ino}`;
  return {
    file,
    version: `${file}:${size}:${mtimeNs}:${ctimeNs}`,
    size: Number(size),
    modified: mtimeNs,
    changed: ctimeNs,
    seen,
  };
}

/** File systems with fractions of a second keep time in ticks of their kernel: at most 10 ms on Linux, 16 on Windows. */
const FINE_TICK_MS = 50;
/** HFS+ keeps whole seconds, FAT even ones. */
const COARSE_TICK_MS = 2000;
/** The clock of a file server may be ahead of the clock here. A later time comes from a clock that was wrong. */
const MOST_AHEAD_MS = 60_000;

/**
 * Whether the next change would be seen in {@link FileState.version}. Two changes within one tick of the file system's clock
 * leave the same time.
 */
export function isSettled({ changed, seen }: FileState): boolean {
  const age = ageOf(changed, seen);
  return age > tickOf(changed) || age < -MOST_AHEAD_MS;
}

/** Whether a program may still be writing the file: its last change was a moment ago, and was a modification. */
export function isBeingWritten(state: FileState): boolean {
  const { modified, seen } = state;
  return !isSettled(state) && Math.abs(ageOf(modified, seen)) <= tickOf(modified);
}

const ageOf = (time: bigint, seen: number): number => seen - Number(time / 1_000_000n);

const tickOf = (time: bigint): number => (time % 1_000_000_000n === 0n ? COARSE_TICK_MS : FINE_TICK_MS);
