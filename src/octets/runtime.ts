/**
 * Operations that a runtime does faster than plain code. The caller passes them in, because the pure folders import no runtime.
 *
 * Each character of the text, U+0000 to U+00FF, is one octet.
 */
import { type Latin1, latin1 } from './octet-table.ts';

export interface Runtime {
  /** Turns octets into text. */
  readonly latin1: Latin1;
  /** Writes text into octets, from `at` on. They must be long enough. */
  readonly writeLatin1: (octets: Uint8Array, text: string, at: number) => void;
  /** Allocates octets whose content is undefined. */
  readonly allocate: (length: number) => Uint8Array;
}

/** The default, in plain code. */
export const PLAIN_RUNTIME: Runtime = {
  latin1,
  writeLatin1: (octets, text, at) => {
    for (let i = 0; i < text.length; i++) octets[at + i] = text.charCodeAt(i);
  },
  allocate: (length) => new Uint8Array(length),
};
