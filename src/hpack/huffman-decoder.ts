/**
 * Huffman decoding (RFC 7541 §5.2).
 *
 * A table is indexed by the next twelve bits. They begin with one or two complete codes, or with a longer code, which only rare
 * octets have. The table has 16 KiB. A table of states and octets has 256 KiB and is not faster, even when all of it is in the
 * cache. A table of states and four bits takes twice the time.
 */
import { CODE, CODE_LENGTH, EOS } from './huffman-code.ts';
import { OCTET_KIND } from './octet-kinds.ts';

/** Bits of an index into the table. */
const BITS = 12;
const MASK = (1 << BITS) - 1;

// An entry, from the lowest bit: first symbol (8), second symbol (8), bits of their codes (4), number of symbols (2), their kinds.
const SECOND_SHIFT = 8;
const LENGTH_SHIFT = 16;
const COUNT_SHIFT = 20;
const KIND_SHIFT = 22;
/** The bits begin with a code of more than twelve bits. */
const LONG = 0;

const LONGEST_CODE = 30;
const MOST_PADDING = 7;

export const HUFFMAN_FAILED = -1;

const ENTRIES = makeEntries();
/** The symbols with codes of more than twelve bits, in the order of their codes. */
const LONG_SYMBOLS = [...CODE_LENGTH.keys()]
  .filter((symbol) => CODE_LENGTH[symbol]! > BITS)
  .sort((a, b) => CODE_LENGTH[a]! - CODE_LENGTH[b]! || a - b);

export class HuffmanDecoder {
  /** After `decode`: the flags of `octet-kinds` for the octets of the string. */
  kinds = 0;
  /** After `#long`: the length of the code in bits. */
  #length = 0;

  /**
   * Decodes `octets` from `start` to `end` into `target`, from `to` on. The result has at most 8/5 as many octets. One more octet
   * of `target` may be overwritten.
   *
   * @returns the offset after the result. HUFFMAN_FAILED if the string contains EOS, or if its padding is longer than seven bits
   *   or is not the beginning of EOS.
   */
  decode(octets: Uint8Array, start: number, end: number, target: Uint8Array, to: number): number {
    let kinds = 0;
    let at = to;
    let i = start;
    // The lowest `bits` bits have not been decoded; the bits above them have.
    let waiting = 0;
    let bits = 0;
    for (;;) {
      if (bits < BITS) {
        if (i + 1 < end) {
          waiting = (waiting << 16) | (octets[i]! << 8) | octets[i + 1]!;
          bits += 16;
          i += 2;
        } else if (i < end) {
          waiting = (waiting << 8) | octets[i++]!;
          bits += 8;
          if (bits < BITS) continue;
        } else {
          break;
        }
      }
      const entry = ENTRIES[(waiting >>> (bits - BITS)) & MASK]!;
      if (entry !== LONG) {
        kinds |= entry;
        target[at] = entry;
        target[at + 1] = entry >>> SECOND_SHIFT;
        at += (entry >>> COUNT_SHIFT) & 3;
        bits -= (entry >>> LENGTH_SHIFT) & 15;
        continue;
      }
      const bitAt = i * 8 - bits;
      const symbol = this.#long(octets, bitAt, end * 8);
      if (symbol === HUFFMAN_FAILED) return HUFFMAN_FAILED;
      kinds |= OCTET_KIND[symbol]! << KIND_SHIFT;
      target[at++] = symbol;
      const next = bitAt + this.#length;
      i = next >>> 3;
      bits = 0;
      if ((next & 7) !== 0) {
        waiting = octets[i++]!;
        bits = 8 - (next & 7);
      }
    }
    // Fewer than twelve bits are left. They are filled up with ones, as the padding is: EOS begins with ones.
    while (bits > 0) {
      const entry = ENTRIES[((waiting << (BITS - bits)) | (MASK >>> bits)) & MASK]!;
      if (entry === LONG) {
        if (bits > MOST_PADDING) return HUFFMAN_FAILED;
        break;
      }
      const symbol = entry & 0xff;
      const length = CODE_LENGTH[symbol]!;
      if (length > bits) return HUFFMAN_FAILED;
      kinds |= OCTET_KIND[symbol]! << KIND_SHIFT;
      target[at++] = symbol;
      bits -= length;
    }
    this.kinds = (kinds >>> KIND_SHIFT) & 3;
    return at;
  }

  /** Decodes a code of more than twelve bits. @returns its symbol, or HUFFMAN_FAILED. */
  #long(octets: Uint8Array, bitAt: number, bitEnd: number): number {
    let code = 0;
    let place = 0;
    for (let length = 1; length <= LONGEST_CODE; length++) {
      const bit = bitAt + length - 1;
      if (bit >= bitEnd) return HUFFMAN_FAILED;
      code = (code << 1) | ((octets[bit >>> 3]! >>> (7 - (bit & 7))) & 1);
      // The symbols are in the order of their codes, so those of this length come next.
      for (; CODE_LENGTH[LONG_SYMBOLS[place]!] === length; place++) {
        if (CODE[LONG_SYMBOLS[place]!] !== code) continue;
        this.#length = length;
        return LONG_SYMBOLS[place] === EOS ? HUFFMAN_FAILED : LONG_SYMBOLS[place]!;
      }
    }
    return HUFFMAN_FAILED;
  }
}

function makeEntries(): Int32Array {
  const one = new Int16Array(1 << BITS).fill(-1);
  for (let symbol = 0; symbol < EOS; symbol++) {
    const spare = BITS - CODE_LENGTH[symbol]!;
    if (spare >= 0) one.fill(symbol, CODE[symbol]! << spare, (CODE[symbol]! + 1) << spare);
  }
  const entries = new Int32Array(1 << BITS);
  for (let bits = 0; bits < entries.length; bits++) {
    const first = one[bits]!;
    if (first < 0) continue;
    const firstLength = CODE_LENGTH[first]!;
    // The second code must be complete: the zeros that were shifted in are not part of it.
    const second = one[(bits << firstLength) & MASK]!;
    const length = firstLength + (second < 0 ? BITS : CODE_LENGTH[second]!);
    if (length <= BITS) entries[bits] = entryOf(first, second, length, 2);
    else entries[bits] = entryOf(first, 0, firstLength, 1);
  }
  return entries;
}

function entryOf(first: number, second: number, length: number, count: number): number {
  const kinds = count === 2 ? OCTET_KIND[first]! | OCTET_KIND[second]! : OCTET_KIND[first]!;
  const symbols = first | (second << SECOND_SHIFT);
  return symbols | (length << LENGTH_SHIFT) | (count << COUNT_SHIFT) | (kinds << KIND_SHIFT);
}
