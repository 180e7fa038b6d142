/** The folder that is served, and the only way from names to open files. */
import { constants } from 'node:fs';
import { access, type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Symlinks } from '../options.ts';
import { type FileState, fileState, type Place } from '../resource/file-state.ts';
import { isWithin } from './path-within-root.ts';

/** A file that is open, and what it was when it had been opened. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly state: FileState;
}

/** How long, in milliseconds, it is relied on where the root leads, should it be a link. */
const ROOT_VALID_MS = 100;

/** O_NOFOLLOW: the path was real when it was looked up. O_NONBLOCK: opening a named pipe would wait for ever. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export class Root {
  readonly #root: string;
  readonly #followAnywhere: boolean;
  readonly #isReserved: (path: string) => boolean;
  #real: Promise<string> | undefined;
  #realSince = 0;

  constructor(root: string, symlinks: Symlinks, isReserved: (path: string) => boolean = () => false) {
    this.#root = root;
    this.#followAnywhere = symlinks === 'anywhere';
    this.#isReserved = isReserved;
  }

  /**
   * The file or folder of these names, all links followed. `undefined` if there is nothing, if a link leads out of the root
   * and may not, for what is reserved, and for pipes, sockets and devices, which are not content.
   *
   * @throws what the file system says if it does not let us look (`EACCES`, `EMFILE`, …).
   */
  async find(names: readonly string[]): Promise<Place | undefined> {
    try {
      return await this.#placeAt(join(await this.#realRoot(), ...names));
    } catch (error) {
      if (saysNothingThere(error)) return undefined;
      throw error;
    }
  }

  /** The file beside one that was found whose name has `suffix` besides. One that we may not read is none. */
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
    const real = await realpath(path);
    if (!this.#followAnywhere && !isWithin(await this.#realRoot(), real)) return undefined;
    return this.#isReserved(real) ? undefined : placeAt(real);
  }

  /**
   * Opens a file that was found. What is said of it comes from the open file: the one that was looked up may have been
   * replaced since, and {@link FileState.file} tells.
   *
   * @returns `undefined` if it is no longer there, or no longer where it was: a folder on the way may have been exchanged
   *   for a link that leads out of the root, between the look at the path and the opening. So the path is looked at again,
   *   and what it leads to has to be the file that is open.
   */
  async open(path: string): Promise<OpenFile | undefined> {
    let handle: FileHandle;
    try {
      handle = await open(path, FLAGS);
    } catch (error) {
      if (saysNothingThere(error)) return undefined;
      throw error;
    }
    try {
      const state = await stateOf(handle);
      if (await this.#isStillAt(path, state.file)) return { handle, state };
    } catch (error) {
      await handle.close();
      if (saysNothingThere(error)) return undefined;
      throw error;
    }
    await handle.close();
    return undefined;
  }

  async #isStillAt(path: string, file: string): Promise<boolean> {
    if (!this.#followAnywhere && (await realpath(path)) !== path) return false;
    const place = await placeAt(path);
    return place?.kind === 'file' && place.state.file === file;
  }

  #realRoot(): Promise<string> {
    const now = performance.now();
    if (this.#real === undefined || now - this.#realSince > ROOT_VALID_MS) {
      this.#realSince = now;
      this.#real = realpath(this.#root);
    }
    return this.#real;
  }
}

/** The state of an open file. */
export async function stateOf(handle: FileHandle): Promise<FileState> {
  const seen = Date.now();
  return fileState(await handle.stat({ bigint: true }), seen);
}

async function placeAt(path: string): Promise<Place | undefined> {
  const seen = Date.now();
  const stats = await stat(path, { bigint: true });
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : undefined;
  return kind === undefined ? undefined : { path, kind, state: fileState(stats, seen) };
}

/** The last two say that there can be no such name on this file system: APFS takes no unassigned code points, exFAT no `?`. */
const NOTHING_THERE: ReadonlySet<unknown> = new Set([
  ...['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ENXIO', 'EILSEQ', 'EINVAL'],
]);

function saysNothingThere(error: unknown): boolean {
  return NOTHING_THERE.has((error as NodeJS.ErrnoException).code);
}
