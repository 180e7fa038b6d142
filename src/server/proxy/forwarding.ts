/** Who the client is behind proxies that pass requests on, and what it asked for, as the trusted ones among them say. */

import { Origins } from '../../fetch/request-url.ts';
import type { SocketAddress } from '../../io/socket-address.ts';
import { type ForwardedHop, forwardedHop } from '../../semantics/address/forwarded.ts';
import { xForwardedHop } from '../../semantics/address/x-forwarded.ts';
import type { FieldSection } from '../../semantics/field-section.ts';
import type { RequestHead } from '../../semantics/request-head.ts';
import type { TrustedPeers } from './trusted-peers.ts';

/** What takes the place of the socket's and the request's own. */
export interface Forwarded {
  /** `undefined` where the proxy says nothing of the client. */
  readonly remoteAddress: SocketAddress | undefined;
  /** As `Origins` makes it; `undefined` where not even the request's own authority is a URL's. */
  readonly origin: string | undefined;
}

/** The proxy does not say who asked it. It is not the proxy itself, whose address may be worth more than a client's. */
const UNKNOWN: SocketAddress = { address: '', port: 0, family: '' };

export class Forwarding {
  readonly #trusted: TrustedPeers;
  readonly #read: (fields: FieldSection) => ForwardedHop | undefined;
  readonly #origins = { http: new Origins('http'), https: new Origins('https') };

  constructor(fields: 'forwarded' | 'x-forwarded', trusted: TrustedPeers) {
    this.#trusted = trusted;
    const isTrusted = trusted.has.bind(trusted);
    this.#read =
      fields === 'forwarded'
        ? (section) => forwardedHop(section.lines('forwarded'), isTrusted)
        : (section) =>
            xForwardedHop(
              {
                for: section.lines('x-forwarded-for'),
                proto: section.lines('x-forwarded-proto'),
                host: section.lines('x-forwarded-host'),
              },
              isTrusted,
            );
  }

  /**
   * Whether a request may be for another scheme than that of its connection: a trusted gateway may pass it on (RFC 9110 §7.4).
   * Only over HTTP/2, where gateways set the scheme. In HTTP/1, a target with a scheme is what the client wrote.
   */
  allowsScheme(head: RequestHead, peer: SocketAddress): boolean {
    const scheme = schemeOfGateway(head);
    return (scheme === 'https' || scheme === 'http') && this.#trusted.has(peer);
  }

  /**
   * @param authority of the request itself.
   * @param peer who sent it.
   * @returns `undefined` when the peer is a client, or has nothing to say.
   */
  of(head: RequestHead, authority: string, peer: SocketAddress): Forwarded | undefined {
    if (!this.#trusted.has(peer)) return undefined;
    const hop = this.#read(head.fields);
    const { http, https } = this.#origins;
    const scheme = schemeOfGateway(head);
    const origins = (hop?.scheme ?? scheme) === 'https' ? https : http;
    if (hop === undefined) {
      if (scheme === undefined) return undefined;
      return { remoteAddress: undefined, origin: origins.of(authority) };
    }
    const remoteAddress = hop.client ?? UNKNOWN;
    // The target of a CONNECT is where the tunnel goes to, whichever way it came.
    if (head.connect?.protocol === null) return { remoteAddress, origin: http.of(authority) };
    const origin = hop.host === undefined ? undefined : origins.of(hop.host);
    return { remoteAddress, origin: origin ?? origins.of(authority) };
  }
}

const schemeOfGateway = ({ version, scheme }: RequestHead): string | undefined =>
  version === '2' ? scheme : undefined;
