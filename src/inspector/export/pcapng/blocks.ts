/**
 * The blocks of a capture file in the format pcapng (draft-ietf-opsawg-pcapng §4), little-endian. Each block has its length at both
 * ends, and ends at a multiple of four octets.
 */
import { Buffer } from 'node:buffer';

// draft-ietf-opsawg-pcapng §4.1-§4.3, §4.7
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const DECRYPTION_SECRETS = 10;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Packets begin with the header of IPv4 or IPv6. */
const LINKTYPE_RAW = 101;
/** `TLSK`: lines in the format of NSS, SSLKEYLOGFILE. */
const TLS_KEY_LOG = 0x544c534b;

// Options (§3.5, §4.1-§4.3).
const END_OF_OPTIONS = 0;
const COMMENT = 1;
const SECTION_APPLICATION = 4;
const INTERFACE_NAME = 2;
const INTERFACE_DESCRIPTION_TEXT = 3;
const INTERFACE_TIME_RESOLUTION = 9;
const PACKET_FLAGS = 2;

/** Times are in microseconds: powers of ten. */
const MICROSECONDS = 6;

type Option = readonly [code: number, value: Uint8Array];

/** Begins a section, and with it the file. Its length is left open. */
export function sectionHeader(application: string, comment: string): Uint8Array {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  body.writeUInt16LE(1, 4);
  body.writeUInt16LE(0, 6);
  body.fill(0xff, 8);
  return block(SECTION_HEADER, body, [
    [COMMENT, Buffer.from(comment)],
    [SECTION_APPLICATION, Buffer.from(application)],
  ]);
}

/** The one interface, number 0: IP packets, with times in microseconds. */
export function interfaceDescription(name: string, description: string): Uint8Array {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(LINKTYPE_RAW, 0);
  return block(INTERFACE_DESCRIPTION, body, [
    [INTERFACE_NAME, Buffer.from(name)],
    [INTERFACE_DESCRIPTION_TEXT, Buffer.from(description)],
    [INTERFACE_TIME_RESOLUTION, Uint8Array.of(MICROSECONDS)],
  ]);
}

/** @param lines as the event `keylog` of a TLS socket gives them, each with its line feed. */
export function decryptionSecrets(lines: Uint8Array): Uint8Array {
  const body = Buffer.alloc(8 + padded(lines.length));
  body.writeUInt32LE(TLS_KEY_LOG, 0);
  body.writeUInt32LE(lines.length, 4);
  body.set(lines, 8);
  return block(DECRYPTION_SECRETS, body, []);
}

export interface Packet {
  /** Microseconds since 1970. */
  readonly time: number;
  readonly octets: Uint8Array;
  /** Octets that the packet had, of which these are the first ones. */
  readonly originalLength: number;
  /** From the view of the server. */
  readonly isInbound: boolean;
  readonly comment?: string | undefined;
}

export function enhancedPacket({ time, octets, originalLength, isInbound, comment }: Packet): Uint8Array {
  const body = Buffer.alloc(20 + padded(octets.length));
  body.writeUInt32LE(Math.floor(time / 2 ** 32), 4);
  body.writeUInt32LE(time % 2 ** 32, 8);
  body.writeUInt32LE(octets.length, 12);
  body.writeUInt32LE(originalLength, 16);
  body.set(octets, 20);
  const options: Option[] = [[PACKET_FLAGS, Uint8Array.of(isInbound ? 1 : 2, 0, 0, 0)]];
  if (comment !== undefined) options.push([COMMENT, Buffer.from(comment)]);
  return block(ENHANCED_PACKET, body, options);
}

function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  let optionOctets = options.length === 0 ? 0 : 4;
  for (const [, value] of options) optionOctets += 4 + padded(value.length);
  const length = 12 + body.length + optionOctets;
  const octets = Buffer.alloc(length);
  octets.writeUInt32LE(type, 0);
  octets.writeUInt32LE(length, 4);
  octets.set(body, 8);
  let at = 8 + body.length;
  for (const [code, value] of options) {
    octets.writeUInt16LE(code, at);
    octets.writeUInt16LE(value.length, at + 2);
    octets.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  if (options.length > 0) octets.writeUInt16LE(END_OF_OPTIONS, at);
  octets.writeUInt32LE(length, length - 4);
  return octets;
}

/** All values end at a multiple of four octets (§3.1). */
const padded = (length: number): number => (length + 3) & ~3;
