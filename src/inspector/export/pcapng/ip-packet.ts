/** One TCP segment in one IP packet, as it would have been on the wire (RFC 9293 §3.1, RFC 791 §3.1, RFC 8200 §3). */
import { Buffer } from 'node:buffer';

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PUSH = 0x08;
export const ACK = 0x10;

const IPV4_OCTETS = 20;
const IPV6_OCTETS = 40;
const TCP_OCTETS = 20;
const PROTOCOL_TCP = 6;
const TIME_TO_LIVE = 64;
const DO_NOT_FRAGMENT = 0x4000;

/** Content of a segment, at most: with all headers it fits into the 16 bits of the length of an IP packet. */
export const MOST_SEGMENT = 65_000;

const WINDOW = 0xffff;
/** In the SYN: the largest segment, and a window of 1 GiB (RFC 9293 §3.7.1, RFC 7323 §2.2). So no window is ever full. */
const SYN_OPTIONS = Uint8Array.of(2, 4, MOST_SEGMENT >> 8, MOST_SEGMENT & 0xff, 1, 3, 3, 14);
const NONE = new Uint8Array(0);

/** Four octets for IPv4, sixteen for IPv6. Both ends of a packet have the same. */
export interface End {
  readonly address: Uint8Array;
  readonly port: number;
}

export interface Segment {
  readonly from: End;
  readonly to: End;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly octets: Uint8Array;
  /** Octets that follow in this segment, and are not known. */
  readonly missing: number;
}

/** @returns the packet without the octets that are missing; its lengths say that they were there. */
export function ipPacket(segment: Segment): Uint8Array {
  const { from, to, octets, missing } = segment;
  const isIpv6 = from.address.length === 16;
  const options = (segment.flags & SYN) === 0 ? NONE : SYN_OPTIONS;
  const ipLength = isIpv6 ? IPV6_OCTETS : IPV4_OCTETS;
  const headLength = TCP_OCTETS + options.length;
  const tcpLength = headLength + octets.length + missing;
  const packet = Buffer.alloc(ipLength + headLength + octets.length);
  if (isIpv6) {
    packet.writeUInt8(0x60, 0);
    packet.writeUInt16BE(tcpLength, 4);
    packet.writeUInt8(PROTOCOL_TCP, 6);
    packet.writeUInt8(TIME_TO_LIVE, 7);
    packet.set(from.address, 8);
    packet.set(to.address, 24);
  } else {
    packet.writeUInt8(0x45, 0);
    packet.writeUInt16BE(IPV4_OCTETS + tcpLength, 2);
    packet.writeUInt16BE(DO_NOT_FRAGMENT, 6);
    packet.writeUInt8(TIME_TO_LIVE, 8);
    packet.writeUInt8(PROTOCOL_TCP, 9);
    packet.set(from.address, 12);
    packet.set(to.address, 16);
    packet.writeUInt16BE(checksum(sumOf(packet.subarray(0, IPV4_OCTETS))), 10);
  }
  const tcp = packet.subarray(ipLength);
  tcp.writeUInt16BE(from.port, 0);
  tcp.writeUInt16BE(to.port, 2);
  tcp.writeUInt32BE(segment.sequence >>> 0, 4);
  tcp.writeUInt32BE(segment.acknowledged >>> 0, 8);
  tcp.writeUInt8((headLength / 4) << 4, 12);
  tcp.writeUInt8(segment.flags, 13);
  tcp.writeUInt16BE(WINDOW, 14);
  tcp.set(options, TCP_OCTETS);
  tcp.set(octets, headLength);
  // Missing octets count as zeros. No program checks the sum of a packet that it does not have whole.
  const pseudo = sumOf(from.address) + sumOf(to.address) + PROTOCOL_TCP + tcpLength;
  tcp.writeUInt16BE(checksum(pseudo + sumOf(tcp)), 16);
  return packet;
}

/** Of 16-bit words; the last octet stands first in its word (RFC 1071 §1). */
function sumOf(octets: Uint8Array): number {
  let sum = 0;
  const even = octets.length & ~1;
  for (let i = 0; i < even; i += 2) sum += (octets[i]! << 8) | octets[i + 1]!;
  return even < octets.length ? sum + (octets[even]! << 8) : sum;
}

function checksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
