/** Sockets that systemd has opened for us: sd_listen_fds(3). */
import process from 'node:process';

export interface ListenFd {
  /** To be given to `listen({ fd })`. */
  readonly fd: number;
  /** What `FileDescriptorName=` calls it; `unknown` where nothing does. */
  readonly name: string;
}

/** The first descriptor behind stdin, stdout and stderr. */
const LISTEN_FDS_START = 3;

/**
 * The listening sockets that the service manager hands to this process, in the order of its unit files: with
 * `Accept=no` in the `.socket` unit. Empty when there are none, or when they were meant for another process.
 *
 * ```ts
 * for (const { fd } of listenFds()) await server.listen({ fd });
 * ```
 *
 * @throws {RangeError} for a LISTEN_FDS that is no number of descriptors.
 */
export function listenFds(env: NodeJS.ProcessEnv = process.env, pid = process.pid): ListenFd[] {
  // What was meant for our parent is not ours: variables are inherited, and descriptors are not.
  if (env['LISTEN_PID'] !== String(pid)) return [];
  const text = env['LISTEN_FDS'] ?? '0';
  const count = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(count))
    throw new RangeError(`LISTEN_FDS: not a number of descriptors: ${JSON.stringify(text)}`);
  const names = (env['LISTEN_FDNAMES'] ?? '').split(':');
  return Array.from({ length: count }, (_, index) => ({
    fd: LISTEN_FDS_START + index,
    name: names[index] || 'unknown',
  }));
}
