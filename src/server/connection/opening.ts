/**
 * Starts to serve an accepted connection: after the PROXY header of a trusted balancer, after the TLS handshake, and by the
 * protocol that the handshake or the client's first octets have chosen.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type SocketEvents, watch } from '../../io/driven-socket.ts';
import { SocketAddresses } from '../../io/socket-address.ts';
import { connectionOpen } from '../diagnostics.ts';
import { CLEAR, type WireSecurity } from '../exchange/wire.ts';
import type { ConnectionObserver, SecuredBy } from '../observer.ts';
import type { LiveConnection, Service } from '../service.ts';
import { Http1Connection } from './http1-connection.ts';
import { Http2Connection } from './http2-connection.ts';
import { PlainOnTls } from './plain-on-tls.ts';
import { PrefaceWatch } from './preface-watch.ts';
import { ProxyPreamble } from './proxy-preamble.ts';
import { TlsHandshake } from './tls-handshake.ts';

type Started = LiveConnection & SocketEvents;

const CLEAR_HTTP2: WireSecurity = { ...CLEAR, alpnProtocol: 'h2c' };

/** @param connections holds the connection until it is closed; the object that serves it may change. */
export function startConnection(socket: Socket, service: Service, connections: Set<LiveConnection>): Started {
  const addresses = new SocketAddresses(socket, service.socketPath);
  if (!beginsWithProxyHeader(service, addresses))
    return startProtocol(socket, service, connections, addresses);
  const first = new ProxyPreamble(socket, service, (preamble, ends) => {
    connections.delete(preamble);
    return startProtocol(socket, service, connections, ends);
  });
  connections.add(first);
  return first;
}

function startProtocol(
  socket: Socket,
  service: Service,
  connections: Set<LiveConnection>,
  addresses: SocketAddresses,
): Started {
  const { tls, observer: observers } = service;
  const observer = observers && observe(socket, observers.onConnection(addresses, service.settings));
  if (tls === undefined) return startClear(socket, service, connections, addresses, observer);
  const handshake = new TlsHandshake(socket, service, tls, addresses, {
    onKeyLog: observer?.onKeyLog,
    onSecured(handshake, stream, security) {
      connections.delete(handshake);
      observer?.onSecured(securedBy(stream as TLSSocket, security));
      return startSecured(stream, service, connections, addresses, security, observer);
    },
    onPlain(handshake) {
      connections.delete(handshake);
      return added(
        connections,
        new Http1Connection(socket, new PlainOnTls(service), addresses, CLEAR, observer),
      );
    },
  });
  return added(connections, handshake);
}

/** By ALPN (RFC 9113 §3.2). */
function startSecured(
  stream: Socket,
  service: Service,
  connections: Set<LiveConnection>,
  addresses: SocketAddresses,
  security: WireSecurity,
  observer: ConnectionObserver | undefined,
): Started {
  if (security.alpnProtocol !== 'h2')
    return added(connections, new Http1Connection(stream, service, addresses, security, observer));
  if (connectionOpen.hasSubscribers) connectionOpen.publish(addresses.both);
  return added(connections, new Http2Connection(stream, service, addresses, security, observer));
}

/** HTTP/1, unless the client begins with the preface of HTTP/2 (RFC 9113 §3.3). */
function startClear(
  socket: Socket,
  service: Service,
  connections: Set<LiveConnection>,
  addresses: SocketAddresses,
  observer: ConnectionObserver | undefined,
): Started {
  const http1 = added(connections, new Http1Connection(socket, service, addresses, CLEAR, observer));
  return new PrefaceWatch(socket, service, http1, () => {
    http1.retire();
    connections.delete(http1);
    return added(connections, new Http2Connection(socket, service, addresses, CLEAR_HTTP2, observer));
  });
}

/** Before the driver hears of them, which may act on them. The socket under TLS ends when TLS does. */
function observe(socket: Socket, observer: ConnectionObserver | undefined): ConnectionObserver | undefined {
  if (observer === undefined) return undefined;
  watch(socket, {
    onPeerEnd: () => observer.onPeerEnd(),
    onError: (error) => observer.onEnding('failed', error),
    onClose: () => observer.onClose(),
  });
  return observer;
}

function securedBy(socket: TLSSocket, { alpnProtocol, serverName }: WireSecurity): SecuredBy {
  const [protocol, cipher] = [socket.getProtocol() ?? '', socket.getCipher()?.name ?? ''];
  return { protocol, cipher, alpnProtocol, serverName, isResumed: socket.isSessionReused() };
}

function added<Connection extends LiveConnection>(
  connections: Set<LiveConnection>,
  connection: Connection,
): Connection {
  connections.add(connection);
  return connection;
}

/** Decided by the peer's address, never by what it sends: a client could send a PROXY header as well. */
function beginsWithProxyHeader({ settings }: Service, addresses: SocketAddresses): boolean {
  if (settings.proxy === undefined) return false;
  const { protocol, trusted } = settings.proxy;
  return protocol && trusted.has(addresses.remoteAddress);
}
