/**
 * Pieces of content that were decoded from one read, gathered into one chunk of a byte stream. Each chunk costs the stream some
 * microseconds, and takes the memory that it is in: so a piece is copied once, into memory that nothing else uses.
 */
import { Buffer } from 'node:buffer';
import { kept } from '../../io/shared-reading.ts';
import { toArrayBuffer } from '../body-conversions.ts';

/** A chunk of this size is large enough. */
export const ENOUGH_OCTETS = 64 * 1024;
const SMALLEST_BLOCK = 4 * 1024;

export class GatheredChunk {
  length = 0;
  /** The first piece, while it is the only one. */
  #only: Uint8Array | undefined;
  #block: Uint8Array | undefined;
  readonly #expected: number;

  /** @param expected bytes of the chunk before: this one is probably as long. */
  constructor(expected: number) {
    this.#expected = expected;
  }

  add(octets: Uint8Array): void {
    if (this.length === 0 && octets.length * 2 > this.#expected) {
      this.#only = kept(octets);
      this.length = octets.length;
      return;
    }
    this.#blockFor(this.length + octets.length).set(octets, this.length);
    this.length += octets.length;
  }

  #blockFor(length: number): Uint8Array {
    const block = this.#block;
    if (block !== undefined && length <= block.length) return block;
    const most = this.#expected >= length ? this.#expected : length * 2;
    const larger = Buffer.allocUnsafeSlow(Math.max(SMALLEST_BLOCK, most));
    const before = this.#only ?? block?.subarray(0, this.length);
    if (before !== undefined) larger.set(before);
    this.#only = undefined;
    this.#block = larger;
    return larger;
  }

  /** @returns all of it, in memory that the stream may take. */
  take(): Uint8Array<ArrayBuffer> {
    const { length } = this;
    const block = this.#block;
    if (block === undefined) return new Uint8Array(toArrayBuffer(this.#only!));
    // Memory that is mostly empty is not given away.
    const isFull = length * 2 >= block.length;
    return isFull
      ? new Uint8Array(block.buffer as ArrayBuffer, 0, length)
      : new Uint8Array(block.subarray(0, length));
  }
}
