/**
 * The dynamic table of one direction of an HTTP/2 connection, followed from its header blocks (RFC 7541 §2.3.2). What it contained
 * at some time is kept without a copy as long as it has not changed.
 */
import type { Representation } from '../../hpack/representations.ts';
import { FIRST_DYNAMIC_INDEX, STATIC_TABLE } from '../../hpack/static-table.ts';

export interface TableEntry {
  readonly name: string;
  readonly value: string;
}

/** A table at some time. */
export interface HeaderTable {
  /** The oldest is first. */
  readonly entries: readonly TableEntry[];
  readonly maxSize: number;
}

const OVERHEAD = 32;
/** The initial value of SETTINGS_HEADER_TABLE_SIZE (RFC 9113 §6.5.2). A size update announces any other. */
const INITIAL: HeaderTable = { entries: [], maxSize: 4_096 };
/** A table that may become larger is not followed. */
const MOST_SIZE = 65_536;

/** The octets of an entry, and its overhead (RFC 7541 §4.1). */
export const sizeOf = ({ name, value }: TableEntry): number => name.length + value.length + OVERHEAD;

export const tableSizeOf = ({ entries }: HeaderTable): number =>
  entries.reduce((sum, entry) => sum + sizeOf(entry), 0);

export class FollowedTable {
  #entries: TableEntry[];
  #size: number;
  #maxSize: number;
  #kept: HeaderTable | undefined;

  constructor(table: HeaderTable = INITIAL) {
    this.#entries = [...table.entries];
    this.#size = tableSizeOf(table);
    this.#maxSize = table.maxSize;
  }

  /** The table as it is now. */
  get current(): HeaderTable {
    this.#kept ??= { entries: this.#entries.slice(), maxSize: this.#maxSize };
    return this.#kept;
  }

  /** RFC 7541 §2.3.3: one address space for both tables, and the newest dynamic entry is first. */
  at(index: number): TableEntry | undefined {
    if (index < FIRST_DYNAMIC_INDEX) return STATIC_TABLE[index - 1];
    return this.#entries[this.#entries.length - 1 - (index - FIRST_DYNAMIC_INDEX)];
  }

  /** The field that a representation stands for, which changes the table if it says so. @returns `undefined` if there is none. */
  apply({ kind, index, name, value }: Representation): TableEntry | undefined {
    if (kind === 'indexed') return this.at(index);
    if (kind === 'size update') {
      if (index > MOST_SIZE) return undefined;
      this.#maxSize = index;
      this.#evictTo(index);
      return { name: '', value: '' };
    }
    const named = index === 0 ? name?.text : this.at(index)?.name;
    if (named === undefined) return undefined;
    const entry = { name: named, value: value!.text };
    if (kind === 'added') this.#add(entry);
    return entry;
  }

  /** An entry that is larger than the table empties it (RFC 7541 §4.4). */
  #add(entry: TableEntry): void {
    const size = sizeOf(entry);
    this.#evictTo(this.#maxSize - size);
    if (size > this.#maxSize) return;
    this.#entries.push(entry);
    this.#size += size;
  }

  #evictTo(size: number): void {
    let count = 0;
    for (const entry of this.#entries) {
      if (this.#size <= size) break;
      this.#size -= sizeOf(entry);
      count++;
    }
    this.#entries.splice(0, count);
    this.#kept = undefined;
  }
}
