/** How long content is, and whether a response has any (RFC 9110 §6.4.1, §8.6). */
import type { FieldSection } from './field-section.ts';
import { parseDecimal } from './field-syntax.ts';

/** Decimal digits only, at most 16, at most 2^53-1 (RFC 9110 §8.6). @returns the number, or -1. */
export function parseContentLength(value: string): number {
  const length = parseDecimal(value, 16);
  // Above 2^53-1, a double stands for more than one integer. RFC 9110 §8.6: a recipient MUST prevent that.
  return length <= Number.MAX_SAFE_INTEGER ? length : -1;
}

/** The length that Content-Length declares, or -1 if a section has none that is valid. */
export function declaredLength(fields: FieldSection): number {
  const value = fields.get('content-length');
  return value === null ? -1 : parseContentLength(value);
}

/** Whether a response has content on the wire (RFC 9112 §6.3 items 1 and 2). */
export function responseMayHaveContent(requestMethod: string, status: number): boolean {
  if (requestMethod === 'HEAD' || status === 204 || status === 304 || status < 200) return false;
  return !(requestMethod === 'CONNECT' && status < 300);
}

/** The content does not have the length that the head declared. The message can't be completed, only cut off. */
export class ContentLengthMismatch extends Error {
  override readonly name = 'ContentLengthMismatch';
}
