/**
 * What tells one state of a file from another (RFC 9110 §8.8): its size, and the time of its last modification as finely as
 * the file system has it, in nanoseconds.
 *
 * That is strong (§8.8.1) as long as each change gives the file a time of its own. Two things could prevent it.
 *
 * A file system keeps time in ticks, and two changes within one tick leave the same time. So a file that may still be in the
 * tick of its last change has a weak tag, which names the moment it was looked at and thus never matches what comes later.
 *
 * And the time can be set: by a build that gives all its files one date, say. A change that also keeps the size is then not
 * seen by clients. The time of the last change of any kind, which nobody can set, would tell, but it differs between machines
 * that have the same files, and their clients would get everything anew from each. It is what the octets in memory are told
 * apart by, see {@link FileState.version}: those are always the ones on the disk.
 */
import type { BigIntStats } from 'node:fs';
import { serializeHttpDate } from '../../semantics/http-date.ts';

/** What identifies the octets of a file on this machine, at one moment. */
export interface FileState {
  /** The file itself, whatever its content: device and inode. */
  readonly file: string;
  /**
   * Changes whenever the octets do: the file, its size, its time of modification, and the time of its last change of any
   * kind, which can't be set by hand.
   */
  readonly version: string;
  readonly size: number;
  /** Nanoseconds of Unix time. */
  readonly modified: bigint;
  /** The same of the last change of any kind. */
  readonly changed: bigint;
  /** When this was asked, in milliseconds of Unix time. */
  readonly seen: number;
}

/** A file or a folder of the file system. */
export interface Place {
  /** Its real path, without any link. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly state: FileState;
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

/** The tick of a file system with fractions of a second is that of its kernel: 10 ms on Linux, 16 on Windows, at most. */
const FINE_TICK_MS = 50;
/** HFS+ has whole seconds, FAT even ones. */
const COARSE_TICK_MS = 2000;

/** Whether the next change, if it came now, would be seen in the time of modification. */
export function isSettled({ modified, seen }: FileState): boolean {
  return isPast(modified, seen);
}

/**
 * Whether the next change, if it came now, would be seen in {@link FileState.version}. A file that was copied along with its
 * time of modification is settled from the start, and may still be copied over within the same tick.
 */
export function isDistinct({ changed, seen }: FileState): boolean {
  return isPast(changed, seen);
}

function isPast(nanoseconds: bigint, now: number): boolean {
  const tick = nanoseconds % 1_000_000_000n === 0n ? COARSE_TICK_MS : FINE_TICK_MS;
  return now - Number(nanoseconds / 1_000_000n) > tick;
}

/** Its entity tag (RFC 9110 §8.8.3), which has `suffix` before its last quote: codings differ in it (§8.8.3.3). */
export function entityTag(state: FileState, suffix = ''): string {
  const opaque = `${state.size.toString(36)}-${state.modified.toString(36)}`;
  return isSettled(state) ? `"${opaque}${suffix}"` : `W/"${opaque}-${state.seen.toString(36)}${suffix}"`;
}

/** The first second that an HTTP-date can tell (RFC 9110 §5.6.7), if there had been a year 0 before it. */
const FIRST_SECOND = -62_135_596_800;

/**
 * Last-Modified, in whole seconds of Unix time.
 *
 * RFC 9110 §8.8.2.1: a time in the future is replaced by that of the message. Some file systems also keep times of before
 * our era.
 */
export function lastModified({ modified, seen }: FileState): number {
  const milliseconds = Math.min(Number(modified / 1_000_000n), seen);
  return Math.max(FIRST_SECOND, Math.floor(milliseconds / 1000));
}

/** Longer than the clock of a server's Date field may lag behind. */
const NEAR_MS = 2000;

/**
 * The Date to go with a Last-Modified that is so near, or in the future, that the server's own, which it makes now and then,
 * might come before it: RFC 9110 §8.8.2.1 forbids that. `undefined` where the server's will do.
 */
export function ownDate({ modified, seen }: FileState): string | undefined {
  return seen - Number(modified / 1_000_000n) > NEAR_MS ? undefined : serializeHttpDate(seen);
}
