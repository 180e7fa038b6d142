/** The dynamic table (RFC 7541 §2.3.2, §4): the newest entry first, the oldest one evicted when there is no room. */

/** SETTINGS_HEADER_TABLE_SIZE where nothing else was agreed on (RFC 9113 §6.5.2). */
export const DEFAULT_TABLE_SIZE = 4096;

interface Sized {
  readonly size: number;
}

/** Is told what leaves the table. */
export interface EvictionListener<Entry> {
  onEvicted(entry: Entry): void;
}

const FIRST_CAPACITY = 16;

export class DynamicTable<Entry extends Sized> {
  /** Octets of the entries, as RFC 7541 §4.1 counts them. */
  size = 0;
  /** Entries that are there now. */
  length = 0;
  /** Entries that were ever added; the newest one's number. Entries with the last `length` numbers are there. */
  added = 0;
  #maxSize: number;
  /** A ring: entry number n is at n modulo its length, a power of two. */
  #ring: (Entry | undefined)[] = [];
  readonly #listener: EvictionListener<Entry> | undefined;

  constructor(maxSize: number, listener?: EvictionListener<Entry>) {
    this.#maxSize = maxSize;
    this.#listener = listener;
  }

  get maxSize(): number {
    return this.#maxSize;
  }

  /** Entries that no longer fit are evicted (RFC 7541 §4.3). */
  set maxSize(maxSize: number) {
    this.#maxSize = maxSize;
    this.#evictTo(maxSize);
  }

  /** @param place 0 for the newest. */
  at(place: number): Entry | undefined {
    if (place >= this.length) return undefined;
    return this.#ring[(this.added - place) & (this.#ring.length - 1)];
  }

  /** An entry larger than the whole table empties it, and that is no error (RFC 7541 §4.4). */
  add(entry: Entry): void {
    this.#evictTo(this.#maxSize - entry.size);
    if (entry.size > this.#maxSize) return;
    if (this.length === this.#ring.length) this.#enlarge();
    this.added++;
    this.#ring[this.added & (this.#ring.length - 1)] = entry;
    this.length++;
    this.size += entry.size;
  }

  #evictTo(size: number): void {
    while (this.length > 0 && this.size > size) {
      const at = (this.added - this.length + 1) & (this.#ring.length - 1);
      const oldest = this.#ring[at]!;
      this.#ring[at] = undefined;
      this.length--;
      this.size -= oldest.size;
      this.#listener?.onEvicted(oldest);
    }
  }

  #enlarge(): void {
    const larger = new Array<Entry | undefined>(Math.max(FIRST_CAPACITY, this.#ring.length * 2));
    for (let i = 0; i < this.length; i++) {
      const number = this.added - i;
      larger[number & (larger.length - 1)] = this.#ring[number & (this.#ring.length - 1)];
    }
    this.#ring = larger.fill(undefined, 0, 0);
  }
}
