/**
 * A second decoder of header blocks, made straight after RFC 7541 and to be compared with: bits are characters, tables are arrays,
 * and nothing is fast.
 */
import { CODE, CODE_LENGTH, EOS } from '../../../src/hpack/huffman-code.ts';
import { STATIC_TABLE } from '../../../src/hpack/static-table.ts';

type Field = readonly [name: string, value: string];

const SYMBOLS = new Map<string, number>();
for (let symbol = 0; symbol <= EOS; symbol++)
  SYMBOLS.set(CODE[symbol]!.toString(2).padStart(CODE_LENGTH[symbol]!, '0'), symbol);

class Malformed extends Error {}

export class StrictHpack {
  readonly #table: Field[] = [];
  #maxSize = 4096;

  /** The fields, or `undefined` if the block is malformed. */
  decode(block: Uint8Array): Field[] | undefined {
    try {
      return this.#fields([...block]);
    } catch (error) {
      if (error instanceof Malformed) return undefined;
      throw error;
    }
  }

  #fields(octets: number[]): Field[] {
    const fields: Field[] = [];
    let mayResize = true;
    while (octets.length > 0) {
      const bits = octets[0]!.toString(2).padStart(8, '0');
      if (bits.startsWith('001')) {
        const size = integer(octets, 5);
        if (!mayResize || size > 4096) throw new Malformed();
        this.#maxSize = size;
        this.#evict();
        continue;
      }
      mayResize = false;
      if (bits.startsWith('1')) {
        fields.push(this.#entry(integer(octets, 7)));
        continue;
      }
      const isAdded = bits.startsWith('01');
      const index = integer(octets, isAdded ? 6 : 4);
      const name = index === 0 ? string(octets) : this.#entry(index)[0];
      const field: Field = [name, string(octets)];
      fields.push(field);
      if (!isAdded) continue;
      this.#table.unshift(field);
      this.#evict();
    }
    return fields;
  }

  #entry(index: number): Field {
    const entry = STATIC_TABLE[index - 1];
    if (entry !== undefined) return [entry.name, entry.value];
    const field = this.#table[index - 1 - STATIC_TABLE.length];
    if (index === 0 || field === undefined) throw new Malformed();
    return field;
  }

  #evict(): void {
    const size = () => this.#table.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
    while (size() > this.#maxSize) this.#table.pop();
  }
}

function take(octets: number[]): number {
  const octet = octets.shift();
  if (octet === undefined) throw new Malformed();
  return octet;
}

function integer(octets: number[], bits: number): number {
  const mask = 2 ** bits - 1;
  let value = BigInt(take(octets) & mask);
  if (value < mask) return Number(value);
  for (let shift = 0n; ; shift += 7n) {
    const octet = take(octets);
    value += BigInt(octet & 0x7f) << shift;
    // The bounds are the decoder's own: five octets, and 2^31-1.
    if (shift > 28n || value > 0x7fff_ffffn) throw new Malformed();
    if (octet < 0x80) return Number(value);
  }
}

function string(octets: number[]): string {
  const isHuffman = (octets[0] ?? 0) >= 0x80;
  const length = integer(octets, 7);
  if (length > octets.length) throw new Malformed();
  const taken = octets.splice(0, length);
  if (!isHuffman) return String.fromCharCode(...taken);
  let text = '';
  let code = '';
  for (const octet of taken) {
    for (const bit of octet.toString(2).padStart(8, '0')) {
      code += bit;
      const symbol = SYMBOLS.get(code);
      if (symbol === undefined) continue;
      if (symbol === EOS) throw new Malformed();
      text += String.fromCharCode(symbol);
      code = '';
    }
  }
  if (code.length > 7 || code.includes('0')) throw new Malformed();
  return text;
}
