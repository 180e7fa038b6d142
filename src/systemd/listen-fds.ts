/** Sockets passed by systemd: sd_listen_fds(3). */
import process from 'node:process';
import { refusal } from '../options/checks.ts';

export interface ListenFd {
  /** For `listen({ fd })`. */
  readonly fd: number;
  /** The value of `FileDescriptorName=`, or `unknown` without one. */
  readonly name: string;
}

/** The first descriptor after stdin, stdout and stderr. */
const LISTEN_FDS_START = 3;

/**
 * The listening sockets that the service manager passed to this process, in the order of its unit files. The `.socket` unit
 * needs `Accept=no`. Empty if there are none, or if they were passed to another process.
 *
 * ```ts
 * for (const { fd } of listenFds()) await server.listen({ fd });
 * ```
 *
 * @throws {RangeError} for an invalid LISTEN_FDS.
 */
export function listenFds(
  env: Readonly<Record<string, string | undefined>> = process.env,
  pid = process.pid,
): ListenFd[] {
  // A child process inherits the variables of its parent, but not the descriptors.
  if (env['LISTEN_PID'] !== String(pid)) return [];
  const text = env['LISTEN_FDS'] ?? '0';
  const count = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(count)) throw new RangeError(refusal('LISTEN_FDS', 'a number of descriptors', text));
  const names = (env['LISTEN_FDNAMES'] ?? '').split(':');
  return Array.from({ length: count }, (_, index) => ({
    fd: LISTEN_FDS_START + index,
    name: names[index] || 'unknown',
  }));
}
