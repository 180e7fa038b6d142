/** Octets to text as in production: by a decoder of the runtime. */
import { Buffer } from 'node:buffer';
import type { Latin1 } from '../../src/http1/index.ts';

export const runtimeLatin1: Latin1 = (octets, start, end) =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1', start, end);
