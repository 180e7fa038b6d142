/** The dynamic table (RFC 7541 §2.3.2, §4). The newest entry is first. When there is no room, the oldest is evicted. */

/** The initial value of SETTINGS_HEADER_TABLE_SIZE (RFC 9113 §6.5.2). */
export const DEFAULT_TABLE_SIZE = 4096;

interface Sized {
  readonly size: number;
}

/** Receives the entries that are evicted. */
export interface EvictionListener<Entry> {
  onEvicted(entry: Entry): void;
}

const FIRST_CAPACITY = 4;

export class DynamicTable<Entry extends Sized> {
  /** Octets of the entries, as RFC 7541 §4.1 counts them. */
  size = 0;
  /** The current number of entries. */
  length = 0;
  /** How many entries were ever added. It is also the number of the newest entry; the others have the numbers before it. */
  added = 0;
  #maxSize: number;
  /** A ring whose length is a power of two. Entry number n is at n modulo the length. */
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

  /** An entry that is larger than the table empties it. That is not an error (RFC 7541 §4.4). */
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
