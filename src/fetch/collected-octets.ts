/**
 * Content that is collected as it arrives. Small pieces are copied together: a view costs a hundred octets and keeps the
 * whole read buffer that it looks into, so that 16 MiB in chunks of two octets would take a gigabyte. A single piece, which
 * most content is, stays as it is: 1.5 µs less of a small POST.
 */
import { Buffer } from 'node:buffer';
import { kept } from '../io/shared-reading.ts';

const SMALL = 4 * 1024;
const TAIL_SIZE = 64 * 1024;

export class CollectedOctets {
  /** The first piece, while it is the only one. */
  #only: Uint8Array | undefined;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  /** Small pieces, up to `#tailLength`; not yet among the pieces. */
  #tail: Uint8Array | undefined;
  #tailLength = 0;

  add(octets: Uint8Array): void {
    if (this.#length === 0) {
      this.#length = octets.length;
      this.#only = kept(octets);
      return;
    }
    if (this.#only !== undefined) {
      this.#keep(this.#only);
      this.#only = undefined;
    }
    this.#length += octets.length;
    this.#keep(octets);
  }

  #keep(octets: Uint8Array): void {
    if (octets.length >= SMALL) {
      this.#endTail();
      this.#pieces.push(kept(octets));
      return;
    }
    if (this.#tail === undefined || this.#tailLength + octets.length > this.#tail.length) {
      this.#endTail();
      // As much again as there is, so that little content takes little.
      this.#tail = new Uint8Array(Math.min(TAIL_SIZE, Math.max(SMALL, this.#length)));
    }
    this.#tail.set(octets, this.#tailLength);
    this.#tailLength += octets.length;
  }

  /** All of it, in one piece. */
  join(): Uint8Array {
    if (this.#only !== undefined) return this.#only;
    this.#endTail();
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

  #endTail(): void {
    if (this.#tail === undefined) return;
    this.#pieces.push(this.#tail.slice(0, this.#tailLength));
    this.#tail = undefined;
    this.#tailLength = 0;
  }
}
