/** CRC32c (RFC 9260, Appendix A): Castagnoli's polynomial, bits in reverse. */

const POLYNOMIAL = 0x82f63b78;

/** @returns 32 bits, not negative. */
export function crc32c(octets: Uint8Array): number {
  let crc = 0xffffffff;
  // No table: what it is made for has a few hundred octets, once a connection.
  for (let at = 0; at < octets.length; at++) {
    crc ^= octets[at]!;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
  }
  return ~crc >>> 0;
}
