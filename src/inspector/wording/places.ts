import type { SocketAddress } from '../../io/socket-address.ts';
import { hostAndPort } from '../../semantics/address/authority.ts';

/** One end of a connection: `127.0.0.1:4221`, or the path of a unix socket. */
export function placeOf({ address, port, family }: SocketAddress): string {
  if (family === 'unix') return address === '' ? 'unix socket' : address;
  return address === '' ? 'unknown' : hostAndPort(address, port);
}
