/**
 * Listening sockets that this thread was given when it was started, instead of binding them: `serve` and `listen` take them
 * from here when they are asked for the address of one. `serval/workers` fills the table.
 *
 * It belongs to the thread and not to this module, because an application may bring a copy of Serval of its own. It is no
 * environment variable, because programs that the application starts would take descriptors for theirs that they don't have.
 */
import { hostAndPort } from '../semantics/address/authority.ts';

export interface InheritedSocket {
  /** The descriptor. It belongs to whoever listens on it, and is closed with the listener. */
  readonly fd: number;
  /** Its number in the supervisor, when that was given it too: then this is what `fd` has to be to mean it. */
  readonly givenFd?: number;
  /** What `hostname` may be to mean this socket, in lower case: the name it was bound by, and the address. */
  readonly hostnames?: readonly string[];
  readonly port?: number;
  /** Of a unix socket, instead of the others. */
  readonly path?: string;
  /** For who does not ask for one: the last to listen on a socket sets it for all. */
  readonly backlog?: number;
}

/** What is asked for, as in `ListenOptions`. */
export interface WantedSocket {
  readonly fd?: number;
  readonly port?: number;
  readonly hostname?: string;
  readonly path?: string;
  readonly reusePort?: boolean;
}

type SocketState = 'free' | 'taken' | 'listening';

interface Table {
  readonly sockets: Map<InheritedSocket, SocketState>;
  readonly onListening: () => void;
}

const KEY = Symbol.for('serval.inheritedSockets');

const holder = globalThis as { [KEY]?: Table };

/**
 * Gives this thread sockets to listen on, and nothing else: `serve` for the address of another is refused from now on.
 *
 * @returns what fulfils when there is a listener on each, and tells meanwhile which are still free.
 */
export function inheritSockets(sockets: readonly InheritedSocket[]): {
  readonly listening: Promise<void>;
  free(): InheritedSocket[];
} {
  const states = new Map<InheritedSocket, SocketState>(sockets.map((socket) => [socket, 'free']));
  const { promise, resolve } = resolvable();
  const onListening = (): void => {
    if ([...states.values()].every((state) => state === 'listening')) resolve();
  };
  holder[KEY] = { sockets: states, onListening };
  onListening();
  return { listening: promise, free: () => sockets.filter((socket) => states.get(socket) === 'free') };
}

/**
 * Takes the socket that is asked for, for good: its descriptor does not outlive the listener.
 *
 * @returns `undefined` when this thread has inherited nothing, and binds as anybody does.
 * @throws {Error} with the code EADDRINUSE when it is taken; without one when it is not among those inherited, which every
 *   worker would bind for itself, and all but the first in vain.
 */
export function takeInheritedSocket(wanted: WantedSocket): InheritedSocket | undefined {
  const table = holder[KEY];
  if (table === undefined) return undefined;
  const { sockets } = table;
  const all = [...sockets.keys()];
  const meant = all.filter((socket) => isMeant(socket, wanted));
  const found = meant.find((socket) => sockets.get(socket) === 'free');
  if (found !== undefined) {
    sockets.set(found, 'taken');
    return found;
  }
  // Any free port that is not the supervisor's is free for each worker; a descriptor is whoever's who names it.
  if (wanted.fd !== undefined || (wanted.path === undefined && !wanted.port)) return undefined;
  // Nor is it one port for one alone with `reusePort`.
  if (wanted.reusePort && meant.length === 0) return undefined;
  if (meant.length > 0) {
    const message = `listen EADDRINUSE: this worker has listened on ${nameOf(wanted)} already`;
    throw Object.assign(new Error(message), { code: 'EADDRINUSE', syscall: 'listen' });
  }
  const given = all.map((socket) => nameOf({ ...socket, hostname: socket.hostnames?.[0] ?? '' })).join(', ');
  throw new Error(
    `serve: the supervisor of this worker listens on ${given}, and not on ${nameOf(wanted)}: give both the same address`,
  );
}

/** To be called when a listener has been made on it. */
export function noteListening(socket: InheritedSocket): void {
  holder[KEY]?.sockets.set(socket, 'listening');
  holder[KEY]?.onListening();
}

function isMeant(socket: InheritedSocket, { fd, port, hostname, path }: WantedSocket): boolean {
  if (fd !== undefined) return (socket.givenFd ?? socket.fd) === fd;
  if (path !== undefined || socket.path !== undefined) return socket.path === path;
  // 0 is any port; no name is all addresses, and the supervisor may have been told which of them.
  const portFits = !port || port === socket.port;
  return portFits && (hostname === undefined || socket.hostnames?.includes(hostname.toLowerCase()) === true);
}

function nameOf({ path, hostname = '0.0.0.0', port = 0 }: WantedSocket): string {
  if (path !== undefined) return path;
  return hostAndPort(hostname, port);
}

function resolvable(): { promise: Promise<void>; resolve(): void } {
  let resolve!: () => void;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
