/** The served folder. It is the only way from names to open files, and nothing outside it is found, opened or held. */
import { constants } from 'node:fs';
import { access, type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { IsReserved, Symlinks } from '../options.ts';
import { type FileState, fileState, type Place } from '../resource/file-state.ts';
import { HeldFolder } from './held-folder.ts';
import { kernelPath, placeAt, realFolder } from './kernel-path.ts';
import { isWithin } from './path-within-root.ts';

/** An open file, and its state after it was opened. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly state: FileState;
}

/** For how long, in milliseconds, the real path of the root is used without looking again: the root may be a link. */
const ROOT_VALID_MS = 100;

/** O_NOFOLLOW: the path was real when it was looked up. O_NONBLOCK: opening a named pipe would wait forever. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export class Root {
  readonly path: string;
  readonly #followAnywhere: boolean;
  readonly #isReserved: IsReserved;
  #real: Promise<string> | undefined;
  #realSince = 0;

  constructor(path: string, symlinks: Symlinks, isReserved: IsReserved = () => false) {
    this.path = path;
    this.#followAnywhere = symlinks === 'anywhere';
    this.#isReserved = isReserved;
  }

  /**
   * The file or folder of these names, all links followed. `undefined` if there is none, if a link leads out of the root
   * and may not, if it is reserved, and for pipes, sockets and devices, which are not content.
   *
   * @throws the error of the file system if it does not let us look (`EACCES`, `EMFILE`, …).
   */
  async find(names: readonly string[]): Promise<Place | undefined> {
    try {
      return await this.#placeAt(join(await this.#realRoot(), ...names));
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  /** The entry of a folder; see {@link find}. */
  async findIn(folder: HeldFolder, name: string): Promise<Place | undefined> {
    try {
      return await this.#placeAt(folder.at(name));
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  /** The file beside another one whose name has `suffix` at its end. `undefined` if it can't be read. */
  async findBeside(place: Place, suffix: string): Promise<Place | undefined> {
    try {
      const beside = await this.#placeAt(place.path + suffix);
      if (beside?.kind !== 'file') return undefined;
      await access(beside.path, constants.R_OK);
      return beside;
    } catch {
      return undefined;
    }
  }

  async #placeAt(path: string): Promise<Place | undefined> {
    const place = await placeAt(path);
    if (place === undefined || !(await this.#holds(place.path))) return undefined;
    return this.#isReserved(place.path, place.state.file) ? undefined : place;
  }

  /**
   * Opens a file that was found. Its state comes from the open file: another one may have taken the path since, and
   * {@link FileState.file} tells which one it is.
   *
   * @returns `undefined` if it is gone, or is not below the root: a folder on the way may have been exchanged for a link.
   */
  async open(path: string): Promise<OpenFile | undefined> {
    let handle: FileHandle;
    try {
      handle = await open(path, FLAGS);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
    try {
      const seen = Date.now();
      const stats = await handle.stat({ bigint: true });
      const state = fileState(stats, seen);
      if (stats.isFile() && (await this.#isAllowed(path, handle.fd, state))) return { handle, state };
    } catch (error) {
      await handle.close();
      if (isAbsence(error)) return undefined;
      throw error;
    }
    await handle.close();
    return undefined;
  }

  /** Holds a folder that was found; see {@link open}. The caller closes it. */
  async hold({ path, state }: Place): Promise<HeldFolder | undefined> {
    let folder: HeldFolder;
    try {
      folder = await HeldFolder.open(path);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
    try {
      if (folder.handle === undefined) return folder;
      const found = await stateOf(folder.handle);
      if (found.file === state.file && (await this.#isAllowed(path, folder.handle.fd, found))) return folder;
    } catch (error) {
      await folder.close();
      throw error;
    }
    await folder.close();
    return undefined;
  }

  /** Whether a folder that is held is still below the root, as far as the system tells. */
  async stillHolds(folder: HeldFolder): Promise<boolean> {
    const path = folder.currentPath;
    return path === undefined || this.#holds(path);
  }

  /** Whether what is open may be read, whatever its path leads to by now. */
  async #isAllowed(path: string, fd: number, { file }: FileState): Promise<boolean> {
    const current = kernelPath(fd);
    if (current !== undefined) return (await this.#holds(current)) && !this.#isReserved(current, file);
    // Without the kernel's word, the path is looked at again. A program that exchanges folders at the right moments, before
    // the opening and behind it, is not noticed.
    const place = await placeAt(path);
    return place?.state.file === file && (this.#followAnywhere || place.path === path);
  }

  async #holds(path: string): Promise<boolean> {
    return this.#followAnywhere || isWithin(await this.#realRoot(), path);
  }

  #realRoot(): Promise<string> {
    const now = performance.now();
    if (this.#real === undefined || now - this.#realSince > ROOT_VALID_MS) {
      this.#realSince = now;
      this.#real = realFolder(this.path);
    }
    return this.#real;
  }
}

/** The state of an open file. */
export async function stateOf(handle: FileHandle): Promise<FileState> {
  const seen = Date.now();
  return fileState(await handle.stat({ bigint: true }), seen);
}

/**
 * The content of a file, as long as it was when it was opened, and its state afterwards: the same, if nothing has happened to
 * it. `undefined` if it has become shorter, or has more than `most` bytes. Closes the file.
 */
export async function contentOf(
  { handle, state }: OpenFile,
  most: number,
): Promise<{ octets: Buffer; state: FileState } | undefined> {
  try {
    if (state.size > most) return undefined;
    // Not from the pool that small buffers share: all of it would stay in memory with them.
    const octets = Buffer.allocUnsafeSlow(state.size);
    for (let position = 0; position < octets.length; ) {
      const { bytesRead } = await handle.read(octets, position, octets.length - position, position);
      if (bytesRead === 0) return undefined;
      position += bytesRead;
    }
    return { octets, state: await stateOf(handle) };
  } finally {
    await handle.close();
  }
}

/**
 * The last three say that this file system can't have such a name, or that it is none of a file: APFS takes no unassigned code
 * points, exFAT no `?`.
 */
const ABSENCES: ReadonlySet<unknown> = new Set([
  ...['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ENXIO', 'EILSEQ', 'EINVAL'],
]);

function isAbsence(error: unknown): boolean {
  return ABSENCES.has((error as NodeJS.ErrnoException).code);
}
