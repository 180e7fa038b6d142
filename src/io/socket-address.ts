/** The two ends of a connection, in the draft's terms. */
import type { Socket } from 'node:net';
import type { ProxiedConnection } from '../proxy-protocol/header-decoder.ts';

/** One end of a connection (draft: SocketAddress). For a unix socket, `address` is its path and `port` is 0. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6' | 'unix' | '';
}

/** Looked up when first asked for, and kept from then on: a socket that is closed no longer knows. */
export class SocketAddresses {
  readonly #socket: Socket;
  readonly #path: string | undefined;
  #remote: SocketAddress | undefined;
  #local: SocketAddress | undefined;

  /** @param path of the listener, when it is a unix socket. */
  constructor(socket: Socket, path: string | undefined) {
    this.#socket = socket;
    this.#path = path;
  }

  /** Whoever connects to a unix socket has no address, but is somebody on this machine. */
  get remoteAddress(): SocketAddress {
    this.#remote ??=
      this.#path === undefined
        ? toSocketAddress(this.#socket.remoteAddress, this.#socket.remotePort)
        : { address: '', port: 0, family: 'unix' };
    return this.#remote;
  }

  get localAddress(): SocketAddress {
    this.#local ??=
      this.#path === undefined
        ? toSocketAddress(this.#socket.localAddress, this.#socket.localPort)
        : { address: this.#path, port: 0, family: 'unix' };
    return this.#local;
  }

  /** The client's has been looked up. */
  get isKnown(): boolean {
    return this.#remote !== undefined;
  }

  /** The socket is a balancer's, and these are the ends of the connection that it passes on. */
  replace({ source, destination }: ProxiedConnection): void {
    this.#remote = source;
    if (destination !== undefined) this.#local = destination;
  }

  /** Both, as events carry them. */
  get both() {
    return { remoteAddress: this.remoteAddress, localAddress: this.localAddress };
  }
}

export function toSocketAddress(address: string | undefined, port: number | undefined): SocketAddress {
  if (address === undefined) return { address: '', port: 0, family: '' };
  return { address, port: port ?? 0, family: address.includes(':') ? 'IPv6' : 'IPv4' };
}
