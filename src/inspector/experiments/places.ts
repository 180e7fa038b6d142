/** Where a server can be reached from its own process: its listeners, and nothing else. */
import type { Listener } from '../../server/running-server.ts';

/** One listener, as a client connects to it. */
export interface Place {
  /** As the page shows it: a URL, or the path of a unix socket. */
  readonly name: string;
  readonly isSecure: boolean;
  /** Of `net.connect`. */
  readonly address: { readonly path: string } | { readonly host: string; readonly port: number };
  /** The host and port of its URL, for the Host field (RFC 9110 §7.2). */
  readonly authority: string;
  /** For SNI, which has no addresses (RFC 6066 §3). */
  readonly serverName: string | undefined;
}

export function placesOf(server: Iterable<Listener>): Place[] {
  return [...server].filter(({ isListening }) => isListening).map(placeOf);
}

function placeOf({ address: { address, port, family }, url, encrypted }: Listener): Place {
  const isSecure = encrypted;
  if (family === 'unix' || url === undefined) {
    const serverName = isSecure ? 'localhost' : undefined;
    return { name: address, isSecure, address: { path: address }, authority: 'localhost', serverName };
  }
  const { hostname, host } = new URL(url);
  const isName = !/^[\d.]+$|:/.test(hostname);
  return {
    ...{ name: url, isSecure, address: { host: reachable(address), port }, authority: host },
    serverName: isSecure && isName ? hostname : undefined,
  };
}

/** One of its own addresses, for a server that listens at all of them. */
function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}
