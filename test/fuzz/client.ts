/** A client for thousands of connections a second: sends octets in pieces, ends its side, and collects the response. */
import net from 'node:net';

/** How the server ended; `hang` if it did not in time. */
export type End = 'fin' | 'reset' | 'hang';

export interface Answer {
  readonly octets: Buffer;
  readonly end: End;
}

export interface Manner {
  /** Where the message is cut; each piece is written in another turn of the event loop. */
  readonly cuts: readonly number[];
  /** Reset the connection after the last piece, without waiting for a response. */
  readonly aborts: boolean;
}

/** All responses are quick, so a connection that is still open then hangs. */
const PATIENCE_MS = 10_000;

export function ask(port: number, message: Uint8Array, { cuts, aborts }: Manner): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    const settle = (end: End): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ octets: Buffer.concat(received), end });
    };
    const timer = setTimeout(() => settle('hang'), PATIENCE_MS);
    let isConnected = false;
    socket.on('data', (octets) => received.push(octets));
    socket.on('end', () => settle('fin'));
    socket.on('error', (error) => {
      if (isConnected) return settle('reset');
      clearTimeout(timer);
      reject(error);
    });
    socket.on('connect', () => {
      isConnected = true;
      const offsets = [...cuts, message.length];
      let at = 0;
      const next = (): void => {
        if (socket.destroyed) return;
        const end = offsets.shift();
        if (end === undefined && aborts) {
          socket.resetAndDestroy();
          return settle('reset');
        }
        if (end === undefined) return void socket.end();
        if (end > at) socket.write(message.subarray(at, end));
        at = Math.max(at, end);
        setImmediate(next);
      };
      next();
    });
  });
}

/** The same, and once more if no port is free at the moment. */
export async function askPatiently(port: number, message: Uint8Array, manner: Manner): Promise<Answer> {
  for (let attempts = 0; ; attempts++) {
    try {
      return await ask(port, message, manner);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRNOTAVAIL' || attempts === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
