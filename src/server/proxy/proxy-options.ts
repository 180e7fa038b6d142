/** The option `proxy` of `serve` and `listen`: whom to believe about the client, and by which words. */
import { Forwarding } from './forwarding.ts';
import { TrustedPeers } from './trusted-peers.ts';

/** Ours: what stands in front of the server. Without it, nothing that a peer says of others is believed. */
export interface ProxyOptions {
  /**
   * The proxies: addresses, subnets such as `"10.0.0.0/8"`, and `"unix"` for whoever may connect to a unix socket. Everybody
   * else is a client, whatever they say.
   */
  trusted?: readonly string[];
  /**
   * Each connection of a trusted peer begins with a PROXY header, version 1 or 2, or is closed; `timeouts.headers` holds for it.
   * Default false.
   */
  protocol?: boolean;
  /**
   * The fields in which a trusted peer says who the client is, by which scheme and for which host: `Forwarded` (RFC 7239), or
   * `X-Forwarded-For`, `-Proto` and `-Host`. Only one of the two, because a client can send the other. Default: neither.
   */
  fields?: 'forwarded' | 'x-forwarded';
}

/** What is believed, once the options have been read. */
export interface ProxySettings {
  readonly trusted: TrustedPeers;
  readonly protocol: boolean;
  readonly forwarding: Forwarding | undefined;
}

const NAMES = ['trusted', 'protocol', 'fields'];

/** @throws {TypeError} naming the option and the value. */
export function checkProxyOptions(options: ProxyOptions | undefined): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`options.proxy: not an object: ${String(options)}`);
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) throw new TypeError(`options.proxy.${name}: there is no such option`);
  }
  const { trusted, protocol, fields } = options;
  if (trusted !== undefined) {
    const isList = Array.isArray(trusted) && trusted.every((rule) => typeof rule === 'string');
    if (!isList) throw new TypeError(`options.proxy.trusted: not a list of addresses: ${String(trusted)}`);
  }
  if (protocol !== undefined && typeof protocol !== 'boolean')
    throw new TypeError(`options.proxy.protocol: not a boolean: ${String(protocol)}`);
  if (fields !== undefined && fields !== 'forwarded' && fields !== 'x-forwarded')
    throw new TypeError(`options.proxy.fields: neither "forwarded" nor "x-forwarded": ${String(fields)}`);
}

/**
 * @param options that have been checked.
 * @returns `undefined` when nobody is believed anything.
 * @throws {TypeError} for an address that is none, and where half of what is needed is missing.
 */
export function resolveProxy({ trusted, protocol = false, fields }: ProxyOptions): ProxySettings | undefined {
  const believesSomething = protocol || fields !== undefined;
  if (trusted === undefined) {
    if (!believesSomething) return undefined;
    throw new TypeError('options.proxy.trusted: missing; who may say who the client is?');
  }
  const peers = new TrustedPeers(trusted);
  if (!believesSomething)
    throw new TypeError('options.proxy: neither protocol nor fields: what may the trusted say?');
  return { trusted: peers, protocol, forwarding: fields && new Forwarding(fields, peers) };
}
