/** Octets as the RFCs print them. */

/** `8286 8441` or `82 86 84 41`. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
}

export function hexOf(octets: Uint8Array, length = octets.length): string {
  return Buffer.from(octets.buffer, octets.byteOffset, length).toString('hex');
}
