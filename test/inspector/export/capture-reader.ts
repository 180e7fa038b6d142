/** Reads a capture file (pcapng) with packets of TCP, and checks what a reader relies on. */
import assert from 'node:assert/strict';

export interface CaptureBlock {
  readonly type: number;
  readonly body: Buffer;
  readonly options: ReadonlyMap<number, Buffer>;
}

/** Octets before the options, without those whose number is in the block. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [0x0a0d0d0a, 16],
  [1, 8],
  [6, 20],
]);

export function readBlocks(file: Buffer): CaptureBlock[] {
  const blocks: CaptureBlock[] = [];
  for (let at = 0; at < file.length; ) {
    const [type, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
    assert.equal(length % 4, 0);
    assert.equal(file.readUInt32LE(at + length - 4), length, 'the length stands at both ends');
    const body = file.subarray(at + 8, at + length - 4);
    const data = type === 6 ? padded(body.readUInt32LE(12)) : 0;
    blocks.push({ type, body, options: readOptions(body.subarray((FIXED.get(type) ?? body.length) + data)) });
    at += length;
  }
  return blocks;
}

function readOptions(octets: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; at < octets.length; ) {
    const [code, length] = [octets.readUInt16LE(at), octets.readUInt16LE(at + 2)];
    if (code === 0) {
      assert.equal(at + 4, octets.length, 'nothing follows the end of the options');
      break;
    }
    options.set(code, octets.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  return options;
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

export interface CapturedPacket {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly source: string;
  readonly destination: string;
  readonly sequence: number;
  readonly acknowledged: number;
  /** `SYN`, `ACK` and so on, in the order of their bits. */
  readonly flags: string;
  readonly content: Buffer;
  /** Octets of its content that are not in the file. */
  readonly missing: number;
  readonly comment: string | undefined;
  readonly isInbound: boolean;
}

export const readPackets = (file: Buffer): CapturedPacket[] =>
  readBlocks(file)
    .filter(({ type }) => type === 6)
    .map(readPacket);

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK'];

function readPacket({ body, options }: CaptureBlock): CapturedPacket {
  const [high, low] = [body.readUInt32LE(4), body.readUInt32LE(8)];
  const [captured, original] = [body.readUInt32LE(12), body.readUInt32LE(16)];
  const packet = body.subarray(20, 20 + captured);
  const isIpv6 = packet[0]! >> 4 === 6;
  const ip = packet.subarray(0, isIpv6 ? 40 : 20);
  const length = isIpv6 ? 40 + packet.readUInt16BE(4) : packet.readUInt16BE(2);
  assert.equal(length, original, 'IP and the file say the same');
  if (!isIpv6) assert.equal(onesSum(ip), 0xffff, 'the checksum of IPv4');
  const addresses = isIpv6 ? ip.subarray(8) : ip.subarray(12);
  const tcp = packet.subarray(ip.length);
  const pseudo = Buffer.concat([
    addresses,
    Buffer.from([0, 6, (length - ip.length) >> 8, (length - ip.length) & 255]),
  ]);
  const whole = Buffer.concat([pseudo, tcp]);
  assert.equal(onesSum(whole), 0xffff, 'the checksum of TCP');
  const half = addresses.length / 2;
  return {
    time: (high * 2 ** 32 + low) / 1_000,
    source: `${addresses.subarray(0, half).toString('hex')}:${tcp.readUInt16BE(0)}`,
    destination: `${addresses.subarray(half).toString('hex')}:${tcp.readUInt16BE(2)}`,
    sequence: tcp.readUInt32BE(4),
    acknowledged: tcp.readUInt32BE(8),
    flags: FLAGS.filter((_, bit) => (tcp[13]! >> bit) & 1).join(' '),
    content: tcp.subarray((tcp[12]! >> 4) * 4),
    missing: original - captured,
    comment: options.get(1)?.toString(),
    isInbound: options.get(2)?.[0] === 1,
  };
}

/** RFC 1071 §1 */
function onesSum(octets: Buffer): number {
  let sum = 0;
  for (let i = 0; i < octets.length; i++) sum += octets[i]! << (i % 2 === 0 ? 8 : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** Both directions of a connection as readers put them together: a gap is `[N]`. */
export function readStreams(packets: readonly CapturedPacket[]): string[] {
  const streams = new Map<string, { next: number; text: string }>();
  for (const { source, destination, sequence, flags, content, missing } of packets) {
    const key = `${source} ${destination}`;
    const stream = (flags === 'SYN' ? undefined : streams.get(key)) ?? { next: sequence, text: '' };
    streams.set(key, stream);
    assert.ok(sequence >= stream.next, 'nothing is sent again');
    if (sequence > stream.next) stream.text += `[${sequence - stream.next}]`;
    stream.text += content.toString('latin1');
    stream.next = sequence + content.length + (/SYN|FIN/.test(flags) ? 1 : 0);
    if (missing > 0) stream.text += '…';
    stream.next += missing;
  }
  return [...streams.values()].map(({ text }) => text);
}
