/**
 * Writes uploads so that a reader sees the old content or the new, whole, and never something in between: into a new
 * file beside the target, onto the disk, and only then under its name. Whenever the process is killed, the file of that name
 * is whole. An incomplete upload has another name; see `part-name.ts`.
 */
import { type BigIntStats, constants, rmSync } from 'node:fs';
import { type FileHandle, link, lstat, open, realpath, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { HeldFolder } from '../lookup/held-folder.ts';
import { makePartName } from '../lookup/part-name.ts';
import { noteWrite } from '../own-writes.ts';
import { UploadRefusal } from './refusal.ts';

export interface StoreOptions {
  /** The largest content, in bytes. Default: no limit. */
  readonly maxOctets?: number;
  /**
   * Looks at the file that has the name now (`undefined`: none) and throws if it must not be replaced. It is called before
   * anything is written, to refuse early, and again when the file is about to get its name, which counts.
   */
  readonly check?: (current: BigIntStats | undefined) => void | Promise<void>;
}

export interface Stored {
  /** Whether there was a file before. */
  readonly replaced: boolean;
  readonly octets: number;
}

/** The real paths of the parts that this process is writing. */
const underWay = new Set<string>();

let removesAtExit = false;

/** A process that exits in the middle of uploads removes their parts. If it is killed, a later process sweeps them. */
function removeAtExit(): void {
  if (removesAtExit) return;
  removesAtExit = true;
  process.once('exit', () => {
    for (const part of underWay) {
      try {
        rmSync(part, { force: true });
      } catch {
        // A later process sweeps it.
      }
    }
  });
}

export const isUnderWay = (path: string): boolean => underWay.has(path);

/**
 * Stores `content` as `name` in `folder`. When it returns, the file is on the disk under its name; when it throws, nothing of
 * the upload is left.
 *
 * Stores of one name wait for each other only at the end, so the one that is complete last stays.
 *
 * @param folder held open by the caller, or a path.
 * @param name a file name and nothing more; see `decodeName`.
 * @throws what `check` throws; {@link UploadRefusal} for content that is too large; the error of the file system or of the
 *   content.
 */
export async function storeFile(
  folder: HeldFolder | string,
  name: string,
  content: AsyncIterable<Uint8Array>,
  options: StoreOptions = {},
): Promise<Stored> {
  if (typeof folder !== 'string') return store(folder, name, content, options);
  const held = await HeldFolder.open(await realpath(folder));
  try {
    return await store(held, name, content, options);
  } finally {
    await held.close();
  }
}

async function store(
  folder: HeldFolder,
  name: string,
  content: AsyncIterable<Uint8Array>,
  { maxOctets = Infinity, check }: StoreOptions,
): Promise<Stored> {
  const target = folder.at(name);
  await checkTarget(await statsOf(target), check);
  const partName = makePartName(name);
  const part = folder.at(partName);
  underWay.add(join(folder.path, partName));
  removeAtExit();
  try {
    // O_EXCL and O_NOFOLLOW: an existing file or link of this name is neither used nor followed.
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
    const handle = await open(part, flags, 0o666);
    try {
      const octets = await writePart(handle, content, maxOctets);
      const replaced = await inTurn(join(folder.path, name), () => nameFile(part, target, check));
      noteWrite();
      // A name is on the disk when its folder is.
      await folder.sync();
      return { replaced, octets };
    } catch (error) {
      // If this fails too, or the part has its name already, the first failure is still the one to report.
      await unlink(part).catch(() => {});
      throw error;
    }
  } finally {
    underWay.delete(join(folder.path, partName));
  }
}

/** Chunks of the content are put together up to this size: a write costs more than a copy. */
const COLLECTED_OCTETS = 64 * 1024;
/** A chunk of this size is worth a write of its own. */
const LARGE_OCTETS = 16 * 1024;

async function writePart(
  handle: FileHandle,
  content: AsyncIterable<Uint8Array>,
  maxOctets: number,
): Promise<number> {
  try {
    let collected: Buffer | undefined;
    let filled = 0;
    let position = 0;
    let received = 0;
    const flush = async (octets: Uint8Array) => {
      await writeFully(handle, octets, position);
      position += octets.length;
    };
    // One chunk at a time: the next is read when this one is written or copied, so the client waits for the disk.
    for await (const chunk of content) {
      received += chunk.length;
      if (received > maxOctets) throw new UploadRefusal(413, 'The file is too large for this server.');
      if (filled > 0 && filled + chunk.length > COLLECTED_OCTETS) {
        await flush(collected!.subarray(0, filled));
        filled = 0;
      }
      if (filled === 0 && chunk.length >= LARGE_OCTETS) {
        await flush(chunk);
        continue;
      }
      collected ??= Buffer.allocUnsafeSlow(COLLECTED_OCTETS);
      collected.set(chunk, filled);
      filled += chunk.length;
    }
    if (filled > 0) await flush(collected!.subarray(0, filled));
    // Otherwise a power cut may leave the name in place and no content.
    await handle.sync();
    return position;
  } finally {
    await handle.close();
  }
}

async function writeFully(handle: FileHandle, octets: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < octets.length; ) {
    const { bytesWritten } = await handle.write(octets, written, octets.length - written, position + written);
    written += bytesWritten;
  }
}

/** Gives a complete part its name. @returns whether that replaced a file. */
async function nameFile(part: string, target: string, check: StoreOptions['check']): Promise<boolean> {
  for (;;) {
    const current = await statsOf(target);
    await checkTarget(current, check);
    if (current !== undefined) {
      await rename(part, target);
      return true;
    }
    // A link can't replace anything, so a file that another process has made since then is not lost.
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
    // File systems without hard links: FAT, and some network file systems. Uploads of this process take turns here; a file
    // that another process makes at this instant would be replaced.
    if (!WITHOUT_LINKS.has(code ?? '')) throw error;
    await rename(part, target);
    return true;
  }
  // The file has its name. If the part's name stays, the next start sweeps it.
  await unlink(part).catch(() => {});
  return true;
}

const WITHOUT_LINKS: ReadonlySet<string> = new Set([
  ...['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK'],
]);

async function checkTarget(current: BigIntStats | undefined, check: StoreOptions['check']): Promise<void> {
  if (current?.isDirectory()) throw new UploadRefusal(409, 'A folder has this name.');
  // A link is replaced and not followed. A pipe or a device has some purpose.
  if (current !== undefined && !current.isFile() && !current.isSymbolicLink()) {
    throw new UploadRefusal(409, 'Something that is not a file has this name.');
  }
  await check?.(current);
}

async function statsOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const turns = new Map<string, Promise<unknown>>();

/** Runs `work` when all earlier work for the same path is done. */
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
