/** Puts PROXY headers of version 2 together, right or wrong in one place. */
import { crc32c } from '../../src/proxy-protocol/crc32c.ts';
import { latin1 } from '../support/each-split.ts';

export const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n';

export interface ProxyHeaderParts {
  readonly signature?: string;
  /** Version and command; default 0x21: version 2, PROXY. */
  readonly command?: number;
  /** Family and transport; default 0x11: TCP over IPv4. */
  readonly family?: number;
  /** The addresses and ports, one character an octet; default 192.0.2.1:1024 to 198.51.100.2:443. */
  readonly addresses?: string;
  /** What follows them. */
  readonly tlvs?: string;
  /** What the length field says; default the truth. */
  readonly length?: number;
}

export const IPV4_ADDRESSES = '\xc0\x00\x02\x01\xc6\x33\x64\x02\x04\x00\x01\xbb';

export function proxyHeader(parts: ProxyHeaderParts = {}): string {
  const {
    signature = SIGNATURE,
    command = 0x21,
    family = 0x11,
    addresses = IPV4_ADDRESSES,
    tlvs = '',
  } = parts;
  const { length = addresses.length + tlvs.length } = parts;
  return signature + String.fromCharCode(command, family, length >> 8, length & 0xff) + addresses + tlvs;
}

export function tlv(type: number, value: string): string {
  return String.fromCharCode(type, value.length >> 8, value.length & 0xff) + value;
}

/** A header whose last TLV is its CRC32c. */
export function withChecksum(parts: ProxyHeaderParts = {}): string {
  const header = proxyHeader({ ...parts, tlvs: `${parts.tlvs ?? ''}${tlv(3, '\0\0\0\0')}` });
  const sum = crc32c(latin1(header));
  const octets = [sum >>> 24, (sum >>> 16) & 0xff, (sum >>> 8) & 0xff, sum & 0xff];
  return header.slice(0, -4) + String.fromCharCode(...octets);
}
