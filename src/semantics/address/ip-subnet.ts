/** A subnet of IP addresses, written as an address and the length of its prefix (RFC 4632 §3.1, RFC 4291 §2.3). */
import { isIPv4, isIPv6, mappedIPv4 } from './ip-address.ts';

export interface IPSubnet {
  readonly address: string;
  /** Length of the prefix in bits; all bits for a single address. */
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/**
 * `10.0.0.0/8`, `2001:db8::/32`, or one address. `::ffff:10.0.0.0/104` is `10.0.0.0/8`.
 *
 * @returns `undefined` if the text is none of these.
 */
export function parseSubnet(text: string): IPSubnet | undefined {
  const [address = '', prefixText, ...more] = text.split('/');
  if (more.length > 0 || !(isIPv4(address) || isIPv6(address))) return undefined;
  const bits = isIPv4(address) ? 32 : 128;
  if (prefixText !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(prefixText)) return undefined;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if (prefix > bits) return undefined;
  const mapped = mappedIPv4(address);
  if (mapped === undefined) return { address, prefix, family: bits === 32 ? 'ipv4' : 'ipv6' };
  return prefix < 96 ? undefined : { address: mapped, prefix: prefix - 96, family: 'ipv4' };
}
