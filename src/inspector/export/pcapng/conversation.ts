/**
 * One TCP connection as packets: the handshake, the octets of both sides with their sequence numbers, and the end (RFC 9293 §3.5,
 * §3.6). The server has seen octets and no packets, so where one packet ends and the next begins is made up here.
 */
import type { Packet } from './blocks.ts';
import { ACK, type End, FIN, ipPacket, MOST_SEGMENT, PUSH, RST, SYN } from './ip-packet.ts';

/** Larger gaps in the sequence numbers would look like a step back. */
const MOST_GAP = 2 ** 30;
const NONE = new Uint8Array(0);

export type Side = 'client' | 'server';

/** Octets of one side. */
export interface Passed {
  /** Microseconds since 1970. */
  readonly time: number;
  /** Octets of its side that were before them, on the wire. */
  readonly offset: number;
  /** How many there were on the wire. Those in `octets` may be fewer or more. */
  readonly length: number;
  readonly octets: Uint8Array;
  /** Octets behind those in `octets` that are not known. */
  readonly missing: number;
  readonly comment?: string | undefined;
}

/** What one side has sent. */
interface Sent {
  /** The next sequence number. */
  next: number;
  /** Octets on the wire. */
  position: number;
  hasEnded: boolean;
}

export class Conversation {
  readonly #ends: Readonly<Record<Side, End>>;
  readonly #sent: Readonly<Record<Side, Sent>> = {
    client: { next: 0, position: 0, hasEnded: false },
    server: { next: 0, position: 0, hasEnded: false },
  };

  constructor(client: End, server: End) {
    this.#ends = { client, server };
  }

  *open(time: number, comment: string | undefined): Iterable<Packet> {
    yield this.#packet('client', time, SYN, { comment });
    yield this.#packet('server', time, SYN | ACK);
    yield this.#packet('client', time, ACK);
  }

  *pass(side: Side, { time, offset, length, octets, missing, comment }: Passed): Iterable<Packet> {
    const sent = this.#sent[side];
    const remarks = comment === undefined ? [] : [comment];
    const gap = offset - sent.position;
    if (gap > 0) {
      sent.next += Math.min(gap, MOST_GAP);
      remarks.unshift(`${gap} octets before this packet are not in this file.`);
    }
    sent.position = offset + length;
    // Only the last packet may lack octets, and has to end where the next message or frame begins.
    const whole = missing === 0 ? octets.length : Math.min(octets.length, MOST_SEGMENT - 1);
    for (let at = 0; at < whole || at === 0; at += MOST_SEGMENT) {
      const piece = octets.subarray(at, Math.min(whole, at + MOST_SEGMENT));
      const lacking = missing === 0 ? 0 : missing + octets.length - whole;
      const remark = at === 0 && remarks.length > 0 ? remarks.join(' ') : undefined;
      yield this.#packet(side, time, PUSH | ACK, { octets: piece, missing: lacking, comment: remark });
    }
  }

  /** One side ends; the other acknowledges it. */
  *end(side: Side, time: number): Iterable<Packet> {
    if (this.#sent[side].hasEnded) return;
    yield this.#packet(side, time, FIN | ACK);
    yield this.#packet(side === 'client' ? 'server' : 'client', time, ACK);
  }

  /** The connection is cut off. */
  *reset(side: Side, time: number): Iterable<Packet> {
    yield this.#packet(side, time, RST | ACK);
  }

  #packet(
    side: Side,
    time: number,
    flags: number,
    {
      octets = NONE,
      missing = 0,
      comment,
    }: { octets?: Uint8Array; missing?: number; comment?: string | undefined } = {},
  ): Packet {
    const [own, other] =
      side === 'client' ? (['client', 'server'] as const) : (['server', 'client'] as const);
    const sent = this.#sent[own];
    const inPacket = Math.min(missing, MOST_SEGMENT - octets.length);
    const segment = {
      from: this.#ends[own],
      to: this.#ends[other],
      sequence: sent.next,
      acknowledged: (flags & ACK) === 0 ? 0 : this.#sent[other].next,
      flags,
      octets,
      missing: inPacket,
    };
    const packet = ipPacket(segment);
    sent.next += octets.length + Math.min(missing, MOST_GAP) + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
    if ((flags & FIN) !== 0) sent.hasEnded = true;
    const originalLength = packet.length + inPacket;
    return { time, octets: packet, originalLength, isInbound: own === 'client', comment };
  }
}
