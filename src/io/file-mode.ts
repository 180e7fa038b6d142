import process from 'node:process';

/**
 * Calls `create`, which synchronously creates a file, so that the file never has other permissions than `mode`: `chmod` afterwards
 * would leave a moment in which anyone may open it.
 *
 * Only the main thread can set the umask. In other threads, and on Windows, the caller's `chmod` has to do.
 */
export function withFileMode<T>(mode: number | undefined, create: () => T): T {
  if (mode === undefined) return create();
  let before: number;
  try {
    before = process.umask(~mode & 0o777);
  } catch {
    // ERR_WORKER_UNSUPPORTED_OPERATION
    return create();
  }
  try {
    return create();
  } finally {
    process.umask(before);
  }
}
