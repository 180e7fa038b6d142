/** Free ports, and whether a program listens on one. */
import net from 'node:net';

const FIRST_PORT = 20_000;
const PORTS = 10_000;
const PORT_TRIES = 50;

/**
 * A port on which nothing listens. It lies below the ports of outgoing connections (32,768 and up on Linux): one of those could
 * take it, or even connect to itself. All have five digits, so every server is sent requests of the same length.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORT_TRIES; tries++) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error(`found no free port between ${FIRST_PORT} and ${FIRST_PORT + PORTS}`);
}

/** A different free port for each name. */
export async function freePorts<Name extends string>(names: readonly Name[]): Promise<Record<Name, number>> {
  const ports = new Set<number>();
  while (ports.size < names.length) ports.add(await freePort());
  const all = [...ports];
  return Object.fromEntries(names.map((name, index) => [name, all[index]!])) as Record<Name, number>;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}

export function takesConnections(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
