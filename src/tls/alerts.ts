/** TLS alerts that are sent before OpenSSL has the connection (RFC 8446 §6). */

export const DECODE_ERROR = 50;
export const INTERNAL_ERROR = 80;
export const UNRECOGNIZED_NAME = 112;

/** A record with one fatal alert. Its version is the one that every client accepts before one is agreed on (§5.1). */
export function fatalAlert(description: number): Uint8Array {
  return Uint8Array.of(21, 3, 3, 0, 2, 2, description);
}
