/**
 * The representations in a header block (RFC 7541 §6), without a table: how each field was written, and where. It is made for
 * showing a block; `decoder.ts` decodes.
 */
import { HUFFMAN_FAILED, HuffmanDecoder } from './huffman-decoder.ts';
import { IntegerReader } from './integer.ts';

export type RepresentationKind = 'indexed' | 'added' | 'not added' | 'never indexed' | 'size update';

/** A string literal (RFC 7541 §5.2). */
export interface CodedString {
  readonly isHuffman: boolean;
  /** One character an octet. */
  readonly text: string;
}

export interface Representation {
  readonly kind: RepresentationKind;
  /** Where it is in the block. */
  readonly start: number;
  readonly end: number;
  /** Of the field, or of its name if that is no literal; the new size for a size update. */
  readonly index: number;
  readonly name: CodedString | undefined;
  readonly value: CodedString | undefined;
}

/** By the highest bits of the first octet, and the mask of the integer behind them. */
const KINDS: readonly (readonly [least: number, kind: RepresentationKind, mask: number])[] = [
  [0x80, 'indexed', 0x7f],
  [0x40, 'added', 0x3f],
  [0x20, 'size update', 0x1f],
  [0x10, 'never indexed', 0x0f],
  [0x00, 'not added', 0x0f],
];
const HUFFMAN = 0x80;
const STRING_MASK = 0x7f;

const integers = new IntegerReader();
const huffman = new HuffmanDecoder();

/**
 * @param changesOnly leaves out what does not change the dynamic table. It costs little: other strings are not decoded.
 * @returns `undefined` if the block is malformed.
 */
export function representationsIn(block: Uint8Array, changesOnly = false): Representation[] | undefined {
  const found: Representation[] = [];
  let at = 0;
  while (at < block.length) {
    const start = at;
    const [, kind, mask] = KINDS.find(([least]) => block[start]! >= least)!;
    const index = integers.read(block, at, block.length, mask);
    if (index < 0) return undefined;
    at = integers.at;
    const isLiteral = kind !== 'indexed' && kind !== 'size update';
    const isWanted = !changesOnly || kind === 'added' || kind === 'size update';
    let [name, value]: (CodedString | undefined)[] = [];
    for (const isName of isLiteral ? [true, false] : []) {
      if (isName && index > 0) continue;
      const length = integers.read(block, at, block.length, STRING_MASK);
      if (length < 0 || integers.at + length > block.length) return undefined;
      const isHuffman = (block[at]! & HUFFMAN) !== 0;
      at = integers.at + length;
      if (!isWanted) continue;
      const text = textOf(block.subarray(at - length, at), isHuffman);
      if (text === undefined) return undefined;
      if (isName) name = { isHuffman, text };
      else value = { isHuffman, text };
    }
    if (isWanted) found.push({ kind, start, end: at, index, name, value });
  }
  return found;
}

function textOf(octets: Uint8Array, isHuffman: boolean): string | undefined {
  if (!isHuffman) return latin1(octets);
  // The shortest code has five bits.
  const target = new Uint8Array(octets.length * 2 + 1);
  const end = huffman.decode(octets, 0, octets.length, target, 0);
  return end === HUFFMAN_FAILED ? undefined : latin1(target.subarray(0, end));
}

function latin1(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}
