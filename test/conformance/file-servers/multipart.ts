/** Reads multipart/byteranges (RFC 9110 §14.6, RFC 2046 §5.1.1). */

export interface Part {
  readonly contentType: string | undefined;
  readonly contentRange: string | undefined;
  readonly octets: Uint8Array;
}

/** @returns what is wrong with it, if it can't be read. */
export function readMultipart(contentType: string, content: Uint8Array): readonly Part[] | string {
  const match = /^multipart\/byteranges\s*;\s*boundary=(?:"([^"]+)"|([^\s;]+))\s*$/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return `Content-Type: ${contentType}`;
  // One character an octet. What stands before the first boundary counts for nothing: most often an additional CRLF.
  const text = `\r\n${Buffer.from(content).toString('latin1')}`;
  const [, ...pieces] = text.split(`\r\n--${boundary}`);
  const last = pieces.pop();
  if (last === undefined || !/^--[ \t]*(?:\r\n|$)/.test(last)) return 'no closing boundary';
  const parts: Part[] = [];
  for (const piece of pieces) {
    const headEnd = piece.indexOf('\r\n\r\n');
    if (headEnd < 0 || !/^[ \t]*\r\n/.test(piece)) return 'a part without a head';
    const head = piece.slice(0, headEnd);
    const field = (name: string): string | undefined =>
      new RegExp(`\\r\\n${name}:[ \\t]*([^\\r\\n]*)`, 'i').exec(head)?.[1]?.trim();
    parts.push({
      contentType: field('content-type'),
      contentRange: field('content-range'),
      octets: Buffer.from(piece.slice(headEnd + 4), 'latin1'),
    });
  }
  return parts.length === 0 ? 'no parts' : parts;
}
