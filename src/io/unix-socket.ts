/** The file of a unix socket that is left of a server that has died. */
import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';

/**
 * Removes the file of a socket that nobody listens on any more.
 *
 * @returns false when somebody does, or when it is no socket, and nothing was removed.
 */
export async function removeStaleSocket(path: string): Promise<boolean> {
  const before = await lstat(path).catch(() => undefined);
  // It has gone in the meantime.
  if (before === undefined) return true;
  if (!before.isSocket() || !(await refusesConnections(path))) return false;
  // Another server may have taken the place while we were asking: that is not the file that we asked about.
  const after = await lstat(path).catch(() => undefined);
  if (after === undefined) return true;
  if (after.ino !== before.ino || after.ctimeMs !== before.ctimeMs) return false;
  await unlink(path);
  return true;
}

/** Only ECONNREFUSED says that nobody listens. With any other error somebody may. */
function refusesConnections(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
