/**
 * What a runtime does faster than plain code can. It is handed in, because the pure folders import no runtime.
 *
 * Text stands for octets here: one character, U+0000 to U+00FF, is one octet.
 */
import { type Latin1, latin1 } from './octet-table.ts';

export interface Runtime {
  /** Turns octets into text. */
  readonly latin1: Latin1;
  /** Writes text into octets, from `at` on. The caller has made sure of the room. */
  readonly writeLatin1: (octets: Uint8Array, text: string, at: number) => void;
  /** Makes octets whose contents do not matter yet. */
  readonly allocate: (length: number) => Uint8Array;
}

/** The default, where no runtime is handed in. */
export const PLAIN_RUNTIME: Runtime = {
  latin1,
  writeLatin1: (octets, text, at) => {
    for (let i = 0; i < text.length; i++) octets[at + i] = text.charCodeAt(i);
  },
  allocate: (length) => new Uint8Array(length),
};
