/** Collects octets piece by piece, in memory that grows as needed. */
import { NO_OCTETS } from './no-octets.ts';
import type { Runtime } from './runtime.ts';

/** Text up to this length is written octet by octet, because a native call takes longer. */
const SHORT_TEXT = 24;
/** Pieces up to this length are copied octet by octet, because `set` takes as long as 30 octets. */
const SHORT_PIECE = 24;

const LEAST_OCTETS = 1024;

/** Where the memory comes from; `free` gets it back when it has been replaced. */
interface WriterMemory extends Runtime {
  readonly free?: (octets: Uint8Array) => void;
}

export class OctetWriter {
  /** The octets that were written are the first `length` of these. Replaced when they are too short. */
  octets: Uint8Array;
  length = 0;
  readonly #runtime: WriterMemory;

  constructor(runtime: WriterMemory, octets: Uint8Array = NO_OCTETS) {
    this.#runtime = runtime;
    this.octets = octets;
  }

  /** Makes room for this many more octets. */
  reserve(count: number): void {
    if (this.length + count > this.octets.length) this.#grow(this.length + count);
  }

  octet(value: number): void {
    this.reserve(1);
    this.octets[this.length++] = value;
  }

  uint16(value: number): void {
    this.reserve(2);
    const { octets, length } = this;
    octets[length] = value >>> 8;
    octets[length + 1] = value;
    this.length += 2;
  }

  uint32(value: number): void {
    this.reserve(4);
    const { octets, length } = this;
    octets[length] = value >>> 24;
    octets[length + 1] = value >>> 16;
    octets[length + 2] = value >>> 8;
    octets[length + 3] = value;
    this.length += 4;
  }

  /** Copies `octets` from `start` to `end`. */
  piece(octets: Uint8Array, start = 0, end = octets.length): void {
    const count = end - start;
    this.reserve(count);
    if (count > SHORT_PIECE) {
      const isWhole = start === 0 && end === octets.length;
      this.octets.set(isWhole ? octets : octets.subarray(start, end), this.length);
    } else {
      const target = this.octets;
      const to = this.length - start;
      for (let i = start; i < end; i++) target[to + i] = octets[i]!;
    }
    this.length += count;
  }

  /** Writes text, one character an octet. */
  text(text: string): void {
    const count = text.length;
    this.reserve(count);
    if (count > SHORT_TEXT) {
      this.#runtime.writeLatin1(this.octets, text, this.length);
    } else {
      const target = this.octets;
      const to = this.length;
      for (let i = 0; i < count; i++) target[to + i] = text.charCodeAt(i);
    }
    this.length += count;
  }

  #grow(needed: number): void {
    const octets = this.#runtime.allocate(Math.max(needed, this.octets.length * 2, LEAST_OCTETS));
    octets.set(this.octets.subarray(0, this.length));
    this.#runtime.free?.(this.octets);
    this.octets = octets;
  }
}
