/** Starts to serve an accepted connection: at once, or after the PROXY header of a trusted balancer. */
import type { Socket } from 'node:net';
import type { SocketEvents } from '../../io/driven-socket.ts';
import { SocketAddresses } from '../../io/socket-address.ts';
import type { LiveConnection, Service } from '../service.ts';
import { Http1Connection } from './http1-connection.ts';
import { ProxyPreamble } from './proxy-preamble.ts';

/** @param connections holds the connection until it is closed; the object that serves it may change. */
export function startConnection(
  socket: Socket,
  service: Service,
  connections: Set<LiveConnection>,
): LiveConnection & SocketEvents {
  if (!beginsWithProxyHeader(socket, service)) {
    const connection = new Http1Connection(socket, service);
    connections.add(connection);
    return connection;
  }
  const first = new ProxyPreamble(socket, service, (preamble, addresses) => {
    const connection = new Http1Connection(socket, service, addresses);
    connections.delete(preamble);
    connections.add(connection);
    return connection;
  });
  connections.add(first);
  return first;
}

/** Decided by the peer's address, never by what it sends: a client could send a PROXY header as well. */
function beginsWithProxyHeader(socket: Socket, { settings, socketPath }: Service): boolean {
  if (settings.proxy === undefined) return false;
  const { protocol, trusted } = settings.proxy;
  return protocol && trusted.has(new SocketAddresses(socket, socketPath).remoteAddress);
}
