/** The runtime's own conversions between text and octets: many times faster than a loop. */
import { Buffer } from 'node:buffer';
import type { Runtime } from '../octets/runtime.ts';
import { nativeLatin1 } from './latin1.ts';

/** All runtimes have this method, but the types do not declare it. It is `write` for latin1, without the checks. */
type WritesLatin1 = Uint8Array & { latin1Write(text: string, at: number): number };

export const nativeRuntime: Runtime = {
  latin1: nativeLatin1,
  /** @param octets must come from `allocate`. */
  writeLatin1: (octets, text, at) => {
    (octets as WritesLatin1).latin1Write(text, at);
  },
  allocate: (length) => Buffer.allocUnsafe(length),
};
