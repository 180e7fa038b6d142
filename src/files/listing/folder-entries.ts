/** The entries of a folder, as far as visitors may see them. */
import type { Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeldFolder } from '../lookup/held-folder.ts';
import { isPartName } from '../lookup/part-name.ts';
import { decodeName } from '../lookup/path-within-root.ts';
import type { Root } from '../lookup/root.ts';
import type { IsReserved } from '../options.ts';
import { eachOf, type Turns } from '../turns.ts';

/** A folder below the root that is held open. */
export interface OpenFolder {
  readonly held: HeldFolder;
  readonly root: Root;
  /** Whether it is the root itself. */
  readonly isTop: boolean;
}

export interface VisibleNames {
  readonly dotfiles: boolean;
  /** Which files are left out. @default none */
  readonly isReserved?: IsReserved;
}

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** Looked up when it is needed: a page shows only some of the entries. */
  details: EntryDetails | undefined;
}

export interface EntryDetails {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds of Unix time. */
  readonly modified: number;
}

/** How many entries the file system is asked about at once, for one listing. */
const LOOKUPS_AT_ONCE = 16;
const NAMES_AT_ONCE = 256;

/**
 * The files and folders in a folder, in no order. What could not be requested is left out: hidden names, names that no URL can
 * have, links that lead nowhere or out of the root, pipes, sockets and devices.
 *
 * @throws the error of the file system if the folder can't be read.
 */
export async function readEntries(
  folder: OpenFolder,
  visible: VisibleNames,
  turns: Turns,
): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  const doubtful: string[] = [];
  for await (const entry of await opendir(folder.held.at(''), { bufferSize: NAMES_AT_ONCE })) {
    if (turns.isOver) await turns.next();
    if (!isVisible(entry.name, visible.dotfiles, folder.isTop)) continue;
    if (visible.isReserved?.(join(folder.held.path, entry.name))) continue;
    if (isDoubtful(entry)) doubtful.push(entry.name);
    else if (entry.isFile() || entry.isDirectory()) {
      entries.push({ name: entry.name, isFolder: entry.isDirectory(), details: undefined });
    }
  }
  await eachOf(doubtful, LOOKUPS_AT_ONCE, async (name) => {
    if (turns.isOver) await turns.next();
    const entry = await follow(folder, name);
    if (entry !== undefined) entries.push(entry);
  });
  return entries;
}

/** Looks up missing details. Entries that have disappeared since their names were read are left out. */
export async function withDetails(
  folder: OpenFolder,
  entries: readonly FolderEntry[],
  turns: Turns,
): Promise<(FolderEntry & { details: EntryDetails })[]> {
  const missing = entries.filter((entry) => entry.details === undefined);
  await eachOf(missing, LOOKUPS_AT_ONCE, async (entry) => {
    if (turns.isOver) await turns.next();
    try {
      // Not `stat`: a link may have taken its place, and may lead out of the root.
      const stats = await lstat(folder.held.at(entry.name));
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

/** Whether the name can be requested. */
function isVisible(name: string, dotfiles: boolean, isTop: boolean): boolean {
  if (isPartName(name)) return false;
  // RFC 8615 reserves this name at the root.
  if (isTop && name === '.well-known') return true;
  try {
    return typeof decodeName(encodeURIComponent(name), dotfiles) === 'string';
  } catch {
    return false; // A lone surrogate, which Windows allows in names, has no UTF-8 form.
  }
}

/** A name that is not UTF-8 was read with U+FFFD in it, and no file has the resulting name. */
const isDoubtful = (entry: Dirent): boolean => entry.isSymbolicLink() || entry.name.includes('\uFFFD');

async function follow({ root, held }: OpenFolder, name: string): Promise<FolderEntry | undefined> {
  try {
    const place = await root.findIn(held, name);
    if (place === undefined) return undefined;
    const details = { size: place.state.size, modified: Number(place.state.modified / 1_000_000n) };
    return { name, isFolder: place.kind === 'folder', details };
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'EPERM'].includes(code ?? '');
}
