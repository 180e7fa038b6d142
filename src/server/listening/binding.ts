/** From the options of `listen` to a socket that listens: at an address, on a descriptor, or where a supervisor has bound it. */
import { chmodSync } from 'node:fs';
import type { ListenOptions as NetListenOptions, Server as SocketServer } from 'node:net';
import { notSupported } from '../../fetch/errors.ts';
import { withFileMode } from '../../io/file-mode.ts';
import type { SocketAddress } from '../../io/socket-address.ts';
import { toSocketAddress } from '../../io/socket-address.ts';
import { removeStaleSocket } from '../../io/unix-socket.ts';
import { noteListening, takeInheritedSocket } from '../inherited-sockets.ts';
import type { ListenOptions } from '../options.ts';

export type BindOptions = ListenOptions & { readonly port?: number };

const DEFAULT_BACKLOG = 511;

/**
 * Has `server` listen. It may be closed meanwhile; then the promise stays pending.
 *
 * @param isWanted asked after a wait: a server that is to end must not begin.
 * @returns where it listens. Of a unix socket that we were not told the path of, the address is empty.
 * @throws {Error} with the system's `code`: EADDRINUSE, EACCES, EADDRNOTAVAIL.
 */
export async function bind(
  server: SocketServer,
  options: BindOptions,
  isWanted: () => boolean,
): Promise<SocketAddress> {
  const { path, mode, reusePort } = options;
  const inherited = takeInheritedSocket(options);
  const fd = inherited?.fd ?? options.fd;
  const where = {
    ...(fd === undefined ? addressIn(options) : { fd }),
    backlog: options.backlog ?? inherited?.backlog ?? DEFAULT_BACKLOG,
    ...(reusePort && { reusePort }),
  };
  // A descriptor has its file already; `mode` applies to a file that is created here.
  const newMode = fd === undefined ? mode : undefined;
  try {
    await listen(server, where, newMode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Where the platform can't, the draft has a name for it ("ServerOptions").
    if (reusePort && (code === 'ENOTSUP' || code === 'EINVAL'))
      throw notSupported('options.reusePort: not supported on this platform');
    // The file of a unix socket may be all that is left of a server that has died.
    const mayBeStale = code === 'EADDRINUSE' && fd === undefined && path !== undefined;
    if (!mayBeStale || !(await removeStaleSocket(path)) || !isWanted()) throw error;
    await listen(server, where, newMode);
  }
  if (path !== undefined && mode !== undefined) setMode(server, path, mode);
  if (inherited !== undefined) noteListening(inherited);
  const bound = server.address();
  return typeof bound === 'object' && bound !== null
    ? toSocketAddress(bound.address, bound.port)
    : { address: inherited?.path ?? path ?? '', port: 0, family: 'unix' };
}

function addressIn({
  path,
  port = 0,
  hostname = '0.0.0.0',
  ipv6Only = false,
}: BindOptions): NetListenOptions {
  if (path !== undefined) return { path };
  // As an IPv6 address is written in a URL (RFC 3986 §3.2.2).
  const host = /^\[.*\]$/.test(hostname) ? hostname.slice(1, -1) : hostname;
  return { port, host, ipv6Only };
}

function listen(server: SocketServer, where: NetListenOptions, mode: number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onListening = (): void => {
      server.off('error', onError);
      resolve();
    };
    const onError = (error: Error): void => {
      server.off('listening', onListening);
      reject(error);
    };
    server.once('listening', onListening);
    server.once('error', onError);
    withFileMode(mode, () => server.listen(where));
  });
}

function setMode(server: SocketServer, path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    server.close();
    throw error;
  }
}
