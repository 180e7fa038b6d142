import { networkInterfaces } from 'node:os';
import type { SocketAddress } from '../../io/socket-address.ts';
import { hostAndPort } from '../../semantics/address/authority.ts';
import { isLoopback } from '../../semantics/address/ip-address.ts';

export interface ReachedUrl {
  /** `Local`: from this machine only. `Unix`: by a unix socket; the URL is its path. */
  readonly reach: 'Local' | 'Network' | 'Unix';
  readonly url: string;
}

/** The URLs of a listener. A listener on a wildcard address has one for each network interface. */
export function urlsOf(listening: SocketAddress, scheme: 'http' | 'https' = 'http'): ReachedUrl[] {
  const { address, port, family } = listening;
  const urlOf = (host: string, on: number) => `${scheme}://${hostAndPort(host, on)}/`;
  if (family === 'unix') return [{ reach: 'Unix', url: address === '' ? 'a unix socket' : address }];
  if (address !== '0.0.0.0' && address !== '::') {
    return [{ reach: isLoopback(address) ? 'Local' : 'Network', url: urlOf(address, port) }];
  }
  const urls: ReachedUrl[] = [{ reach: 'Local', url: urlOf('127.0.0.1', port) }];
  for (const addresses of Object.values(interfaces())) {
    for (const entry of addresses ?? []) {
      // `::` also accepts IPv4. Link-local addresses need a zone, which a URL cannot contain.
      const reached = entry.family === 'IPv4' || family === 'IPv6';
      if (reached && !entry.internal && !entry.address.startsWith('fe80:')) {
        urls.push({ reach: 'Network', url: urlOf(entry.address, port) });
      }
    }
  }
  return urls;
}

/** Empty if the system refuses, as it does for a service without AF_NETLINK. */
function interfaces(): ReturnType<typeof networkInterfaces> {
  try {
    return networkInterfaces();
  } catch {
    return {};
  }
}
