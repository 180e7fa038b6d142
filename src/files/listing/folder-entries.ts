/** What a folder holds, as far as a visitor may know of it. */
import type { Dirent } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isPartName } from '../lookup/part-name.ts';
import { decodeName, realPathWithinRoot } from '../lookup/path-within-root.ts';
import { eachOf, type Turns } from '../turns.ts';

/** A folder that was found below the root. */
export interface ListedFolder {
  /** Its real path. */
  readonly path: string;
  /** The decoded names that lead to it from the root; none for the root itself. */
  readonly names: readonly string[];
  readonly root: string;
}

export interface VisibleNames {
  readonly dotfiles: boolean;
  /** Where links may lead to be listed. Default `'within'`: the root. */
  readonly symlinks?: 'within' | 'anywhere';
  /** Whether a path, real but for its last name, is not to be known of. Default: none is. */
  readonly isReserved?: (path: string) => boolean;
}

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** Looked up when it is needed: a page shows only some of the entries. */
  details: EntryDetails | undefined;
}

export interface EntryDetails {
  /** Octets. */
  readonly size: number;
  /** Milliseconds of Unix time. */
  readonly modified: number;
}

/** As many as the file system is asked about at once, for one listing. */
const LOOKUPS_AT_ONCE = 16;
const NAMES_AT_ONCE = 256;

/**
 * The files and folders in a folder, in no order. What a request could not be answered with is not listed: hidden and
 * unspeakable names, links that lead nowhere or out of the root, pipes, sockets and devices.
 *
 * @throws what the file system says when the folder can't be read.
 */
export async function readEntries(
  folder: ListedFolder,
  visible: VisibleNames,
  turns: Turns,
): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  const doubtful: string[] = [];
  const isTop = folder.names.length === 0;
  for await (const entry of await opendir(folder.path, { bufferSize: NAMES_AT_ONCE })) {
    if (turns.isOver) await turns.next();
    if (!isVisible(entry.name, visible.dotfiles, isTop)) continue;
    if (visible.isReserved?.(join(folder.path, entry.name))) continue;
    if (isDoubtful(entry)) doubtful.push(entry.name);
    else if (entry.isFile() || entry.isDirectory()) {
      entries.push({ name: entry.name, isFolder: entry.isDirectory(), details: undefined });
    }
  }
  await eachOf(doubtful, LOOKUPS_AT_ONCE, async (name) => {
    if (turns.isOver) await turns.next();
    const entry = await follow(folder, name, visible);
    if (entry !== undefined) entries.push(entry);
  });
  return entries;
}

/** Looks up the details that are missing, and leaves out what has gone since its name was read. */
export async function withDetails(
  folder: ListedFolder,
  entries: readonly FolderEntry[],
  turns: Turns,
): Promise<(FolderEntry & { details: EntryDetails })[]> {
  const missing = entries.filter((entry) => entry.details === undefined);
  await eachOf(missing, LOOKUPS_AT_ONCE, async (entry) => {
    if (turns.isOver) await turns.next();
    try {
      // Not `stat`: a link may have taken its place, and that was not asked where it leads.
      const stats = await lstat(join(folder.path, entry.name));
      if (entry.isFolder ? stats.isDirectory() : stats.isFile()) {
        entry.details = { size: stats.size, modified: stats.mtimeMs };
      }
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
  });
  return entries.filter((entry): entry is FolderEntry & { details: EntryDetails } => {
    return entry.details !== undefined;
  });
}

/** Whether a request for the name would get anywhere: the rule is that of requests. */
function isVisible(name: string, dotfiles: boolean, isTop: boolean): boolean {
  if (isPartName(name)) return false;
  // RFC 8615 gives this one name its place.
  if (isTop && name === '.well-known') return true;
  try {
    return typeof decodeName(encodeURIComponent(name), dotfiles) === 'string';
  } catch {
    return false; // Half a surrogate pair, which Windows allows in names, has no UTF-8.
  }
}

/** A name that is not UTF-8 was read with U+FFFD in it, and there is no file of the name that came of it. */
const isDoubtful = (entry: Dirent): boolean => entry.isSymbolicLink() || entry.name.includes('\uFFFD');

async function follow(
  folder: ListedFolder,
  name: string,
  visible: VisibleNames,
): Promise<FolderEntry | undefined> {
  try {
    const path =
      visible.symlinks === 'anywhere'
        ? join(folder.path, name)
        : await realPathWithinRoot(folder.root, [...folder.names, name]);
    if (path === undefined) return undefined;
    const stats = await stat(path);
    if (!stats.isFile() && !stats.isDirectory()) return undefined;
    return { name, isFolder: stats.isDirectory(), details: { size: stats.size, modified: stats.mtimeMs } };
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'EPERM'].includes(code ?? '');
}
