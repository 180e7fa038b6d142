/** Where the connections of a pool go, and how they get there. */

import { ADDRCONFIG, lookup as systemLookup } from 'node:dns';
import net, { isIP, type LookupFunction, type Socket } from 'node:net';
import process from 'node:process';
import { hostAndPort } from '../../semantics/address/authority.ts';
import { alternatingFamilies } from './connection-attempts.ts';
import type { TlsOrigin } from './tls-origin.ts';

export interface Route {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** A unix socket that takes the place of host and port. */
  readonly path: string | undefined;
  /** 0 for both. */
  readonly family: 0 | 4 | 6;
  /** `undefined` for the system's. */
  readonly lookup: LookupFunction | undefined;
  /** Milliseconds before the next address is tried as well (RFC 8305 §5); 0: not before the attempt has failed. */
  readonly attemptDelay: number;
  /** Connections without TLS speak HTTP/2 from the beginning (RFC 9113 §3.3). */
  readonly hasPriorKnowledge: boolean;
  /** `undefined` for connections without TLS. */
  readonly tls: TlsOrigin | undefined;
}

/** Whether the host has to be looked up. */
export const needsLookup = ({ host, path }: Route): boolean => path === undefined && isIP(host) === 0;

/** The addresses of the host, in the order in which they are tried (RFC 8305 §4). */
export function lookUp(
  { host, family, lookup = systemLookup as LookupFunction }: Route,
  callback: (error: Error | null, addresses: readonly string[]) => void,
): void {
  const hints = family === 0 ? ADDRCONFIG : 0;
  // A lookup of the caller's own may call back at once.
  const answer = (error: Error | null, addresses: readonly string[] = []): void =>
    process.nextTick(callback, error, addresses);
  try {
    lookup(host, { all: true, family, hints }, (error, found) => {
      if (error) return answer(error);
      // A lookup of the caller's own may give one address, as `dns.lookup` does without `all`.
      const all = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      const usable = all.filter((address) => isIP(address) !== 0 && [0, isIP(address)].includes(family));
      if (usable.length > 0) answer(null, alternatingFamilies(usable));
      else answer(new Error(`the lookup of ${host} gave no address`));
    });
  } catch (error) {
    answer(error as Error);
  }
}

/** @param address of the host, or the unix socket. */
export function openSocket({ path, port }: Route, address: string): Socket {
  const to = path === undefined ? { host: address, port } : { path };
  return net.connect({ ...to, noDelay: true, allowHalfOpen: true });
}

/** As errors name it. */
export const destinationOf = ({ host, port, path }: Route): string => path ?? hostAndPort(host, port);
