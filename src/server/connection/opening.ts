/** Starts to serve an accepted connection: after the PROXY header of a trusted balancer, and after the TLS handshake. */
import type { Socket } from 'node:net';
import type { SocketEvents } from '../../io/driven-socket.ts';
import { SocketAddresses } from '../../io/socket-address.ts';
import type { WireSecurity } from '../exchange/wire.ts';
import type { LiveConnection, Service } from '../service.ts';
import { Http1Connection } from './http1-connection.ts';
import { PlainOnTls } from './plain-on-tls.ts';
import { ProxyPreamble } from './proxy-preamble.ts';
import { TlsHandshake } from './tls-handshake.ts';

/** @param connections holds the connection until it is closed; the object that serves it may change. */
export function startConnection(
  socket: Socket,
  service: Service,
  connections: Set<LiveConnection>,
): LiveConnection & SocketEvents {
  if (!beginsWithProxyHeader(socket, service)) return startProtocol(socket, service, connections);
  const first = new ProxyPreamble(socket, service, (preamble, addresses) => {
    connections.delete(preamble);
    return startProtocol(socket, service, connections, addresses);
  });
  connections.add(first);
  return first;
}

function startProtocol(
  socket: Socket,
  service: Service,
  connections: Set<LiveConnection>,
  addresses?: SocketAddresses,
): LiveConnection & SocketEvents {
  const { tls } = service;
  const start = (
    stream: Socket,
    ends: SocketAddresses | undefined,
    security?: WireSecurity,
    by = service,
  ) => {
    const connection = new Http1Connection(stream, by, ends, security);
    connections.add(connection);
    return connection;
  };
  if (tls === undefined) return start(socket, addresses);
  const ends = addresses ?? new SocketAddresses(socket, service.socketPath);
  const handshake = new TlsHandshake(socket, service, tls, ends, {
    onSecured(handshake, stream, security) {
      connections.delete(handshake);
      return start(stream, ends, security);
    },
    onPlain(handshake) {
      connections.delete(handshake);
      return start(socket, ends, undefined, new PlainOnTls(service));
    },
  });
  connections.add(handshake);
  return handshake;
}

/** Decided by the peer's address, never by what it sends: a client could send a PROXY header as well. */
function beginsWithProxyHeader(socket: Socket, { settings, socketPath }: Service): boolean {
  if (settings.proxy === undefined) return false;
  const { protocol, trusted } = settings.proxy;
  return protocol && trusted.has(new SocketAddresses(socket, socketPath).remoteAddress);
}
