/** New folders, and the removal of files and of empty folders: in the very folder that is held, whatever its path leads to. */
import type { BigIntStats } from 'node:fs';
import { lstat, mkdir, rmdir, unlink } from 'node:fs/promises';
import type { HeldFolder } from '../lookup/held-folder.ts';
import { noteWrite } from '../own-writes.ts';
import { entryMissing, folderNotEmpty, nameTaken } from './refusal.ts';

/** @returns `undefined` if nothing has the name. */
export async function entryStats(folder: HeldFolder, name: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(folder.at(name), { bigint: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Makes a folder, which is on the disk then.
 *
 * @returns false if there was a folder of this name already.
 * @throws {UploadRefusal} if something else has the name; the error of the file system.
 */
export async function makeFolder(folder: HeldFolder, name: string): Promise<boolean> {
  try {
    await mkdir(folder.at(name));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    // A link is not followed: it may lead out of the root.
    if ((await entryStats(folder, name))?.isDirectory()) return false;
    throw nameTaken();
  }
  noteWrite();
  await folder.sync();
  return true;
}

/**
 * Removes a file, a link or an empty folder. What a link leads to stays.
 *
 * @param isDirectory what it was found to be. If it has become something else, the file system refuses.
 * @throws {UploadRefusal} if it is gone, or is not empty; the error of the file system.
 */
export async function removeEntry(folder: HeldFolder, name: string, isDirectory: boolean): Promise<void> {
  try {
    await (isDirectory ? rmdir : unlink)(folder.at(name));
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        throw entryMissing();
      // POSIX allows either code.
      case 'ENOTEMPTY':
      case 'EEXIST':
        throw folderNotEmpty();
    }
    throw error;
  }
  noteWrite();
  await folder.sync();
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
