/**
 * Literal fields that were decoded before on any connection. Browsers of the same kind begin each connection with the same
 * fields. A field that is found here by its octets is not decoded again, and all connections share it in memory.
 *
 * Only fields that the client adds to its table are kept. Clients do not add secrets and values that vary. The name must be a
 * literal or in the static table, so that it means the same on each connection.
 */
import type { HeaderField } from './header-field.ts';

const SLOTS = 512;
/** The longest encoded field that is kept, in octets. */
const MOST_OCTETS = 192;

export class KnownLiterals {
  readonly #fields: (HeaderField | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #lengths = new Uint8Array(SLOTS);
  /** For each slot, the hash of the field that was last missed there. A field is kept when it is missed twice in a row. */
  readonly #tags = new Int32Array(SLOTS);
  /** The octets of each slot. Allocated when the first field is kept. */
  #octets: Uint8Array | undefined;
  #slot = 0;
  #isNew = false;

  /** @returns the field that was kept for the octets from `start` to `end`, or `undefined`. */
  find(octets: Uint8Array, start: number, end: number): HeaderField | undefined {
    this.#isNew = false;
    const length = end - start;
    if (length > MOST_OCTETS) return undefined;
    const slot = slotOf(octets, start, end);
    const field = this.#fields[slot];
    if (field !== undefined && this.#lengths[slot] === length && this.#isSame(slot, octets, start, length))
      return field;
    const tag = tagOf(octets, start, end);
    this.#slot = slot;
    this.#isNew = this.#tags[slot] === tag;
    this.#tags[slot] = tag;
    return undefined;
  }

  /** Whether the field that `find` has just missed should be kept. Its strings must not keep other text alive. */
  get isWorthKeeping(): boolean {
    return this.#isNew;
  }

  /** Keeps the field that `find` has just missed. */
  keep(field: HeaderField, octets: Uint8Array, start: number, end: number): void {
    this.#octets ??= new Uint8Array(SLOTS * MOST_OCTETS);
    this.#octets.set(octets.subarray(start, end), this.#slot * MOST_OCTETS);
    this.#lengths[this.#slot] = end - start;
    this.#fields[this.#slot] = field;
  }

  #isSame(slot: number, octets: Uint8Array, start: number, length: number): boolean {
    const kept = this.#octets!;
    const from = slot * MOST_OCTETS;
    for (let i = 0; i < length; i++) if (kept[from + i] !== octets[start + i]) return false;
    return true;
  }
}

/** A hash of the length and some of the octets. `find` compares all of them. */
function slotOf(octets: Uint8Array, start: number, end: number): number {
  const step = ((end - start) >>> 3) + 1;
  let hash = end - start;
  for (let i = start; i < end; i += step) hash = Math.imul(hash, 31) + octets[i]!;
  return (hash ^ (hash >>> 9)) & (SLOTS - 1);
}

function tagOf(octets: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = Math.imul(hash, 31) + octets[i]!;
  return hash | 0;
}
