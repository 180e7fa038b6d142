/** Huffman encoding (RFC 7541 §5.2). */
import type { OctetWriter } from '../octets/octet-writer.ts';
import { CODE, CODE_LENGTH } from './huffman-code.ts';

export const NO_OCTETS_OF_TEXT = -1;

/** @returns the octets of the encoded text with its padding; NO_OCTETS_OF_TEXT if it has a character above U+00FF. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i);
    if (symbol > 0xff) return NO_OCTETS_OF_TEXT;
    bits += CODE_LENGTH[symbol]!;
  }
  return (bits + 7) >>> 3;
}

/** @param length the result of `huffmanLength` for the same text. */
export function writeHuffman(out: OctetWriter, text: string, length: number): void {
  out.reserve(length);
  const { octets } = out;
  let at = out.length;
  // At most 7 bits wait, and a code has up to 28: together more than 32. So the upper bits of long codes are written first.
  let waiting = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i);
    let left = CODE_LENGTH[symbol]!;
    const code = CODE[symbol]!;
    while (left > 16) {
      left -= 8;
      waiting = (waiting << 8) | ((code >>> left) & 0xff);
      octets[at++] = waiting >>> bits;
    }
    waiting = (waiting << left) | (code & ((1 << left) - 1));
    bits += left;
    while (bits >= 8) {
      bits -= 8;
      octets[at++] = waiting >>> bits;
    }
  }
  // The padding is the beginning of EOS, whose bits are all set.
  if (bits > 0) octets[at++] = (waiting << (8 - bits)) | (0xff >>> bits);
  out.length = at;
}
