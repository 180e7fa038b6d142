/** The chunked transfer coding, outwards (RFC 9112 §7.1): what goes around the data, as text. */

/** chunk-size CRLF. An empty piece must not be encoded at all: a size of 0 is the end. */
export function serializeChunkSize(octets: number): string {
  return `${octets.toString(16)}\r\n`;
}

/** Behind the data of each chunk. */
export const CHUNK_DATA_END = '\r\n';

/** last-chunk and an empty trailer section. */
export const LAST_CHUNK = '0\r\n\r\n';

/** last-chunk and this trailer section, whose lines end in CRLF (RFC 9112 §7.1.2). */
export function serializeLastChunk(trailerLines: string): string {
  return `0\r\n${trailerLines}\r\n`;
}
