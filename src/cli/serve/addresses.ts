import { networkInterfaces } from 'node:os';
import type { SocketAddress } from '../../io/socket-address.ts';

export interface ReachedUrl {
  /** `Local`: from this machine alone; `Unix`: by a unix socket, and the URL is its path. */
  readonly reach: 'Local' | 'Network' | 'Unix';
  readonly url: string;
}

/** The URLs under which a listener is reached. One that listens on every address is reached by many. */
export function urlsOf(listening: SocketAddress, scheme: 'http' | 'https' = 'http'): ReachedUrl[] {
  const { address, port, family } = listening;
  const urlOf = (host: string, on: number) => `${scheme}://${host.includes(':') ? `[${host}]` : host}:${on}/`;
  if (family === 'unix') return [{ reach: 'Unix', url: address === '' ? 'a unix socket' : address }];
  if (address !== '0.0.0.0' && address !== '::') {
    return [{ reach: isLoopback(address) ? 'Local' : 'Network', url: urlOf(address, port) }];
  }
  const urls: ReachedUrl[] = [{ reach: 'Local', url: urlOf('127.0.0.1', port) }];
  for (const addresses of Object.values(interfaces())) {
    for (const entry of addresses ?? []) {
      // `::` takes IPv4 too. Link-local addresses need a zone, which URLs can't carry.
      const reached = entry.family === 'IPv4' || family === 'IPv6';
      if (reached && !entry.internal && !entry.address.startsWith('fe80:')) {
        urls.push({ reach: 'Network', url: urlOf(entry.address, port) });
      }
    }
  }
  return urls;
}

/** None where the system does not say: a service that is let use few families of sockets can't ask it (no AF_NETLINK). */
function interfaces(): ReturnType<typeof networkInterfaces> {
  try {
    return networkInterfaces();
  } catch {
    return {};
  }
}

/** RFC 5735 §3 and RFC 4291 §2.5.3; IPv4 may stand within IPv6. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./i.test(address);
}
