/** A reused buffer for text as octets: allocating millions of buffers would cost more than reading them. */
import { Buffer } from 'node:buffer';

let scratch = Buffer.alloc(65_536);

/** @param text latin1. @returns its octets, until the next call. */
export function octetsOf(text: string): Buffer {
  if (text.length > scratch.length) scratch = Buffer.alloc(2 * text.length);
  return scratch.subarray(0, scratch.write(text, 'latin1'));
}
