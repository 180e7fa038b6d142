/** The runtime's own octets-to-text, which the pure core is handed: many times faster than a loop. */
import { Buffer } from 'node:buffer';
import type { Latin1 } from '../octets/octet-table.ts';

export const nativeLatin1: Latin1 = (octets, start, end) => {
  const buffer =
    octets instanceof Buffer ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  return buffer.toString('latin1', start, end);
};
