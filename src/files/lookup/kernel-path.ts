/**
 * Where an open file is, as the kernel says. A path can lead elsewhere by the time that it is opened: a program that may
 * write below the root can exchange a folder for a link at any moment. An open file stays the same file, so its own path is
 * the one to check. Linux tells it in /proc/self/fd, without any access to the disk.
 */
import { closeSync, constants, existsSync, fstat, open, readlinkSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';
import { fileState, type Place } from '../resource/file-state.ts';

const FOLDER = '/proc/self/fd';

/** Whether this system tells the path of an open file. */
export const HAS_KERNEL_PATHS = process.platform === 'linux' && existsSync(FOLDER);

/** Opens nothing but the place: no permission to read is needed, and a pipe does not block. Node has no name for it. */
const O_PATH = 0o10000000;

/** The path of an open file; `undefined` where the system does not tell. */
export function kernelPath(fd: number): string | undefined {
  if (!HAS_KERNEL_PATHS) return undefined;
  try {
    return readlinkSync(pathByHandle(fd));
  } catch {
    return undefined;
  }
}

/** A path that leads to the open file or folder itself, wherever that has been moved. */
export const pathByHandle = (fd: number): string => `${FOLDER}/${fd}`;

const openFd = promisify(open);
const statFd = promisify(fstat);

/**
 * The file or folder at a path, with all links followed. Its path and its state are those of one and the same file, where
 * the kernel tells paths. `undefined` for pipes, sockets and devices.
 *
 * @throws the error of the file system if there is nothing (`ENOENT`, …) or if it does not let us look (`EACCES`, …).
 */
export async function placeAt(path: string): Promise<Place | undefined> {
  if (!HAS_KERNEL_PATHS) return placeByPath(await realpath(path));
  const seen = Date.now();
  const fd = await openFd(path, O_PATH);
  try {
    const stats = await statFd(fd, { bigint: true });
    const kind = kindOf(stats);
    return kind && { path: kernelPath(fd) ?? (await realpath(path)), kind, state: fileState(stats, seen) };
  } finally {
    // Closing what was opened with O_PATH can't block.
    closeSync(fd);
  }
}

async function placeByPath(path: string): Promise<Place | undefined> {
  const seen = Date.now();
  const stats = await stat(path, { bigint: true });
  const kind = kindOf(stats);
  return kind && { path, kind, state: fileState(stats, seen) };
}

function kindOf(stats: { isFile(): boolean; isDirectory(): boolean }): Place['kind'] | undefined {
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : undefined;
}

/** The real path of a folder, by the same names that the paths of files in it have. */
export async function realFolder(path: string): Promise<string> {
  if (!HAS_KERNEL_PATHS) return realpath(path);
  const fd = await openFd(path, O_PATH | (constants.O_DIRECTORY ?? 0));
  try {
    return kernelPath(fd) ?? (await realpath(path));
  } finally {
    closeSync(fd);
  }
}
