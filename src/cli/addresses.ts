import { networkInterfaces } from 'node:os';
import type { SocketAddress } from '../server/handler.ts';

/** The URLs under which a listener is reached. One that listens on every address is reached by many. */
export function urlsOf({ address, port, family }: SocketAddress): string[] {
  if (address !== '0.0.0.0' && address !== '::') return [urlOf(address, port)];
  const urls = [urlOf(family === 'IPv6' ? '::1' : '127.0.0.1', port)];
  for (const addresses of Object.values(networkInterfaces())) {
    for (const entry of addresses ?? []) {
      // `::` takes IPv4 too. Link-local addresses need a zone, which URLs can't carry.
      const reached = entry.family === 'IPv4' || family === 'IPv6';
      if (reached && !entry.internal && !entry.address.startsWith('fe80:'))
        urls.push(urlOf(entry.address, port));
    }
  }
  return urls;
}

function urlOf(address: string, port: number): string {
  return address.includes(':') ? `http://[${address}]:${port}/` : `http://${address}:${port}/`;
}
