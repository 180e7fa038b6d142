/** How long content is, and whether a response has any (RFC 9110 §6.4.1, §8.6). */

/** Decimal digits only, at most 16, at most 2^53-1 (RFC 9110 §8.6). @returns the number, or -1. */
export function parseContentLength(value: string): number {
  if (value.length < 1 || value.length > 16) return -1;
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  // Above, two lengths would be one double: RFC 9110 §8.6 has a recipient prevent that.
  return length <= Number.MAX_SAFE_INTEGER ? length : -1;
}

/** Whether this response has content on the wire at all (RFC 9112 §6.3 items 1 and 2). */
export function responseMayHaveContent(requestMethod: string, status: number): boolean {
  if (requestMethod === 'HEAD' || status === 204 || status === 304 || status < 200) return false;
  return !(requestMethod === 'CONNECT' && status < 300);
}

/** A response that is not what its head promised: nothing sent from here on could be understood, only cut off. */
export class ContentLengthMismatch extends Error {
  override readonly name = 'ContentLengthMismatch';
}
