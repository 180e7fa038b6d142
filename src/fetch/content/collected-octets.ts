/**
 * Content that is collected as it arrives. Pieces are copied together into blocks, because a view costs a hundred bytes and keeps all
 * of the buffer that it looks into, so that 16 MiB in chunks of two bytes would take a gigabyte. If the length is known, one block
 * holds all of it, which saves the last copy. A single piece, which most content is, stays as it is.
 */
import { Buffer } from 'node:buffer';
import { isShared, kept } from '../../io/shared-reading.ts';

/** A piece of this size is not copied, unless it is in the shared buffer. */
const SMALL = 4 * 1024;
const LARGEST_BLOCK = 64 * 1024;
/** A block for content of known length is as many times larger than what has arrived: a client may promise more than it sends. */
const AHEAD = 8;
/** Bytes to be read at once. */
const MOST_READ = 256 * 1024;

export class CollectedOctets {
  /** The first piece, while it is the only one. */
  #only: Uint8Array | undefined;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  /** It is filled up to `#blockLength`, and is not yet among the pieces. */
  #block: Uint8Array | undefined;
  #blockLength = 0;
  /** Bytes of the whole content, or -1. Known from the second piece on. */
  #expected = -1;
  readonly #expectedLength: () => number;

  /** @param expectedLength the bytes of the whole content, or -1 if that is unknown. */
  constructor(expectedLength: () => number = () => -1) {
    this.#expectedLength = expectedLength;
  }

  /** Memory into which the next octets can be read before they are added. */
  room(): Uint8Array | undefined {
    this.#moveOnly();
    if (this.#length >= this.#expected) return undefined;
    const block = this.#blockFor(this.#blockLength + 1);
    return block.subarray(this.#blockLength, this.#blockLength + MOST_READ);
  }

  add(octets: Uint8Array): void {
    if (this.#length === 0) {
      this.#length = octets.length;
      this.#only = kept(octets);
      return;
    }
    this.#moveOnly();
    this.#length += octets.length;
    if (this.#isInPlace(octets)) this.#blockLength += octets.length;
    else this.#store(octets);
  }

  #moveOnly(): void {
    const only = this.#only;
    if (only === undefined) return;
    this.#only = undefined;
    this.#expected = this.#expectedLength();
    this.#store(only);
  }

  /** Whether the octets have been read into `room`. */
  #isInPlace({ buffer, byteOffset }: Uint8Array): boolean {
    const block = this.#block;
    return (
      block !== undefined && buffer === block.buffer && byteOffset === block.byteOffset + this.#blockLength
    );
  }

  #store(octets: Uint8Array): void {
    if (this.#length <= this.#expected) return this.#storeInOne(octets);
    if (octets.length >= SMALL && !isShared(octets)) {
      this.#endBlock();
      this.#pieces.push(octets);
      return;
    }
    for (let at = 0; at < octets.length; ) {
      if (this.#block === undefined || this.#blockLength === this.#block.length) {
        this.#endBlock();
        // As much again as has arrived, so that little content takes little.
        this.#block = Buffer.allocUnsafeSlow(Math.min(LARGEST_BLOCK, Math.max(SMALL, this.#length)));
      }
      const piece = octets.subarray(at, at + this.#block.length - this.#blockLength);
      this.#block.set(piece, this.#blockLength);
      this.#blockLength += piece.length;
      at += piece.length;
    }
  }

  #storeInOne(octets: Uint8Array): void {
    const length = this.#blockLength + octets.length;
    this.#blockFor(length).set(octets, this.#blockLength);
    this.#blockLength = length;
  }

  #blockFor(length: number): Uint8Array {
    const block = this.#block;
    if (block !== undefined && length <= block.length) return block;
    const larger = Buffer.allocUnsafeSlow(Math.min(this.#expected, length * AHEAD));
    if (block !== undefined) larger.set(block.subarray(0, this.#blockLength));
    this.#block = larger;
    return larger;
  }

  /** All of it, in one piece that is no part of a larger buffer. */
  join(): Uint8Array {
    if (this.#only !== undefined) return this.#only;
    this.#endBlock();
    if (this.#pieces.length === 1) return this.#pieces[0]!;
    // Not zeroed first, and no part of Buffer's pool: a byte stream takes the whole buffer.
    const joined = Buffer.allocUnsafeSlow(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }

  #endBlock(): void {
    const block = this.#block;
    if (block === undefined) return;
    this.#pieces.push(block.subarray(0, this.#blockLength));
    this.#block = undefined;
    this.#blockLength = 0;
  }
}
