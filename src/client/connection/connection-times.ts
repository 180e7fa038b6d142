/** When a connection was begun, its name looked up, and when it stood. */
import type { Socket } from 'node:net';
import type { WireConnection } from './wire-observer.ts';

export class ConnectionTimes {
  readonly #socket: Socket;
  readonly #begunAt = performance.now();
  #lookedUpAt: number | undefined;
  #connectedAt = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.once('lookup', () => {
      this.#lookedUpAt = performance.now();
    });
    socket.once('connect', () => {
      this.#connectedAt = performance.now();
    });
  }

  describe(isReused: boolean): WireConnection {
    return {
      isReused,
      remoteAddress: this.#socket.remoteAddress,
      remotePort: this.#socket.remotePort,
      begunAt: this.#begunAt,
      lookedUpAt: this.#lookedUpAt,
      connectedAt: this.#connectedAt,
    };
  }
}
