import type { SocketAddress } from '../../src/io/socket-address.ts';
import type { ServerContext } from '../../src/server/api.ts';

const HERE: SocketAddress = { address: '127.0.0.1', port: 4221, family: 'IPv4' };

/** As much of a context as handlers look at, for calling them without a server. */
export function fakeContext(members: Partial<ServerContext> = {}): ServerContext {
  return {
    receivedHead: '',
    localAddress: HERE,
    remoteAddress: { ...HERE, port: 50_000 },
    completed: Promise.resolve(),
    ...members,
  } as ServerContext;
}
