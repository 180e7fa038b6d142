/** Removes the parts of uploads that processes have left when they were killed. */
import { lstat, opendir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { HeldFolder } from '../lookup/held-folder.ts';
import { type PartOwner, PLACE, partOwner } from '../lookup/part-name.ts';
import { isWithin } from '../lookup/path-within-root.ts';
import { Turns } from '../turns.ts';
import { isUnderWay } from './store-file.ts';

/** No upload pauses for so long. An older part is left over, even if its process is on another machine or its id in use. */
const MOST_AGE_MS = 24 * 60 * 60 * 1000;

/**
 * Goes through all folders below `root`, without following links, and removes the parts that no process is writing any more:
 * their process was on this machine and is gone, or they have not been written to for a day.
 *
 * @param root a real path.
 * @param dotfiles whether to look into folders whose name begins with a dot.
 * @returns how many parts were removed. Parts that can't be read or removed are left.
 */
export async function sweepParts(root: string, dotfiles: boolean): Promise<number> {
  const turns = new Turns();
  const folders = [root];
  let removed = 0;
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    let folder: HeldFolder | undefined;
    try {
      folder = await HeldFolder.open(path);
      // A folder above may have been exchanged for a link since its name was read.
      if (!isWithin(root, folder.currentPath ?? path)) continue;
      for await (const entry of await opendir(folder.at(''))) {
        if (turns.isOver) await turns.next();
        const entryPath = join(path, entry.name);
        if (entry.isDirectory() && (dotfiles || !entry.name.startsWith('.'))) folders.push(entryPath);
        const owner = entry.isFile() ? partOwner(entry.name) : undefined;
        if (owner === undefined || isUnderWay(entryPath)) continue;
        if (!(await isLeftOver(folder.at(entry.name), owner))) continue;
        await unlink(folder.at(entry.name));
        removed++;
      }
    } catch {
      // Unreadable, or gone by now: no reason to leave the others.
    } finally {
      await folder?.close();
    }
  }
  return removed;
}

async function isLeftOver(path: string, { place, pid }: PartOwner): Promise<boolean> {
  const isHere = place === PLACE;
  if (isHere && !isAlive(pid)) return true;
  const { mtimeMs } = await lstat(path);
  // Process 1 of a container that was started again has the id of the one before. If the part was written to since then,
  // another thread is writing it.
  const mayBe = isHere && pid === process.pid ? process.uptime() * 1000 : MOST_AGE_MS;
  return Date.now() - mtimeMs > mayBe;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists, and is another user's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
