/** How a connection begins to be served: at once, or behind a trusted balancer after its PROXY header. */
import type { Socket } from 'node:net';
import type { SocketEvents } from '../../io/driven-socket.ts';
import { SocketAddresses } from '../../io/socket-address.ts';
import type { LiveConnection, Service } from '../service.ts';
import { Http1Connection } from './http1-connection.ts';
import { ProxyPreamble } from './proxy-preamble.ts';

/** @param connections where it is, until it is closed; who serves it may change. */
export function startConnection(
  socket: Socket,
  service: Service,
  connections: Set<LiveConnection>,
): LiveConnection & SocketEvents {
  if (!beginsWithProxyHeader(socket, service)) {
    const driver = new Http1Connection(socket, service);
    connections.add(driver);
    return driver;
  }
  const first = new ProxyPreamble(socket, service, (preamble, addresses) => {
    const driver = new Http1Connection(socket, service, addresses);
    connections.delete(preamble);
    connections.add(driver);
    return driver;
  });
  connections.add(first);
  return first;
}

/** By who the peer is, never by what it sends: a client could send a PROXY header as well. */
function beginsWithProxyHeader(socket: Socket, { settings, path }: Service): boolean {
  if (settings.proxy === undefined) return false;
  const { protocol, trusted } = settings.proxy;
  return protocol && trusted.has(new SocketAddresses(socket, path).remoteAddress);
}
