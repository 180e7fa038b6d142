/**
 * Writes uploads so that a reader sees the old content or the new, whole, and never something in between: into a new
 * file beside the target, onto the disk, and only then under its name. Whenever the process is killed, what is under the
 * name is whole; what it leaves behind has a name of its own, see `part-name.ts`.
 */
import { type BigIntStats, constants, rmSync } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { makePartName } from '../lookup/part-name.ts';
import { noteWrite } from '../own-writes.ts';
import { UploadRefusal } from './refusal.ts';

export interface StoreOptions {
  /** The most octets the file may have. Default: any number. */
  readonly maxOctets?: number;
  /**
   * Looks at what has the name now (`undefined`: nothing) and throws if it must not be replaced. It is asked before
   * anything is written, to refuse early, and again when the file is about to get its name, which is what counts.
   */
  readonly check?: (current: BigIntStats | undefined) => void;
}

export interface Stored {
  /** Whether there was a file before. */
  readonly replaced: boolean;
  readonly octets: number;
}

/** The real paths of the parts that this process is writing. */
const underWay = new Set<string>();

let takesThemAlong = false;

/** A process that ends by itself in the middle of uploads takes their parts with it; if it is killed, they are swept later. */
function takeThemAlong(): void {
  if (takesThemAlong) return;
  takesThemAlong = true;
  process.once('exit', () => {
    for (const part of underWay) {
      try {
        rmSync(part, { force: true });
      } catch {
        // Then it is swept as well.
      }
    }
  });
}

export const isUnderWay = (path: string): boolean => underWay.has(path);

/**
 * Stores `content` as `name` in `folder`. When it has returned, the file is on the disk under its name; when it throws,
 * nothing of the upload is left.
 *
 * Stores of one name wait for each other only at the end, so the last to be complete is the one that stays.
 *
 * @param folder a real path.
 * @param name a file name and nothing more; see `decodeName`.
 * @throws what `check` throws; {@link UploadRefusal} for content that is too large; what the file system or the content
 *   says.
 */
export async function storeFile(
  folder: string,
  name: string,
  content: AsyncIterable<Uint8Array>,
  { maxOctets = Infinity, check }: StoreOptions = {},
): Promise<Stored> {
  const target = join(folder, name);
  checkTarget(await statsOf(target), check);
  const part = join(folder, makePartName(name));
  underWay.add(part);
  takeThemAlong();
  try {
    // O_EXCL and O_NOFOLLOW: whatever somebody laid out under that name is neither used nor followed.
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
    const handle = await open(part, flags, 0o666);
    try {
      const octets = await writePart(handle, content, maxOctets);
      // Before the file has its name, so that a folder which can't be opened leaves nothing.
      const folderHandle = await openFolder(folder);
      try {
        const replaced = await inTurn(target, () => nameFile(part, target, check));
        noteWrite();
        await syncFolder(folderHandle);
        return { replaced, octets };
      } finally {
        await folderHandle?.close();
      }
    } catch (error) {
      // If that fails too, or it has been renamed already, the first failure is still the one to tell.
      await unlink(part).catch(() => {});
      throw error;
    }
  } finally {
    underWay.delete(part);
  }
}

async function writePart(
  handle: FileHandle,
  content: AsyncIterable<Uint8Array>,
  maxOctets: number,
): Promise<number> {
  try {
    let position = 0;
    // One chunk at a time: the next is asked for when the last is written, and so the client waits for the disk.
    for await (const chunk of content) {
      if (position + chunk.length > maxOctets)
        throw new UploadRefusal(413, 'The file is too large for this server.');
      for (let written = 0; written < chunk.length; ) {
        const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, position);
        written += bytesWritten;
        position += bytesWritten;
      }
    }
    // Without it a power cut may leave the name in place with nothing behind it.
    await handle.sync();
    return position;
  } finally {
    await handle.close();
  }
}

/** Gives a complete part its name. @returns whether that replaced a file. */
async function nameFile(part: string, target: string, check: StoreOptions['check']): Promise<boolean> {
  for (;;) {
    const current = await statsOf(target);
    checkTarget(current, check);
    if (current !== undefined) {
      await rename(part, target);
      return true;
    }
    // A link can't replace anything, so that a file which somebody else has made since is seen and not lost.
    if (await linkNew(part, target)) return false;
  }
}

/** @returns false if the name has been taken. */
async function linkNew(part: string, target: string): Promise<boolean> {
  try {
    await link(part, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without hard links (FAT, some that come over a network). Uploads of this process are in turn here; a
    // file that another process makes in this instant would be replaced.
    if (!WITHOUT_LINKS.has(code ?? '')) throw error;
    await rename(part, target);
    return true;
  }
  // The file has its name. If it keeps the other one, too, the next start sweeps that.
  await unlink(part).catch(() => {});
  return true;
}

const WITHOUT_LINKS: ReadonlySet<string> = new Set([
  ...['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK'],
]);

function checkTarget(current: BigIntStats | undefined, check: StoreOptions['check']): void {
  if (current?.isDirectory()) throw new UploadRefusal(409, 'A folder has this name.');
  // A link is replaced and not followed; a pipe or a device is there for some purpose.
  if (current !== undefined && !current.isFile() && !current.isSymbolicLink()) {
    throw new UploadRefusal(409, 'Something that is not a file has this name.');
  }
  check?.(current);
}

async function statsOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** `undefined` on Windows, where folders can't be opened. */
async function openFolder(folder: string): Promise<FileHandle | undefined> {
  return process.platform === 'win32' ? undefined : open(folder, constants.O_RDONLY);
}

/** A name is on the disk when its folder is. */
async function syncFolder(handle: FileHandle | undefined): Promise<void> {
  try {
    await handle?.sync();
  } catch (error) {
    // Some file systems that come over a network have no such thing.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  }
}

const turns = new Map<string, Promise<unknown>>();

/** Runs `work` when all that came before it for the same path is done. */
async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(path) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(path, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(path) === mine) turns.delete(path);
  }
}
