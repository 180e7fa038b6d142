/** What the core is handed in production: the ways of the runtime. */
import { Buffer } from 'node:buffer';
import type { Runtime } from '../../src/hpack/index.ts';

/** `Buffer` has it, on each runtime, and its types do not. */
type WritesLatin1 = Uint8Array & { latin1Write(text: string, at: number): void };

export const nativeRuntime: Runtime = {
  latin1: (octets, start, end) => {
    const buffer =
      octets instanceof Buffer ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    return buffer.toString('latin1', start, end);
  },
  writeLatin1: (octets, text, at) => (octets as WritesLatin1).latin1Write(text, at),
  allocate: (length) => Buffer.allocUnsafe(length),
};
