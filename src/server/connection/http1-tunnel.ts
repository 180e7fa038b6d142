/** The tunnel that an HTTP/1 connection has become: all of its socket. */
import type { Socket } from 'node:net';
import type { OpenedTunnel } from '../exchange/wire.ts';

/** What a tunnel takes from its connection. */
interface TunnelHost {
  onTunnelActivity(): void;
}

export class Http1Tunnel implements OpenedTunnel {
  readonly status: number;
  readonly octets: Socket;
  readonly received: Uint8Array;
  readonly #connection: TunnelHost;

  constructor(connection: TunnelHost, status: number, socket: Socket, received: Uint8Array) {
    this.#connection = connection;
    this.status = status;
    this.octets = socket;
    this.received = received;
  }

  onActivity(): void {
    this.#connection.onTunnelActivity();
  }

  close(): void {
    this.octets.destroy();
  }
}
