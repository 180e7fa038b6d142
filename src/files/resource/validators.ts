/**
 * The validators of a file (RFC 9110 §8.8), made of its state.
 *
 * The tag has the size and both times of the file. The time of modification alone would not be strong (§8.8.1): tools that
 * unpack archives and build reproducibly give many contents one time, and `cp -p` and `rsync -t` set it as well. The time of
 * the last change (ctime) can't be set, so every change of the content changes the tag. Where the two are equal, the time was
 * not set, and one of them is enough.
 *
 * The price: machines with the same files have different tags. For several machines behind one name, tags can be made of a
 * hash of the content instead.
 *
 * While a file is in the tick of its last change, another change could leave the same times. Its tag is weak then, and has
 * the moment at which the file was looked at, so it never matches a later state.
 */
import { serializeHttpDate } from '../../semantics/http-date.ts';
import { type FileState, isSettled } from './file-state.ts';

/**
 * The entity tag (RFC 9110 §8.8.3).
 *
 * @param suffix goes before the last quote. Codings of one file differ in it (§8.8.3.3).
 */
export function entityTag(state: FileState, suffix = ''): string {
  const { size, modified, changed, seen, hash } = state;
  if (hash !== undefined) return `"${hash}${suffix}"`;
  const opaque = `${size.toString(36)}-${modified.toString(36)}`;
  if (!isSettled(state)) return `W/"${opaque}-${seen.toString(36)}${suffix}"`;
  return changed === modified ? `"${opaque}${suffix}"` : `"${opaque}-${changed.toString(36)}${suffix}"`;
}

/** The first second that an HTTP-date can express (RFC 9110 §5.6.7), counting years from 1. */
const FIRST_SECOND = -62_135_596_800;

/** 1990. Earlier times are placeholders: packages of npm have 1985, Nix has 1970, zip archives without a time have 1980. */
const FIRST_REAL_TIME = 631_152_000_000_000_000n;

/**
 * Last-Modified, in whole seconds of Unix time.
 *
 * It is the time of modification, unless that can't tell this state from others: a placeholder, a time after the last
 * change, or the time of an earlier state. The time of the last change takes its place then.
 */
export function lastModified({ modified, changed, seen, isDateTaken }: FileState): number {
  const isUsable = modified <= changed && modified >= FIRST_REAL_TIME && isDateTaken !== true;
  // RFC 9110 §8.8.2.1: a time in the future is replaced by the time of the message.
  const milliseconds = Math.min(Number((isUsable ? modified : changed) / 1_000_000n), seen);
  return Math.max(FIRST_SECOND, Math.floor(milliseconds / 1000));
}

/** The clock of a server's Date field may lag behind by at most this. */
const NEAR_MS = 2000;

/**
 * The Date to send with a Last-Modified that is so recent that the server's own Date, which is made once a second, might
 * come before it. RFC 9110 §8.8.2.1 forbids that. `undefined` where the server's own will do.
 */
export function ownDate(state: FileState): string | undefined {
  const { seen } = state;
  return seen - lastModified(state) * 1000 > NEAR_MS ? undefined : serializeHttpDate(seen);
}
