/** The socket of an HTTP/1.1 connection as a tunnel (RFC 9110 §7.8). */
import type { Socket } from 'node:net';
import { kept } from '../../../io/shared-reading.ts';
import type { ClientTunnel } from '../wire.ts';

/** @param received octets of the tunnel that have been read. */
export function socketTunnel(socket: Socket, received: Uint8Array): ClientTunnel {
  socket.pause();
  // The end of the tunnel is what `close` tells.
  socket.on('error', () => {});
  const destroy = (): void => void socket.destroy();
  return { version: '1.1', octets: socket, received: kept(received), close: destroy, abort: destroy };
}
