/** Removes what uploads have left behind in processes that were killed. */
import { lstat, opendir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { type PartOwner, PLACE, partOwner } from '../lookup/part-name.ts';
import { Turns } from '../turns.ts';
import { isUnderWay } from './store-file.ts';

/** No upload stands still for so long: whoever wrote to it last, elsewhere or under a process id that is in use again. */
const MOST_AGE_MS = 24 * 60 * 60 * 1000;

/**
 * Goes through all folders below `root`, without following links, and removes the parts that nobody is writing any more:
 * their process, on this very machine, is gone; or they have not been touched for a day.
 *
 * @param root a real path.
 * @param dotfiles whether to look into folders whose name begins with a dot.
 * @returns how many parts were removed. What can't be read or removed is left alone.
 */
export async function sweepParts(root: string, dotfiles: boolean): Promise<number> {
  const turns = new Turns();
  const folders = [root];
  let removed = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for await (const entry of await opendir(folder)) {
        if (turns.isOver) await turns.next();
        const path = join(folder, entry.name);
        if (entry.isDirectory() && (dotfiles || !entry.name.startsWith('.'))) folders.push(path);
        const owner = entry.isFile() ? partOwner(entry.name) : undefined;
        if (owner === undefined || !(await isLeftOver(path, owner))) continue;
        await unlink(path);
        removed++;
      }
    } catch {
      // Unreadable, or gone meanwhile: no reason to leave the others.
    }
  }
  return removed;
}

async function isLeftOver(path: string, { place, pid }: PartOwner): Promise<boolean> {
  if (isUnderWay(path)) return false;
  const isHere = place === PLACE;
  if (isHere && !isAlive(pid)) return true;
  const { mtimeMs } = await lstat(path);
  // Process 1 of a container that was started again is another one with the same id. What has been touched since, another
  // thread is writing.
  const mayBe = isHere && pid === process.pid ? process.uptime() * 1000 : MOST_AGE_MS;
  return Date.now() - mtimeMs > mayBe;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
