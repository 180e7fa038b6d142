/** How evenly connections are distributed over workers. */
import net from 'node:net';

/** The longest wait for a response. */
const PATIENCE_MS = 20_000;
const REQUEST = 'GET / HTTP/1.1\r\nHost: app.example\r\n\r\n';

/**
 * Opens connections, sends one request on each, and keeps all of them open until the last response.
 *
 * @param atOnce the number of connections that are opened at the same time.
 * @returns the number of connections of each worker.
 */
export async function connectionsPerWorker(
  port: number,
  connections: number,
  atOnce: number,
): Promise<Map<string, number>> {
  const sockets: net.Socket[] = [];
  const shares = new Map<string, number>();
  const open = async (): Promise<void> => {
    const worker = await workerOf(port, sockets);
    shares.set(worker, (shares.get(worker) ?? 0) + 1);
  };
  try {
    for (let left = connections; left > 0; left -= atOnce) {
      await Promise.all(Array.from({ length: Math.min(left, atOnce) }, open));
    }
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return shares;
}

function workerOf(port: number, sockets: net.Socket[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1' }, () => socket.write(REQUEST));
    sockets.push(socket);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
    socket.on('error', reject);
    let answer = '';
    socket.on('data', (octets) => {
      answer += octets.toString('latin1');
      if (!answer.includes('\r\n\r\n')) return;
      const worker = /\r\nx-worker: (\S+)/i.exec(answer)?.[1];
      if (worker === undefined) reject(new Error(`the response has no X-Worker: ${answer}`));
      else resolve(worker);
    });
  });
}

/** The share of the busiest worker, from 1/workers to 1. */
export function largestShare(shares: ReadonlyMap<string, number>): number {
  const counts = [...shares.values()];
  return Math.max(...counts) / counts.reduce((sum, count) => sum + count, 0);
}
