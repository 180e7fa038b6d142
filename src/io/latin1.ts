/** The runtime's own conversion from octets to text, which the pure core is given: many times faster than a loop. */
import { Buffer } from 'node:buffer';
import type { Latin1 } from '../octets/octet-table.ts';

type Slice = (this: Uint8Array, start: number, end: number) => string;

/**
 * What `toString('latin1', start, end)` ends in on Node and Bun. Each head takes three calls, and the steps before cost as
 * much as the conversion: 8 % of the CPU of a pipelined request on Node 20.
 */
const { latin1Slice } = Buffer.prototype as Partial<{ latin1Slice: Slice }>;

export const nativeLatin1: Latin1 =
  typeof latin1Slice === 'function'
    ? (octets, start, end) => latin1Slice.call(octets, start, end)
    : (octets, start, end) =>
        Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1', start, end);

/** The engine keeps a shorter part of a text as a text of its own. */
const SHORTEST_PART = 13;

/** The text, without the larger text that it may be a part of, which a part holds. @param text latin1. */
export function ownText(text: string): string {
  return text.length < SHORTEST_PART ? text : Buffer.from(text, 'latin1').toString('latin1');
}
