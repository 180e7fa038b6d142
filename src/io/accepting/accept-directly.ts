/** Takes the connections of a server before Node makes a `Socket` for each. */
import { channel } from 'node:diagnostics_channel';
import type { Socket, Server as SocketServer } from 'node:net';
import { LISTENERS } from '../driven-socket.ts';
import { AcceptedSocket } from './accepted-socket.ts';
import { constructsSockets, type StreamHandle } from './node-internals.ts';

type OnConnection = (this: unknown, error: number, client?: StreamHandle) => void;
type Listening = { _handle?: { onconnection?: OnConnection } | null };

/** Its subscribers get each socket from Node. */
const accepted = channel('net.server.socket');

/**
 * Accepts without the event `connection`, where the runtime can. Otherwise the event is emitted as usual.
 *
 * @param server listens.
 * @param onAccepted gets the socket, which has to get a driver or be destroyed at once.
 */
export function acceptDirectly(server: SocketServer, onAccepted: (socket: Socket) => void): void {
  const handle = (server as unknown as Listening)._handle;
  const asUsual = handle?.onconnection;
  if (!constructsSockets || typeof asUsual !== 'function') return;
  handle!.onconnection = function (error, client) {
    if (error !== 0 || client === undefined || accepted.hasSubscribers)
      return asUsual.call(this, error, client);
    client.setNoDelay?.(true);
    onAccepted(new AcceptedSocket(client, LISTENERS) as unknown as Socket);
  };
}
