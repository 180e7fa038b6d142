import type { ServeCommand } from '../arguments.ts';

/** Why the server can't listen, in one line that says what to try. */
export function explainListenError(
  error: unknown,
  { host, port, unix }: Pick<ServeCommand, 'host' | 'port' | 'unix'>,
  sockets: readonly number[] = [],
): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (sockets.length > 0) return `can't listen on what systemd has opened (Accept=no is needed): ${message}`;
  if (unix !== undefined) return explainUnixError(unix.path, code, message);
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use: stop the other program, or try --port ${neighbour(port)} (0 takes any free port).`;
    case 'EACCES':
      return port < 1024
        ? `port ${port} is reserved for privileged programs: try --port ${port + 8000}.`
        : `the system does not let this program listen on port ${port} of ${host}: try another --port.`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine: try --host 127.0.0.1, or --host 0.0.0.0 for all it has.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `no address is known for the host "${host}": try --host 127.0.0.1.`;
    default:
      return `can't listen on port ${port} of ${host}: ${message}`;
  }
}

function explainUnixError(path: string, code: string | undefined, message: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `${path} is in use: another server listens there, or it is a file of another kind.`;
    // Where bind(2) has ENOENT, Node has EACCES.
    case 'EACCES':
    case 'ENOENT':
      return `can't make a socket at ${path}: there is no such folder, or this program may not write to it.`;
    default:
      return `can't listen on ${path}: ${message}`;
  }
}

function neighbour(port: number): number {
  return port < 65535 ? port + 1 : port - 1;
}
