/**
 * Heads that were decoded before on the connection, by the octets of their blocks. A block that adds nothing to the dynamic table
 * has the same meaning until the table changes. Clients repeat requests, and their blocks are mostly indexes.
 */
import type { Http2RequestHead } from './request-head.ts';

const SLOTS = 8;
/** The longest block that is kept, in octets. */
const MOST_OCTETS = 64;

class Kept {
  readonly heads = new Array<Http2RequestHead | undefined>(SLOTS).fill(undefined);
  readonly lengths = new Uint8Array(SLOTS);
  /** For each slot: the version of the table, and whether the block ended its stream. */
  readonly keys = new Float64Array(SLOTS);
  readonly octets = new Uint8Array(SLOTS * MOST_OCTETS);
}

export class HeadCache {
  /** Allocated with the first head that is kept. */
  #kept: Kept | undefined;

  find(
    octets: Uint8Array,
    start: number,
    end: number,
    tableVersion: number,
    endsStream: boolean,
  ): Http2RequestHead | undefined {
    const kept = this.#kept;
    if (kept === undefined) return undefined;
    const length = end - start;
    const slot = slotOf(octets, start, end);
    if (kept.lengths[slot] !== length || kept.keys[slot] !== keyOf(tableVersion, endsStream))
      return undefined;
    const from = slot * MOST_OCTETS - start;
    for (let i = start; i < end; i++) if (kept.octets[from + i] !== octets[i]) return undefined;
    return kept.heads[slot];
  }

  /** @param tableVersion must be the same before and after the block was decoded. */
  keep(
    head: Http2RequestHead,
    octets: Uint8Array,
    start: number,
    end: number,
    tableVersion: number,
    endsStream: boolean,
  ): void {
    const length = end - start;
    if (length > MOST_OCTETS) return;
    this.#kept ??= new Kept();
    const kept = this.#kept;
    const slot = slotOf(octets, start, end);
    kept.heads[slot] = head;
    kept.lengths[slot] = length;
    kept.keys[slot] = keyOf(tableVersion, endsStream);
    const to = slot * MOST_OCTETS - start;
    for (let i = start; i < end; i++) kept.octets[to + i] = octets[i]!;
  }
}

function slotOf(octets: Uint8Array, start: number, end: number): number {
  return (end - start + octets[start]! + octets[end - 1]! + octets[(start + end) >>> 1]!) & (SLOTS - 1);
}

function keyOf(tableVersion: number, endsStream: boolean): number {
  return tableVersion * 2 + Number(endsStream);
}
