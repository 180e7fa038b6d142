import { createServer } from 'node:net';
import type { ServeCommand } from '../arguments.ts';

type Listening = Pick<ServeCommand, 'host' | 'port' | 'unix' | 'healthPort' | 'metricsPort'>;

/** Why the server cannot listen, in one line with a remedy. */
export async function explainListenError(
  error: unknown,
  { host, port, unix, healthPort, metricsPort }: Listening,
  sockets: readonly number[] = [],
): Promise<string> {
  const { code, message, port: failed } = error as NodeJS.ErrnoException & { port?: number };
  // The error of a supervisor or server names the port that it is about.
  for (const [option, other] of [
    ['--health-port', healthPort],
    ['--metrics-port', metricsPort],
  ] as const) {
    if (other !== undefined && failed === other.port && failed !== 0 && (failed !== port || unix))
      return explainPort(code, message, failed, other.hostname ?? host, option);
  }
  if (sockets.length > 0)
    return `cannot listen on the sockets from systemd (they need Accept=no): ${message}`;
  if (unix !== undefined) return explainUnixError(unix.path, code, message);
  return explainPort(code, message, port, host, '--port');
}

async function explainPort(
  code: string | undefined,
  message: string,
  port: number,
  host: string,
  option: string,
): Promise<string> {
  switch (code) {
    case 'EADDRINUSE': {
      const free = await freePortAfter(port, host);
      const advice = free === undefined ? 'try another one' : `${free} is free: ${option} ${free}`;
      return `port ${port} on ${host} is in use; ${advice}, or stop the other program`;
    }
    case 'EACCES':
      return port < 1024
        ? `port ${port} is reserved for privileged programs; try ${option} ${port + 8000}`
        : `the system does not allow listening on port ${port} of ${host}; try another ${option}`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine; try --host 127.0.0.1, or --host 0.0.0.0 for all addresses`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host "${host}" has no known address; try --host 127.0.0.1`;
    default:
      return `cannot listen on port ${port} of ${host}: ${message}`;
  }
}

/** How many ports are tried. */
const ATTEMPTS = 20;

async function freePortAfter(port: number, host: string): Promise<number | undefined> {
  const last = Math.min(65_535, port + ATTEMPTS);
  for (let candidate = port + 1; candidate <= last; candidate++) {
    if (await isFree(candidate, host)) return candidate;
  }
  return undefined;
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function explainUnixError(path: string, code: string | undefined, message: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `${path} is in use by another server, or is not a socket`;
    // Node reports EACCES where bind(2) fails with ENOENT.
    case 'EACCES':
    case 'ENOENT':
      return `cannot create a socket at ${path}: the folder does not exist, or is not writable`;
    default:
      return `cannot listen on ${path}: ${message}`;
  }
}
