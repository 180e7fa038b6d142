/** Reads the numbers of four octets in frames (RFC 9113 §4.1). */

export function uint32(octets: Uint8Array, at: number): number {
  return ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0;
}

/** The lower 31 bits: a stream identifier or an increment. The highest bit is reserved or a flag. */
export function uint31(octets: Uint8Array, at: number): number {
  return uint32(octets, at) & 0x7fff_ffff;
}
