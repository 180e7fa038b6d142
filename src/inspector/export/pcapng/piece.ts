import type { Passed, Side } from './conversation.ts';

/** Octets of one side of a connection. */
export interface Piece extends Omit<Passed, 'time' | 'octets'> {
  readonly side: Side;
  /** Milliseconds since the recorder began. */
  readonly at: number;
  /** Makes them when they are written. */
  octets(): Uint8Array;
}
