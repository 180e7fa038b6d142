/**
 * Literal fields that were decoded before, on whichever connection: browsers of one make begin each of their connections with
 * the same ones. A field that is found here by its octets costs no decoding, and all connections keep it in memory once.
 *
 * Only fields that the client itself adds to its table get in: secrets and what varies do not. And only those whose names
 * do not depend on the connection: a literal name, or one of the static table.
 */
import type { HeaderField } from './header-field.ts';

const SLOTS = 512;
/** Octets of a field as it was encoded. */
const MOST_OCTETS = 192;

export class KnownLiterals {
  readonly #fields: (HeaderField | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #lengths = new Uint8Array(SLOTS);
  /** For each slot, what asked for it last in vain: a field that comes once does not take another one's place. */
  readonly #tags = new Int32Array(SLOTS);
  /** Each slot's octets. Made when the first field is kept. */
  #octets: Uint8Array | undefined;
  #slot = 0;
  #isNew = false;

  /** The field that `octets` from `start` to `end` were the last time. */
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

  /** Whether the field that `find` has just not found is worth keeping. Its strings must be slices of nothing then. */
  get isWorthKeeping(): boolean {
    return this.#isNew;
  }

  /** Keeps the field that `find` has just not found. */
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

/** By the length and some of the octets: what is found is compared in full. */
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
