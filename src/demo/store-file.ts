/**
 * Writes uploads so that a reader sees the old content or the new, whole, and never something in between: into a new
 * file beside the target, onto the disk, and only then under its name.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, lstat, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface Stored {
  readonly replaced: boolean;
  readonly octets: number;
}

/**
 * Stores `content` as `name` in `directory`. When anything fails, the upload included, nothing of it is left behind.
 *
 * @param name a file name and nothing more; see `decodeName`.
 */
export async function storeFile(
  directory: string,
  name: string,
  content: ReadableStream<Uint8Array> | null,
): Promise<Stored> {
  const target = join(directory, name);
  // It begins with a dot, so no request can name it, and `wx` (O_EXCL) never follows a link somebody laid out.
  const temporary = join(directory, `.${randomUUID()}.upload`);
  const handle = await open(temporary, 'wx');
  try {
    let octets: number;
    try {
      octets = content === null ? 0 : await writeAll(handle, content);
      // Without it a power cut may leave the name in place with nothing behind it.
      await handle.sync();
    } finally {
      await handle.close();
    }
    const replaced = await exists(target);
    await rename(temporary, target);
    return { replaced, octets };
  } catch (error) {
    // If that fails too, the first failure is still the one to tell.
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** One chunk at a time: the next is asked for when the last is written, and so the client waits for the disk. */
async function writeAll(handle: FileHandle, content: ReadableStream<Uint8Array>): Promise<number> {
  const reader = content.getReader();
  let position = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return position;
      for (let written = 0; written < value.length; ) {
        const { bytesWritten } = await handle.write(value, written, value.length - written, position);
        written += bytesWritten;
        position += bytesWritten;
      }
    }
  } catch (error) {
    // The disk may have failed while the client still sends: say that nobody reads on. It may also be the client's
    // failure, and then there is nothing left to cancel.
    await reader.cancel(error).catch(() => {});
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
