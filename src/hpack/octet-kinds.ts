/**
 * What the octets of a string are good for. HTTP/2 has to look at each octet of a name or value (RFC 9113 §8.2.1); the decoder
 * has them all in its hands anyway, so it notes it on the way.
 */

/** Some octet can't be in a field name: it is no tchar, or it is an upper-case letter (RFC 9113 §8.2.1). */
export const NOT_IN_NAME = 1;
/** Some octet can't be in a field value: it is a control octet other than HTAB (RFC 9110 §5.5). */
export const NOT_IN_VALUE = 2;

/** For each octet, which of the two hold. */
export const OCTET_KIND = new Uint8Array(256);

const NAME_CHARACTERS = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";

for (let octet = 0; octet < 256; octet++) {
  let kind = NAME_CHARACTERS.includes(String.fromCharCode(octet)) ? 0 : NOT_IN_NAME;
  if ((octet < 0x20 && octet !== 0x09) || octet === 0x7f) kind |= NOT_IN_VALUE;
  OCTET_KIND[octet] = kind;
}
