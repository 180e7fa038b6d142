/** Several ranges in one response: multipart/byteranges (RFC 9110 §14.6). */
import { randomUUID } from 'node:crypto';
import { type ByteRange, contentRange } from '../../semantics/ranges.ts';

/** The content of a 206 (Partial Content) with several ranges, planned before anything is read. */
export interface MultipartPlan {
  /** The Content-Type, with its boundary. There must be no Content-Range beside it (RFC 9110 §15.3.7.2). */
  readonly contentType: string;
  /** The sum of all parts in bytes, for Content-Length. */
  readonly length: number;
  /** The parts, in order. */
  readonly parts: readonly ({ readonly text: string } | ByteRange)[];
}

/**
 * @param ranges of the representation, in the order in which they are sent.
 * @param length of the representation in bytes.
 * @param mediaType its Content-Type, which each part repeats (RFC 9110 §15.3.7.2).
 */
export function planMultipart(
  ranges: readonly ByteRange[],
  length: number,
  mediaType: string,
): MultipartPlan {
  // 122 random bits: the author of a file can't know them and put them into it (RFC 2046 §5.1.1). It needs no quotes, which
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
