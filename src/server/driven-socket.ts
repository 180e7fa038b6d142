/** The events of a socket, and who hears them: one set of listeners for all sockets, instead of closures for each. */
import type { Socket } from 'node:net';

export interface SocketEvents {
  onOctets(octets: Uint8Array): void;
  onPeerEnd(): void;
  onDrain(): void;
  onError(error: Error): void;
  onClose(): void;
}

const DRIVER = Symbol('serval.driver');
type DrivenSocket = Socket & { [DRIVER]: SocketEvents };

export function attach(socket: Socket, driver: SocketEvents): void {
  (socket as DrivenSocket)[DRIVER] = driver;
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('drain', onDrain);
  socket.on('error', onError);
  socket.on('close', onClose);
}

/** Leaves what passes through the socket to somebody else; its end is still heard of. */
export function detachFlow(socket: Socket): void {
  socket.off('data', onData);
  socket.off('end', onEnd);
  socket.off('drain', onDrain);
}

/** Whether the kernel still has a peer for this socket: not after a reset, which is not reported while nothing is read. */
export function isConnected(socket: Socket): boolean {
  const handle = (socket as { _handle?: { getpeername?(out: object): number } | null })._handle;
  return handle?.getpeername === undefined || handle.getpeername({}) === 0;
}

function onData(this: Socket, octets: Uint8Array): void {
  (this as DrivenSocket)[DRIVER].onOctets(octets);
}
function onEnd(this: Socket): void {
  (this as DrivenSocket)[DRIVER].onPeerEnd();
}
function onDrain(this: Socket): void {
  (this as DrivenSocket)[DRIVER].onDrain();
}
function onError(this: Socket, error: Error): void {
  (this as DrivenSocket)[DRIVER].onError(error);
}
function onClose(this: Socket): void {
  (this as DrivenSocket)[DRIVER].onClose();
}
