/**
 * Frames to octets (RFC 6455 §5). Short ones of a server are collected as latin1 text, one character an octet, so that all frames of
 * one turn leave in one write, as the heads of HTTP do.
 */
import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Outbound } from '../../io/outbound.ts';
import { TEXT } from './frame-decoder.ts';
import { applyMask, writeMask } from './masking.ts';

const FINAL = 0x80;
const MASKED = 0x80;
const RSV1 = 0x40;
/** Longer payloads are written as they are: another copy would cost more than another piece of the write. */
const MOST_COLLECTED = 4 * 1024;

export class FrameWriter {
  readonly #octets: Duplex;
  readonly #outbound: Outbound;
  readonly #masks: boolean;

  /** @param masks as a client has to (RFC 6455 §5.1). */
  constructor(octets: Duplex, masks: boolean) {
    this.#octets = octets;
    this.#outbound = new Outbound(octets as Socket);
    this.#masks = masks;
  }

  /** Bytes that the connection has not taken. */
  get waiting(): number {
    return this.#outbound.collected + this.#octets.writableLength;
  }

  text(text: string): void {
    if (this.#masks || text.length > MOST_COLLECTED || Buffer.byteLength(text) !== text.length)
      return this.frame(TEXT, Buffer.from(text), false);
    // ASCII: each character is an octet.
    this.#outbound.text(headOf(FINAL | TEXT, text.length) + text);
  }

  /** @param payload must not be changed any more. */
  frame(opcode: number, payload: Uint8Array, isCompressed: boolean): void {
    const first = FINAL | opcode | (isCompressed ? RSV1 : 0);
    const { length } = payload;
    if (this.#masks) return this.#outbound.octets(masked(first, payload));
    this.#outbound.text(headOf(first, length));
    if (length <= MOST_COLLECTED) this.#outbound.text(latin1Of(payload));
    else this.#outbound.octets(payload);
  }

  /** Frames that were made before, as latin1 text if they are short. */
  made(frames: string | Uint8Array): void {
    if (typeof frames === 'string') this.#outbound.text(frames);
    else this.#outbound.octets(frames);
  }

  flush(): void {
    this.#outbound.flush();
  }

  /** Flushes when everything that can run now has run. */
  flushSoon(): void {
    this.#outbound.flushSoon(this);
  }
}

export const latin1Of = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('latin1');

/** The first octets of an unmasked frame, as latin1 text. */
export function headOf(first: number, length: number): string {
  if (length < 126) return String.fromCharCode(first, length);
  if (length < 65_536) return String.fromCharCode(first, 126, length >> 8, length & 0xff);
  return String.fromCharCode(first, 127) + latin1Of(lengthOctets(length));
}

function lengthOctets(length: number): Buffer {
  const octets = Buffer.allocUnsafe(8);
  octets.writeUInt32BE(Math.floor(length / 2 ** 32), 0);
  octets.writeUInt32BE(length % 2 ** 32, 4);
  return octets;
}

function masked(first: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const octets = Buffer.allocUnsafe(head + 4 + length);
  octets[0] = first;
  octets[1] = MASKED | (head === 2 ? length : head === 4 ? 126 : 127);
  if (head === 4) octets.writeUInt16BE(length, 2);
  else if (head === 10) octets.set(lengthOctets(length), 2);
  writeMask(octets, head);
  octets.set(payload, head + 4);
  applyMask(octets, head + 4, head + 4 + length, octets, head);
  return octets;
}
