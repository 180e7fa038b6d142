/**
 * Frames to octets (RFC 6455 §5). Short ones of a server are collected as latin1 text, one character an octet, so that all frames of
 * one turn leave in one write, as the heads of HTTP do.
 */
import { Buffer } from 'node:buffer';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { FINAL, MASKED, RSV1, TEXT } from './frame-decoder.ts';
import { applyMask, writeMask } from './masking.ts';

/** Longer payloads are written as they are: another copy would cost more than another piece of the write. */
const MOST_COLLECTED = 4 * 1024;
/** Collected text beyond this is sent before more is added, so that a long batch does not become one huge string. */
const ENOUGH_TEXT = 64 * 1024;

/**
 * A class to extend, as `MessageSender` is, and not an object beside others: most WebSockets are idle, and there are many. An object
 * costs three words more than its members.
 */
export abstract class FrameWriter {
  protected readonly octets: Duplex;
  #text = '';
  #willFlush = false;

  constructor(octets: Duplex) {
    this.octets = octets;
  }

  /** RFC 6455 §5.1: a client masks all frames, and a server none. */
  protected abstract readonly masks: boolean;

  /** Sends what was written, unless more follows at once. */
  abstract flush(): void;

  /** Bytes that the connection has not taken. */
  protected get unsent(): number {
    return this.#text.length + this.octets.writableLength;
  }

  protected writeText(text: string): void {
    if (this.masks || text.length > MOST_COLLECTED || Buffer.byteLength(text) !== text.length)
      return this.writeFrame(TEXT, Buffer.from(text), false);
    // ASCII: each character is an octet.
    this.#collect(headOf(FINAL | TEXT, text.length) + text);
  }

  /** @param payload must not be changed any more. */
  protected writeFrame(opcode: number, payload: Uint8Array, isCompressed: boolean): void {
    const first = FINAL | opcode | (isCompressed ? RSV1 : 0);
    const { length } = payload;
    if (this.masks) this.#write(masked(first, payload));
    else if (length <= MOST_COLLECTED) this.#collect(headOf(first, length) + latin1Of(payload));
    else {
      this.#text += headOf(first, length);
      this.#write(payload);
    }
  }

  /** Frames that were made before, as latin1 text if they are short. */
  protected writeMade(frames: string | Uint8Array): void {
    if (typeof frames === 'string') this.#collect(frames);
    else this.#write(frames);
  }

  #collect(text: string): void {
    this.#text += text;
    if (this.#text.length > ENOUGH_TEXT) this.writeCollected();
  }

  /** In one system call with what was collected. */
  #write(octets: Uint8Array): void {
    if (this.#text === '') return void this.octets.write(octets);
    this.octets.cork();
    this.writeCollected();
    this.octets.write(octets);
    this.octets.uncork();
  }

  protected writeCollected(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.octets.write(text, 'latin1');
  }

  /** Flushes when everything that can run now has run. */
  protected flushSoon(): void {
    if (this.#willFlush) return;
    this.#willFlush = true;
    // One turn for all of them: a message may go to thousands.
    if (waiting.push(this) > 1) return;
    // A tick runs before the microtasks of the callback that it comes from, and the ticks that they add run after all of them.
    void SETTLED.then(flushNextTick);
  }

  /** For {@link flushSoon}. */
  static flushAll(): void {
    const writers = waiting;
    waiting = [];
    for (const writer of writers) {
      writer.#willFlush = false;
      writer.flush();
    }
  }
}

const SETTLED = Promise.resolve();
const flushNextTick = (): void => process.nextTick(FrameWriter.flushAll);
/** Those that will flush soon. */
let waiting: FrameWriter[] = [];

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
