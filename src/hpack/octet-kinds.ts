/**
 * Flags for strings whose octets a name or a value must not have. HTTP/2 has to check each octet (RFC 9113 §8.2.1). The decoder
 * collects the flags while it copies the octets.
 */

/** An octet is not allowed in a field name: it is no tchar, or an upper-case letter (RFC 9113 §8.2.1). */
export const NOT_IN_NAME = 1;
/** An octet is not allowed in a field value: it is a control octet other than HTAB (RFC 9110 §5.5). */
export const NOT_IN_VALUE = 2;

/** The flags of each octet. */
export const OCTET_KIND = new Uint8Array(256);

const NAME_CHARACTERS = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";

for (let octet = 0; octet < 256; octet++) {
  let kind = NAME_CHARACTERS.includes(String.fromCharCode(octet)) ? 0 : NOT_IN_NAME;
  if ((octet < 0x20 && octet !== 0x09) || octet === 0x7f) kind |= NOT_IN_VALUE;
  OCTET_KIND[octet] = kind;
}
