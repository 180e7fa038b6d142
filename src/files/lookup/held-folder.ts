/** A folder that is held open, so that names are looked up in the very folder that was checked. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { HAS_KERNEL_PATHS, kernelPath, pathByHandle } from './kernel-path.ts';

const FLAGS = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

export class HeldFolder {
  /** Its real path when it was opened. */
  readonly path: string;
  /** `undefined` on Windows, where folders can't be opened. */
  readonly handle: FileHandle | undefined;

  private constructor(path: string, handle: FileHandle | undefined) {
    this.path = path;
    this.handle = handle;
  }

  /**
   * @param path a real path.
   * @throws the error of the file system: `ENOTDIR` or `ELOOP` for what is no folder.
   */
  static async open(path: string): Promise<HeldFolder> {
    return new HeldFolder(path, process.platform === 'win32' ? undefined : await open(path, FLAGS));
  }

  /** Where the folder is now; `undefined` where the system does not tell. */
  get currentPath(): string | undefined {
    return this.handle && kernelPath(this.handle.fd);
  }

  /** The path of a name in this folder. On Linux it leads there even if another folder has got this one's path. */
  at(name: string): string {
    const { handle } = this;
    return join(handle !== undefined && HAS_KERNEL_PATHS ? pathByHandle(handle.fd) : this.path, name);
  }

  /** Brings the names in it to the disk. */
  async sync(): Promise<void> {
    try {
      await this.handle?.sync();
    } catch (error) {
      // Some network file systems can't do that.
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
    }
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }
}
