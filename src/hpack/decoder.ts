/**
 * Decodes header blocks to fields (RFC 7541 §3).
 *
 * A block is decoded in one call, and to its end even if its fields are too large: later blocks depend on its changes of the
 * dynamic table. The octets of all literals are collected first. At the end, one text is made of them.
 */
import { PLAIN_RUNTIME, type Runtime } from '../octets/runtime.ts';
import { type DecodingScratch, scratchOf } from './decoding-scratch.ts';
import { DEFAULT_TABLE_SIZE, DynamicTable } from './dynamic-table.ts';
import { HPACK_ERRORS, type HpackError } from './errors.ts';
import { HeaderField } from './header-field.ts';
import { HUFFMAN_FAILED } from './huffman-decoder.ts';
import { INTEGER_TOO_LARGE } from './integer.ts';
import * as octetKinds from './octet-kinds.ts';
import * as staticTable from './static-table.ts';

// Named here because V8 folds only a module's own constants into its loops.
const { NOT_IN_NAME, NOT_IN_VALUE, OCTET_KIND } = octetKinds;
const { FIRST_DYNAMIC_INDEX, STATIC_TABLE } = staticTable;

// The first octet of a field line (RFC 7541 §6): its highest bits, and the mask of the integer after them.
const INDEXED = 0x80;
const INDEXED_MASK = 0x7f;
const ADDED = 0x40;
const ADDED_MASK = 0x3f;
const SIZE_UPDATE = 0x20;
const SIZE_UPDATE_BITS = 0xe0;
const SIZE_UPDATE_MASK = 0x1f;
const NEVER_INDEXED = 0x10;
const NOT_ADDED_MASK = 0x0f;

const HUFFMAN = 0x80;
const STRING_MASK = 0x7f;

const FAILED = -1;
const NO_FIELDS: HeaderField[] = [];

export class HpackDecoder {
  /** After `decode`: the fields of the block, in their order. */
  fields: HeaderField[] = NO_FIELDS;
  /** After `decode`: octets of the block's fields, as RFC 9113 §6.5.2 counts SETTINGS_MAX_HEADER_LIST_SIZE. */
  listSize = 0;
  /** After `decode` has failed: the reason. The decoder can't be used again. */
  error: HpackError = HPACK_ERRORS.BlockIncomplete;

  /** The largest size that the encoder may choose: SETTINGS_HEADER_TABLE_SIZE, once it is acknowledged. */
  #limit: number;
  /** The limit was set below the current size: the next block must begin with a size update. */
  #owesSizeUpdate = false;
  #sizeUpdates = 0;
  #mostListSize = 0;
  /** Kinds of the octets in the last string. */
  #kinds = 0;
  readonly #table: DynamicTable<HeaderField>;
  readonly #scratch: DecodingScratch;

  constructor(tableSize: number = DEFAULT_TABLE_SIZE, runtime: Runtime = PLAIN_RUNTIME) {
    this.#limit = tableSize;
    this.#table = new DynamicTable(tableSize);
    this.#scratch = scratchOf(runtime);
  }

  /** Changes with each change of the dynamic table. Equal blocks have equal fields while it is the same. */
  get tableVersion(): number {
    return this.#table.added + this.#sizeUpdates;
  }

  /** Octets in the dynamic table, as RFC 7541 §4.1 counts them. */
  get tableSize(): number {
    return this.#table.size;
  }

  /** Sets what SETTINGS_HEADER_TABLE_SIZE allows from the next block on (RFC 7541 §4.2). */
  setLimit(limit: number): void {
    this.#limit = limit;
    if (limit < this.#table.maxSize) this.#owesSizeUpdate = true;
  }

  /**
   * Decodes a whole block.
   *
   * @param mostListSize fields beyond this size are counted in `listSize`, but left out of `fields`.
   * @returns false if the block can't be decoded; `error` has the reason.
   */
  decode(
    octets: Uint8Array,
    start = 0,
    end = octets.length,
    mostListSize: number = Number.POSITIVE_INFINITY,
  ): boolean {
    this.#scratch.begin();
    this.fields = [];
    this.listSize = 0;
    this.#mostListSize = mostListSize;
    let at = this.#sizeUpdatesAt(octets, start, end);
    while (at < end && at !== FAILED)
      at = octets[at]! < INDEXED ? this.#literal(octets, at, end) : this.#indexed(octets, at, end);
    if (at === FAILED) return false;
    this.#scratch.makeStrings(this.#table.size);
    return true;
  }

  /** Drops the fields of the last block. */
  letGo(): void {
    this.fields = NO_FIELDS;
  }

  /** Size updates of the table, which come before all fields (RFC 7541 §4.2, §6.3). @returns the offset after them, or FAILED. */
  #sizeUpdatesAt(octets: Uint8Array, start: number, end: number): number {
    const { integers } = this.#scratch;
    let at = start;
    for (; at < end && isSizeUpdate(octets[at]!); at = integers.at) {
      const size = integers.read(octets, at, end, SIZE_UPDATE_MASK);
      if (size < 0) return this.#failInteger(size);
      if (size > this.#limit) return this.#fail(HPACK_ERRORS.SizeUpdateTooLarge);
      this.#table.maxSize = size;
      this.#sizeUpdates++;
      this.#owesSizeUpdate = false;
    }
    return this.#owesSizeUpdate ? this.#fail(HPACK_ERRORS.SizeUpdateMissing) : at;
  }

  /** An indexed field (RFC 7541 §6.1). @returns the offset after it, or FAILED. */
  #indexed(octets: Uint8Array, start: number, end: number): number {
    let index = octets[start]! & INDEXED_MASK;
    let at = start + 1;
    if (index === INDEXED_MASK) {
      const { integers } = this.#scratch;
      index = integers.read(octets, start, end, INDEXED_MASK);
      if (index < 0) return this.#failInteger(index);
      at = integers.at;
    }
    const field = this.#entry(index);
    if (field === undefined) return this.#failIndex(index);
    this.#count(field);
    return at;
  }

  /** RFC 7541 §2.3.3: one address space for both tables. */
  #entry(index: number): HeaderField | undefined {
    if (index < FIRST_DYNAMIC_INDEX) return STATIC_TABLE[index - 1];
    return this.#table.at(index - FIRST_DYNAMIC_INDEX);
  }

  /** A literal field (RFC 7541 §6.2). @returns the offset after it, or FAILED. */
  #literal(octets: Uint8Array, start: number, end: number): number {
    const first = octets[start]!;
    if (isSizeUpdate(first)) return this.#fail(HPACK_ERRORS.SizeUpdateLate);
    const { integers, known } = this.#scratch;
    const isAdded = first >= ADDED;
    const index = integers.read(octets, start, end, isAdded ? ADDED_MASK : NOT_ADDED_MASK);
    if (index < 0) return this.#failInteger(index);
    const nameAt = integers.at;
    const valueAt = index === 0 ? this.#endOfString(octets, nameAt, end) : nameAt;
    if (valueAt === FAILED) return FAILED;
    const fieldEnd = this.#endOfString(octets, valueAt, end);
    if (fieldEnd === FAILED) return FAILED;
    let source: HeaderField | undefined;
    if (index > 0) {
      source = this.#entry(index);
      if (source === undefined) return this.#failIndex(index);
    }
    const mayBeKnown = isAdded && index < FIRST_DYNAMIC_INDEX;
    let field = mayBeKnown ? known.find(octets, start, fieldEnd) : undefined;
    if (field === undefined) {
      const isSensitive = !isAdded && first >= NEVER_INDEXED;
      field = this.#decodeLiteral(octets, nameAt, valueAt, fieldEnd, source, isAdded, isSensitive);
      if (field === undefined) return FAILED;
      if (mayBeKnown && known.isWorthKeeping) {
        this.#scratch.makeOwnStrings(field, source);
        known.keep(field, octets, start, fieldEnd);
      }
    } else {
      this.#count(field);
    }
    if (isAdded) this.#table.add(field);
    return fieldEnd;
  }

  #decodeLiteral(
    octets: Uint8Array,
    nameAt: number,
    valueAt: number,
    end: number,
    source: HeaderField | undefined,
    isAdded: boolean,
    isSensitive: boolean,
  ): HeaderField | undefined {
    const scratch = this.#scratch;
    const nameStart = scratch.length;
    let nameKinds = source?.kinds ?? 0;
    if (source === undefined) {
      if (!this.#string(octets, nameAt, valueAt)) return undefined;
      nameKinds = this.#kinds;
    }
    const valueStart = scratch.length;
    if (!this.#string(octets, valueAt, end)) return undefined;
    const kinds = (nameKinds & NOT_IN_NAME) | (this.#kinds & NOT_IN_VALUE);
    const nameLength = source?.nameLength ?? valueStart - nameStart;
    const field = new HeaderField(nameLength, scratch.length - valueStart, isSensitive, kinds);
    if (this.#count(field) || isAdded) scratch.note(field, source, isAdded);
    else scratch.length = nameStart;
    return field;
  }

  /** Counts a field of the block. @returns whether it is within the list size. */
  #count(field: HeaderField): boolean {
    this.listSize += field.size;
    if (this.listSize > this.#mostListSize) return false;
    this.fields.push(field);
    return true;
  }

  /** @returns the offset after the string literal at `start` (RFC 7541 §5.2), or FAILED. */
  #endOfString(octets: Uint8Array, start: number, end: number): number {
    const { integers } = this.#scratch;
    const length = integers.read(octets, start, end, STRING_MASK);
    if (length < 0) return this.#failInteger(length);
    const stringEnd = integers.at + length;
    return stringEnd > end ? this.#fail(HPACK_ERRORS.StringTooLong) : stringEnd;
  }

  /** Decodes the string literal from `start` to `end` into the scratch. */
  #string(octets: Uint8Array, start: number, end: number): boolean {
    const scratch = this.#scratch;
    const { integers, huffman } = scratch;
    const length = integers.read(octets, start, end, STRING_MASK);
    const { at } = integers;
    if ((octets[start]! & HUFFMAN) !== 0) {
      // The shortest code has five bits.
      scratch.reserve(length * 2 + 1);
      const to = huffman.decode(octets, at, end, scratch.octets, scratch.length);
      if (to === HUFFMAN_FAILED) {
        this.error = HPACK_ERRORS.HuffmanCode;
        return false;
      }
      scratch.length = to;
      this.#kinds = huffman.kinds;
      return true;
    }
    scratch.reserve(length);
    const target = scratch.octets;
    const to = scratch.length - at;
    let kinds = 0;
    for (let i = at; i < end; i++) {
      const octet = octets[i]!;
      kinds |= OCTET_KIND[octet]!;
      target[to + i] = octet;
    }
    scratch.length += length;
    this.#kinds = kinds;
    return true;
  }

  #failInteger(result: number): typeof FAILED {
    const isLarge = result === INTEGER_TOO_LARGE;
    return this.#fail(isLarge ? HPACK_ERRORS.IntegerTooLarge : HPACK_ERRORS.BlockIncomplete);
  }

  #failIndex(index: number): typeof FAILED {
    return this.#fail(index === 0 ? HPACK_ERRORS.IndexZero : HPACK_ERRORS.IndexTooLarge);
  }

  #fail(error: HpackError): typeof FAILED {
    this.error = error;
    return FAILED;
  }
}

const isSizeUpdate = (octet: number): boolean => (octet & SIZE_UPDATE_BITS) === SIZE_UPDATE;
