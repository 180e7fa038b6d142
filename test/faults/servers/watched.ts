/** The application of `test/support/servers/routes.ts`, with commands that tell how the process that serves it is doing. */
import { subscribe } from 'node:diagnostics_channel';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Fixture } from '../../support/servers/launch.ts';
import routes, { type RoutesOptions } from '../../support/servers/routes.ts';

export interface Memory {
  /** Octets in buffers: what was received or is to be sent, and nobody has let go of. */
  readonly buffers: number;
  /** Octets of objects and strings. */
  readonly heap: number;
}

/** How long connections lived. */
export interface Lives {
  readonly opened: number;
  readonly closed: number;
  /** Milliseconds, of those that have been closed. */
  readonly longest: number;
}

export default function watched(options: RoutesOptions): Fixture {
  const { server, commands } = routes(options);
  setFlagsFromString('--expose-gc');
  // Bun has no such flag, but a function of its own.
  const bun = (globalThis as { Bun?: { gc(now: boolean): void } }).Bun;
  const collectGarbage = bun === undefined ? (runInNewContext('gc') as () => void) : () => bun.gc(true);
  const openedAt = new Map<number, number>();
  let lives = { opened: 0, closed: 0, longest: 0 };
  const portOf = (message: unknown) => (message as { remoteAddress: { port: number } }).remoteAddress.port;
  subscribe('serval:connection:open', (message) => {
    lives.opened++;
    openedAt.set(portOf(message), performance.now());
  });
  subscribe('serval:connection:close', (message) => {
    lives.closed++;
    lives.longest = Math.max(lives.longest, performance.now() - (openedAt.get(portOf(message)) ?? 0));
    openedAt.delete(portOf(message));
  });
  return {
    server,
    commands: {
      ...commands,
      /** Open connections, those that are closing included. */
      connections: () => [...server].reduce((sum, listener) => sum + listener.connectionCount, 0),
      /** Of the connections since this was asked last. */
      lives: (): Lives => {
        const until = lives;
        lives = { opened: 0, closed: 0, longest: 0 };
        return until;
      },
      /** What is in use, garbage left out. */
      memory: async (): Promise<Memory> => {
        for (let round = 0; round < 3; round++) {
          collectGarbage();
          await new Promise((resolve) => setImmediate(resolve));
        }
        const { arrayBuffers, heapUsed } = process.memoryUsage();
        return { buffers: arrayBuffers, heap: heapUsed };
      },
    },
  };
}
