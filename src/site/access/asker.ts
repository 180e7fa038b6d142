/** Who asks for a password to be verified, and how often each has been wrong lately. */
import type { SocketAddress } from '../../io/socket-address.ts';
import { canonicalIPv6, mappedIPv4 } from '../../semantics/address/ip-address.ts';

export interface Asker {
  /** The client's IPv4 address, or its IPv6 network of 64 bits, which is the least that a client is given. */
  readonly address: string;
  /** The address with the port of the connection. */
  readonly connection: string;
}

export function askerOf({ address, port, family }: SocketAddress): Asker {
  const block = family === 'IPv6' ? (mappedIPv4(address) ?? networkOf(address)) : address || family;
  return { address: block, connection: `${address}|${port}` };
}

/** The first 64 bits of an IPv6 address. */
function networkOf(address: string): string {
  const [left = '', right = ''] = (canonicalIPv6(address.replace(/%.*/, '')) ?? '').split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const head = groups(left);
  const zeros = Math.max(0, 8 - head.length - groups(right).length);
  return [...head, ...Array<string>(zeros).fill('0'), ...groups(right)].slice(0, 4).join(':');
}

/** A client that has stopped guessing is treated like any other after this time. */
const FORGET_MS = 10 * 60_000;
/** How many addresses and connections are remembered. */
const MAX_ENTRIES = 4_096;

/** Counts the wrong passwords of each address and connection. */
export class RecentFailures {
  /** The entry that was not updated for longest comes first. */
  readonly #entries = new Map<string, { count: number; at: number }>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  note({ address, connection }: Asker): void {
    for (const key of [address, connection]) {
      const count = this.of(key) + 1;
      this.#entries.delete(key);
      this.#entries.set(key, { count, at: this.#now() });
    }
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES) break;
      this.#entries.delete(key);
    }
  }

  /** @param key an address or a connection. */
  of(key: string): number {
    const entry = this.#entries.get(key);
    return entry === undefined || this.#now() - entry.at >= FORGET_MS ? 0 : entry.count;
  }
}
