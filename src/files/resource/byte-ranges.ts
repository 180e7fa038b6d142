/** Several ranges in one response: multipart/byteranges (RFC 9110 §14.6). */
import { randomUUID } from 'node:crypto';
import { type ByteRange, contentRange } from '../../semantics/ranges.ts';

/** The content of a 206 (Partial Content) with several ranges, planned before the first octet is read. */
export interface MultipartPlan {
  /** The Content-Type, with its boundary. There must be no Content-Range beside it (RFC 9110 §15.3.7.2). */
  readonly contentType: string;
  /** Octets altogether, for Content-Length: text in UTF-8 and all the ranges. */
  readonly length: number;
  /** What to send, one after the other. */
  readonly parts: readonly ({ readonly text: string } | ByteRange)[];
}

/**
 * @param ranges of the representation, in the order to be sent.
 * @param length of the representation in octets.
 * @param mediaType its Content-Type, which each part repeats (RFC 9110 §15.3.7.2).
 */
export function planMultipart(
  ranges: readonly ByteRange[],
  length: number,
  mediaType: string,
): MultipartPlan {
  // 122 random bits, which nobody can know beforehand and put into a file (RFC 2046 §5.1.1). In need of no quotes, which
  // some recipients don't understand (RFC 9110 §14.6).
  const boundary = randomUUID();
  const parts: ({ text: string } | ByteRange)[] = [];
  let octets = 0;
  let lineEnd = '';
  for (const range of ranges) {
    const text =
      `${lineEnd}--${boundary}\r\n` +
      `Content-Type: ${mediaType}\r\nContent-Range: ${contentRange(range, length)}\r\n\r\n`;
    parts.push({ text }, { start: range.start, end: range.end });
    octets += Buffer.byteLength(text) + range.end - range.start;
    lineEnd = '\r\n';
  }
  const close = `\r\n--${boundary}--\r\n`;
  parts.push({ text: close });
  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    length: octets + close.length,
    parts,
  };
}
