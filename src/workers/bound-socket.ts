/**
 * Sockets that are bound but never accepted from. A supervisor passes them to its workers.
 *
 * Before `net.BoundSocket` of Node 26, `node:net` has no public way to bind without listening. `_createServerHandle` is what
 * `node:cluster` uses, and all supported versions of Node have it.
 */
import { lookup } from 'node:dns/promises';
import { chmodSync } from 'node:fs';
import net from 'node:net';
import { getSystemErrorMap } from 'node:util';
import { withFileMode } from '../io/file-mode.ts';
import type { SocketAddress } from '../io/socket-address.ts';
import { removeStaleSocket } from '../io/unix-socket.ts';
import type { InheritedSocket } from '../server/inherited-sockets.ts';
import type { CheckedAddress } from './address.ts';

export interface BoundSocket {
  readonly fd: number;
  readonly address: SocketAddress;
  /** What a worker has to know about the socket, without the worker's own descriptor. */
  readonly description: Omit<InheritedSocket, 'fd'>;
  /** Also removes the file of a unix socket. Connections in the queue are reset, unless a worker still listens. */
  close(): void;
}

interface Handle {
  readonly fd?: number;
  getsockname?(out: { address?: string; port?: number }): number;
  close(): void;
}

type CreateServerHandle = (
  address: string | null,
  port: number,
  addressType: 4 | 6 | -1,
  fd?: number,
  flags?: number,
) => Handle | number;

/** `UV_TCP_IPV6ONLY`. */
const IPV6_ONLY = 1;

const isNode = !('bun' in process.versions) && !('deno' in process.versions);
const createServerHandle = (net as { _createServerHandle?: unknown })._createServerHandle as
  | CreateServerHandle
  | undefined;

/** @throws {DOMException} `NotSupportedError` if the platform cannot pass sockets to other processes. */
export function checkSupport(): void {
  const isMissing = !isNode || typeof createServerHandle !== 'function';
  if (!isMissing && process.platform !== 'win32') return;
  const where = isMissing ? 'this runtime' : 'Windows';
  throw new DOMException(
    `supervise: ${where} cannot pass a listening socket to other processes; on Linux, start several processes with serve(handler, { reusePort: true }) instead`,
    'NotSupportedError',
  );
}

/**
 * Binds to an address, or takes over a bound descriptor.
 *
 * @throws {Error} with the system's `code`: EADDRINUSE, EACCES, EADDRNOTAVAIL, ENOTFOUND; EINVAL for a descriptor that is not a
 *   socket.
 */
export async function bindSocket(wanted: CheckedAddress, backlog: number): Promise<BoundSocket> {
  const { path, fd, port = 0, hostname = '0.0.0.0', ipv6Only } = wanted;
  if (path !== undefined) return bindPath(path, backlog, wanted);
  if (fd !== undefined) return bound(open(null, 0, -1, fd), { givenFd: fd, backlog }, wanted);
  // As an IPv6 address is written in a URL (RFC 3986 §3.2.2).
  const host = /^\[.*\]$/.test(hostname) ? hostname.slice(1, -1) : hostname;
  const { address, family } = await lookup(host);
  const handle = open(address, port, family === 6 ? 6 : 4, -1, ipv6Only ? IPV6_ONLY : 0);
  const hostnames = [hostname.toLowerCase(), address, ...(family === 6 ? [`[${address}]`] : [])];
  return bound(handle, { hostnames, backlog }, wanted);
}

/** Replaces the file that a dead server has left. Until a worker listens, another server would consider this one dead. */
async function bindPath(path: string, backlog: number, wanted: CheckedAddress): Promise<BoundSocket> {
  const create = () => withFileMode(wanted.mode, () => createServerHandle!(path, -1, -1));
  let handle = create();
  if (handle === ADDRESS_IN_USE && (await removeStaleSocket(path))) handle = create();
  if (typeof handle === 'number') throw bindError(handle, path);
  const socket = bound(handle, { path, backlog }, wanted);
  try {
    if (wanted.mode !== undefined) chmodSync(path, wanted.mode);
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

function open(...args: Parameters<CreateServerHandle>): Handle {
  const handle = createServerHandle!(...args);
  if (typeof handle === 'number') throw bindError(handle, args[0] ?? `fd ${args[3]}`, args[1]);
  return handle;
}

function bound(
  handle: Handle,
  description: Omit<InheritedSocket, 'fd'>,
  wanted: CheckedAddress,
): BoundSocket {
  const close = () => handle.close();
  const { fd } = handle;
  try {
    if (fd === undefined || fd < 0) throw bindError(-22, describe(wanted));
    const { path } = description;
    if (path !== undefined || handle.getsockname === undefined) {
      const address = { address: path ?? '', port: 0, family: 'unix' } as const;
      return { fd, address, description: { ...description, path: path ?? '' }, close };
    }
    const name: { address?: string; port?: number } = {};
    // libuv delays the error of an address in use until this call.
    const code = handle.getsockname(name);
    if (code !== 0) throw bindError(code, describe(wanted), wanted.port);
    const { address = '', port = 0 } = name;
    if (wanted.port && port !== wanted.port) throw bindError(ADDRESS_IN_USE, describe(wanted), wanted.port);
    const hostnames = description.hostnames ?? [address];
    const family = address.includes(':') ? 'IPv6' : 'IPv4';
    return {
      fd,
      address: { address, port, family },
      description: { ...description, hostnames, port },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function describe({ path, fd, hostname = '0.0.0.0' }: CheckedAddress): string {
  return path ?? (fd === undefined ? hostname : `fd ${fd}`);
}

const ADDRESS_IN_USE = [...getSystemErrorMap()].find(([, [name]]) => name === 'EADDRINUSE')![0];

function bindError(number: number, address: string, port = -1): Error {
  const [code, text] = getSystemErrorMap().get(number) ?? ['EINVAL', 'invalid argument'];
  const where = port > 0 ? `${address}:${port}` : address;
  return Object.assign(new Error(`bind ${code}: ${text} ${where}`), {
    ...{ code, errno: number, syscall: 'bind', address },
    ...(port > 0 && { port }),
  });
}
