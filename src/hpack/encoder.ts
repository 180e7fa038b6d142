/**
 * Fields to header blocks (RFC 7541 §6).
 *
 * `begin` and then `field` for each one write a block. What a field becomes: an index, if a table has it; a literal that is added
 * to the dynamic table, if it has been sent before (`field-forms.ts`); else a literal that is not.
 */
import type { OctetWriter } from '../octets/octet-writer.ts';
import { DEFAULT_TABLE_SIZE, DynamicTable, type EvictionListener } from './dynamic-table.ts';
import { ADD, type KnownField, type KnownName, knownName, NEVER_ADD, writeString } from './field-forms.ts';
import { writeInteger } from './integer.ts';
import { FIRST_DYNAMIC_INDEX } from './static-table.ts';

// What a field line begins with (RFC 7541 §6), and the mask of the integer behind it.
const INDEXED = 0x80;
const INDEXED_MASK = 0x7f;
const ADDED = 0x40;
const ADDED_MASK = 0x3f;
const SIZE_UPDATE = 0x20;
const SIZE_UPDATE_MASK = 0x1f;
const NEVER_INDEXED = 0x10;
const NOT_ADDED_MASK = 0x0f;

/** An entry for a field of more than this share of the table pushes out too many others. */
const MOST_OF_TABLE = 1 / 2;

export class HpackEncoder implements EvictionListener<KnownField> {
  /** Fields that were sent for the first time. The next block writes them another way. */
  learned = 0;
  /** The size that the encoder likes best; the decoder may allow less. */
  readonly #preferredSize: number;
  /** The smallest size since the last block, if it has changed; -1 if it has not (RFC 7541 §4.2). */
  #smallestSize = -1;
  readonly #table: DynamicTable<KnownField>;
  /** The number of the entry that has a field. */
  readonly #fields = new Map<KnownField, number>();
  /** The number of the newest entry that has a name. */
  readonly #names = new Map<KnownName, number>();

  /** @param tableSize octets of the dynamic table at most, of the 4,096 that each decoder allows at first. */
  constructor(tableSize: number = DEFAULT_TABLE_SIZE) {
    this.#preferredSize = tableSize;
    this.#table = new DynamicTable(DEFAULT_TABLE_SIZE, this);
    this.setLimit(DEFAULT_TABLE_SIZE);
  }

  /** A number that changes whenever the dynamic table does. While it stays, equal fields have equal blocks. */
  get tableVersion(): number {
    return this.#table.added;
  }

  /** Whether the next block has to say first that the table's size has changed. */
  get owesSizeUpdate(): boolean {
    return this.#smallestSize >= 0;
  }

  /** Takes over what the decoder allows: its SETTINGS_HEADER_TABLE_SIZE (RFC 7541 §4.2). */
  setLimit(limit: number): void {
    const size = Math.min(limit, this.#preferredSize);
    if (size === this.#table.maxSize) return;
    this.#smallestSize = this.#smallestSize < 0 ? size : Math.min(size, this.#smallestSize);
    this.#table.maxSize = size;
  }

  /** Begins a block. */
  begin(out: OctetWriter): void {
    if (this.#smallestSize < 0) return;
    const { maxSize } = this.#table;
    // RFC 7541 §4.2: the smallest size in between comes first, for it evicted entries.
    if (this.#smallestSize < maxSize) writeInteger(out, SIZE_UPDATE, SIZE_UPDATE_MASK, this.#smallestSize);
    writeInteger(out, SIZE_UPDATE, SIZE_UPDATE_MASK, maxSize);
    this.#smallestSize = -1;
  }

  /**
   * Writes a field.
   *
   * @param name in lower case (RFC 9113 §8.2.1).
   * @param isSensitive it must not be indexed by anybody (RFC 7541 §7.1.3).
   * @throws {TypeError} if it has a character above U+00FF. The block is spoilt then.
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
    if (this.#fields.get(entry) === number) this.#fields.delete(entry);
    if (this.#names.get(entry.name) === number) this.#names.delete(entry.name);
  }

  #addable(out: OctetWriter, name: KnownName, value: string): void {
    const before = name.known(value);
    const number = before === undefined ? undefined : this.#fields.get(before);
    if (number !== undefined) {
      const index = FIRST_DYNAMIC_INDEX + this.#table.added - number;
      return writeInteger(out, INDEXED, INDEXED_MASK, index);
    }
    const field = before ?? name.learn(value);
    if (before === undefined) this.learned++;
    // A name that no table has is worth an entry by itself.
    const isWorthIt = before !== undefined || this.#nameIndex(name) === 0;
    if (!isWorthIt || field.size > this.#table.maxSize * MOST_OF_TABLE) {
      this.#name(out, 0, NOT_ADDED_MASK, name);
      return out.piece(field.literal);
    }
    this.#name(out, ADDED, ADDED_MASK, name);
    out.piece(field.literal);
    this.#table.add(field);
    this.#fields.set(field, this.#table.added);
    this.#names.set(name, this.#table.added);
  }

  #literal(out: OctetWriter, pattern: number, mask: number, name: KnownName, value: string): void {
    this.#name(out, pattern, mask, name);
    writeString(out, value);
  }

  /** The name of a literal, as an index if there is one. */
  #name(out: OctetWriter, pattern: number, mask: number, name: KnownName): void {
    const index = this.#nameIndex(name);
    writeInteger(out, pattern, mask, index);
    if (index === 0) out.piece(name.literal);
  }

  #nameIndex(name: KnownName): number {
    if (name.staticIndex > 0) return name.staticIndex;
    const number = this.#names.get(name);
    return number === undefined ? 0 : FIRST_DYNAMIC_INDEX + this.#table.added - number;
  }
}
