/** CRC32c (RFC 9260, Appendix A): Castagnoli's polynomial with its bits reversed. */

const POLYNOMIAL = 0x82f63b78;

/** @returns 32 bits, not negative. */
export function crc32c(octets: Uint8Array): number {
  let crc = 0xffffffff;
  // Without a table: the input has a few hundred octets, once for each connection.
  for (let at = 0; at < octets.length; at++) {
    crc ^= octets[at]!;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
  }
  return ~crc >>> 0;
}
