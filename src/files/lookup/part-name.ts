/**
 * The names of uploads in progress: `.{name}.{place}-{pid}-{random}.part`, in the folder of the file that they become.
 *
 * The dot hides them from requests and listings. After a crash, the place and the process show that no process is writing them
 * any more; see `sweep-parts.ts`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';

/** How many bytes of the target's name are kept, so that the whole name has at most 255. */
const KEPT_OCTETS = 160;

const PART_NAME = /^\..{0,160}\.([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{16}\.part$/s;

/** Identifies where process ids are valid: one machine and, on Linux, one pid namespace (a container has its own). */
export const PLACE = createHash('sha256')
  .update(`${hostname()}\n${pidNamespace()}`)
  .digest('hex')
  .slice(0, 8);

export interface PartOwner {
  readonly place: string;
  readonly pid: number;
}

/** A new name for a part of the file `name`. */
export function makePartName(name: string): string {
  let kept = name;
  // Only whole characters are UTF-8.
  if (Buffer.byteLength(kept) > KEPT_OCTETS) {
    const characters = [...name.slice(0, KEPT_OCTETS)];
    while (Buffer.byteLength(characters.join('')) > KEPT_OCTETS) characters.pop();
    kept = characters.join('');
  }
  return `.${kept}.${PLACE}-${process.pid}-${randomBytes(8).toString('hex')}.part`;
}

/** The process that made a part; `undefined` for any other name. */
export function partOwner(name: string): PartOwner | undefined {
  const match = PART_NAME.exec(name);
  return match === null ? undefined : { place: match[1]!, pid: Number(match[2]) };
}

export const isPartName = (name: string): boolean => name.endsWith('.part') && PART_NAME.test(name);

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return ''; // Not Linux.
  }
}
