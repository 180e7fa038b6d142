/**
 * Encodes fields to header blocks (RFC 7541 §6).
 *
 * A block is one call of `begin`, and one of `field` for each field. A field that a table has becomes an index. A field that was
 * sent before becomes a literal that is added to the dynamic table (`field-forms.ts`). Any other field becomes a literal that is
 * not added.
 */
import type { OctetWriter } from '../octets/octet-writer.ts';
import { DEFAULT_TABLE_SIZE, DynamicTable, type EvictionListener } from './dynamic-table.ts';
import { ADD, type KnownField, type KnownName, knownName, NEVER_ADD, writeString } from './field-forms.ts';
import { writeInteger } from './integer.ts';
import { FIRST_DYNAMIC_INDEX } from './static-table.ts';

// The first octet of a field line (RFC 7541 §6): its highest bits, and the mask of the integer after them.
const INDEXED = 0x80;
const INDEXED_MASK = 0x7f;
const ADDED = 0x40;
const ADDED_MASK = 0x3f;
const SIZE_UPDATE = 0x20;
const SIZE_UPDATE_MASK = 0x1f;
const NEVER_INDEXED = 0x10;
const NOT_ADDED_MASK = 0x0f;

/** A field with a larger share of the table is not added: it would evict too many others. */
const MOST_OF_TABLE = 1 / 2;

export class HpackEncoder implements EvictionListener<KnownField> {
  /** How many fields were sent for the first time. The next block encodes such a field in another way. */
  learned = 0;
  /** The largest size that the encoder uses. The decoder may allow less. */
  readonly #preferredSize: number;
  /** The smallest size since the last block, or -1 if the size has not changed (RFC 7541 §4.2). */
  #smallestSize = -1;
  #sizeChanges = 0;
  readonly #table: DynamicTable<KnownField>;
  /** For each field in the table the number of its entry, and for each name that of the newest. Allocated with the first entry. */
  #numbers: Map<KnownField | KnownName, number> | undefined;

  /** @param tableSize the largest size of the dynamic table. Each decoder allows 4,096 at first. */
  constructor(tableSize: number = DEFAULT_TABLE_SIZE) {
    this.#preferredSize = tableSize;
    this.#table = new DynamicTable(DEFAULT_TABLE_SIZE, this);
    this.setLimit(DEFAULT_TABLE_SIZE);
  }

  /** Changes with each change of the dynamic table. Equal fields have equal blocks while it is the same. */
  get tableVersion(): number {
    return this.#table.added + this.#sizeChanges;
  }

  /** Whether the next block begins with a size update. */
  get owesSizeUpdate(): boolean {
    return this.#smallestSize >= 0;
  }

  /** @param limit the SETTINGS_HEADER_TABLE_SIZE of the decoder (RFC 7541 §4.2). */
  setLimit(limit: number): void {
    const size = Math.min(limit, this.#preferredSize);
    if (size === this.#table.maxSize) return;
    this.#smallestSize = this.#smallestSize < 0 ? size : Math.min(size, this.#smallestSize);
    this.#table.maxSize = size;
    this.#sizeChanges++;
  }

  /** Begins a block. */
  begin(out: OctetWriter): void {
    if (this.#smallestSize < 0) return;
    const { maxSize } = this.#table;
    // RFC 7541 §4.2: the smallest size comes first, because it has evicted entries.
    if (this.#smallestSize < maxSize) writeInteger(out, SIZE_UPDATE, SIZE_UPDATE_MASK, this.#smallestSize);
    writeInteger(out, SIZE_UPDATE, SIZE_UPDATE_MASK, maxSize);
    this.#smallestSize = -1;
  }

  /**
   * Writes a field.
   *
   * @param name in lower case (RFC 9113 §8.2.1).
   * @param isSensitive no encoder on the way may index the field (RFC 7541 §7.1.3).
   * @throws {TypeError} if the field has a character above U+00FF. The block can't be used then.
   */
  field(out: OctetWriter, name: string, value: string, isSensitive = false): void {
    const known = knownName(name);
    const rule = isSensitive ? NEVER_ADD : known.ruleFor(value);
    if (rule === NEVER_ADD) return this.#literal(out, NEVER_INDEXED, NOT_ADDED_MASK, known, value);
    const staticIndex = known.staticValues?.get(value);
    if (staticIndex !== undefined) return writeInteger(out, INDEXED, INDEXED_MASK, staticIndex);
    if (rule === ADD) this.#addable(out, known, value);
    else this.#literal(out, 0, NOT_ADDED_MASK, known, value);
  }

  onEvicted(entry: KnownField): void {
    const number = this.#table.added - this.#table.length;
    const numbers = this.#numbers!;
    if (numbers.get(entry) === number) numbers.delete(entry);
    if (numbers.get(entry.name) === number) numbers.delete(entry.name);
  }

  #addable(out: OctetWriter, name: KnownName, value: string): void {
    const before = name.known(value);
    const number = before === undefined ? undefined : this.#numbers?.get(before);
    if (number !== undefined) {
      const index = FIRST_DYNAMIC_INDEX + this.#table.added - number;
      return writeInteger(out, INDEXED, INDEXED_MASK, index);
    }
    const field = before ?? name.learn(value);
    if (before === undefined) this.learned++;
    // A name that is in no table is added with its first value: later values refer to it.
    const isWorthIt = before !== undefined || this.#nameIndex(name) === 0;
    if (!isWorthIt || field.size > this.#table.maxSize * MOST_OF_TABLE) {
      this.#name(out, 0, NOT_ADDED_MASK, name);
      return out.piece(field.literal);
    }
    this.#name(out, ADDED, ADDED_MASK, name);
    out.piece(field.literal);
    this.#table.add(field);
    this.#numbers ??= new Map();
    this.#numbers.set(field, this.#table.added);
    this.#numbers.set(name, this.#table.added);
  }

  #literal(out: OctetWriter, pattern: number, mask: number, name: KnownName, value: string): void {
    this.#name(out, pattern, mask, name);
    writeString(out, value);
  }

  /** The name of a literal, as an index if a table has it. */
  #name(out: OctetWriter, pattern: number, mask: number, name: KnownName): void {
    const index = this.#nameIndex(name);
    writeInteger(out, pattern, mask, index);
    if (index === 0) out.piece(name.literal);
  }

  #nameIndex(name: KnownName): number {
    if (name.staticIndex > 0) return name.staticIndex;
    const number = this.#numbers?.get(name);
    return number === undefined ? 0 : FIRST_DYNAMIC_INDEX + this.#table.added - number;
  }
}
