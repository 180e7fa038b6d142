/** The addresses whose word is taken: those of the proxies in front. */
import { BlockList } from 'node:net';
import { isIPv4, mappedIPv4 } from '../../semantics/address/ip-address.ts';
import { parseSubnet } from '../../semantics/address/ip-subnet.ts';

/** Who is at the other end, as far as trust goes. */
export interface Peer {
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6' | 'unix' | '';
}

/** Answers that are kept: proxies are few, and asking the list takes longer than all else that is done with an address. */
const MOST_KEPT = 256;

export class TrustedPeers {
  readonly #list = new BlockList();
  readonly #kept = new Map<string, boolean>();
  #unix = false;

  /**
   * @param rules addresses, subnets such as `10.0.0.0/8`, and `unix` for whoever may connect to a unix socket.
   *   `::ffff:10.0.0.1` is `10.0.0.1`, in a rule and in a peer.
   * @throws {TypeError} naming the option and the rule that is none.
   */
  constructor(rules: readonly string[]) {
    for (const rule of rules) this.#add(rule);
  }

  has({ address, family }: Peer): boolean {
    if (family === 'unix') return this.#unix;
    // Of a socket that was closed in the meantime there is none.
    if (family === '') return false;
    let isTrusted = this.#kept.get(address);
    if (isTrusted === undefined) {
      isTrusted = this.#ask(address);
      if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
      this.#kept.set(address, isTrusted);
    }
    return isTrusted;
  }

  #ask(address: string): boolean {
    // A link-local address has its zone behind it.
    const bare = address.replace(/%.*$/, '');
    // To a socket that takes both, an IPv4 client has an IPv6 address.
    const ipv4 = isIPv4(bare) ? bare : mappedIPv4(bare);
    return ipv4 === undefined ? this.#list.check(bare, 'ipv6') : this.#list.check(ipv4, 'ipv4');
  }

  #add(rule: string): void {
    if (rule === 'unix') {
      this.#unix = true;
      return;
    }
    const subnet = parseSubnet(rule);
    if (subnet === undefined) {
      throw new TypeError(
        `options.proxy.trusted: not an address, a subnet such as 10.0.0.0/8, or "unix": ${JSON.stringify(rule)}`,
      );
    }
    this.#list.addSubnet(subnet.address, subnet.prefix, subnet.family);
  }
}
