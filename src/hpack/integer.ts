/**
 * Integers (RFC 7541 §5.1). A small one fits into the prefix, the lowest bits of an octet. The rest of a larger one follows in
 * octets of seven bits, the lowest first.
 */
import type { OctetWriter } from '../octets/octet-writer.ts';

/** The recipient sets the limit (RFC 7541 §5.1). No index, length or size comes near this one. */
export const MOST_INTEGER = 0x7fff_ffff;
/** Octets after the prefix. Five are enough for 2^31-1; more could only be leading zeros. */
const MOST_CONTINUED = 5;

export const INTEGER_INCOMPLETE = -1;
export const INTEGER_TOO_LARGE = -2;

export class IntegerReader {
  /** The offset after the last integer. */
  at = 0;

  /**
   * Reads the integer whose prefix is in the octet at `at`.
   *
   * @param mask the bits of the prefix, all set: 0x7f for seven.
   * @returns the integer, INTEGER_INCOMPLETE or INTEGER_TOO_LARGE.
   */
  read(octets: Uint8Array, at: number, end: number, mask: number): number {
    if (at >= end) return INTEGER_INCOMPLETE;
    let value = octets[at]! & mask;
    this.at = at + 1;
    if (value < mask) return value;
    let factor = 1;
    for (let i = at + 1; i <= at + MOST_CONTINUED; i++) {
      if (i >= end) return INTEGER_INCOMPLETE;
      const octet = octets[i]!;
      // Multiplied as doubles: a shift would wrap around at 2^32.
      value += (octet & 0x7f) * factor;
      if (value > MOST_INTEGER) return INTEGER_TOO_LARGE;
      if (octet < 0x80) {
        this.at = i + 1;
        return value;
      }
      factor *= 128;
    }
    return INTEGER_TOO_LARGE;
  }
}

/** @param pattern the bits of the first octet above the prefix. */
export function writeInteger(out: OctetWriter, pattern: number, mask: number, value: number): void {
  if (value < mask) return out.octet(pattern | value);
  out.octet(pattern | mask);
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.octet((rest % 128) | 0x80);
  out.octet(rest);
}
