/** The runtime's own conversions between text and octets: many times faster than a loop. */
import { Buffer } from 'node:buffer';
import type { Runtime } from '../octets/runtime.ts';
import { nativeLatin1 } from './latin1.ts';

/** The types of Node do not declare it, and all runtimes have it. It is the conversion of `write` without its checks. */
type WritesLatin1 = Uint8Array & { latin1Write(text: string, at: number): number };

export const nativeRuntime: Runtime = {
  latin1: nativeLatin1,
  /** @param octets of `allocate`. */
  writeLatin1: (octets, text, at) => {
    (octets as WritesLatin1).latin1Write(text, at);
  },
  allocate: (length) => Buffer.allocUnsafe(length),
};
