/** The two ends of a socket, in the draft's terms. */
import type { Socket } from 'node:net';
import type { SocketAddress } from './handler.ts';

const UNKNOWN: SocketAddress = { address: '', port: 0, family: '' };

export function remoteAddressOf(socket: Socket): SocketAddress {
  return toSocketAddress(socket.remoteAddress, socket.remotePort);
}

/** @param path of the listener, when it is a unix socket. */
export function localAddressOf(socket: Socket, path: string | undefined): SocketAddress {
  if (path !== undefined) return { address: path, port: 0, family: 'unix' };
  return toSocketAddress(socket.localAddress, socket.localPort);
}

export function toSocketAddress(address: string | undefined, port: number | undefined): SocketAddress {
  if (address === undefined) return UNKNOWN;
  return { address, port: port ?? 0, family: address.includes(':') ? 'IPv6' : 'IPv4' };
}
