/** The runtime's own octets-to-text, which the pure core is handed: many times faster than a loop. */
import { Buffer } from 'node:buffer';
import type { Latin1 } from '../http1/octets.ts';

/** What `toString('latin1', …)` comes down to on Node, Bun and Deno, without the look at the name of the encoding: 55 → 40 ns. */
type Sliceable = Buffer & { latin1Slice(start: number, end: number): string };

export const nativeLatin1: Latin1 = (octets, start, end) => {
  const buffer =
    octets instanceof Buffer ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  return (buffer as Sliceable).latin1Slice(start, end);
};
