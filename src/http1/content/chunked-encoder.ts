/** Encodes the chunked transfer coding (RFC 9112 §7.1): the framing around the data, as text. */

/** chunk-size CRLF. Do not call it for an empty piece: a size of 0 ends the content. */
export function serializeChunkSize(octets: number): string {
  return `${octets.toString(16)}\r\n`;
}

/** The octets behind the data of each chunk. */
export const CHUNK_DATA_END = '\r\n';

/** last-chunk and an empty trailer section. */
export const LAST_CHUNK = '0\r\n\r\n';

/** last-chunk and a trailer section. @param trailerLines field lines, each with its CRLF (RFC 9112 §7.1.2). */
export function serializeLastChunk(trailerLines: string): string {
  return `0\r\n${trailerLines}\r\n`;
}
