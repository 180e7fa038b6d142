/** The content of a message over HTTP/1: as a whole, or in chunks (RFC 9112 §7.1). */
import type { PartLine } from '../messages.ts';
import { headLines } from './head-lines.ts';
import { lineOf, partOf, type Words } from './part-lines.ts';

const CONTENT: Words = {
  name: 'Content',
  note: 'The bytes of the message itself, exactly as many as the head announces, or until the connection closes.',
  source: 'RFC 9112 §6',
};
const CHUNK: Words = {
  name: 'Chunk',
  note: 'A piece of the content whose total length was not known when the head was sent.',
  source: 'RFC 9112 §7.1',
};
const LAST_CHUNK: Words = {
  name: 'Last chunk',
  note: 'A chunk of size 0: the content is complete. Without it, the message was cut off.',
  source: 'RFC 9112 §7.1',
};
const CHUNK_SIZE: Words = {
  name: 'chunk-size',
  note: 'The bytes of this chunk, in hexadecimal digits.',
  source: 'RFC 9112 §7.1',
};
const CHUNK_EXTENSION: Words = {
  name: 'chunk-ext',
  note: 'More about the chunk. Recipients ignore what they do not know.',
  source: 'RFC 9112 §7.1.1',
};
const CHUNK_DATA: Words = {
  name: 'chunk-data',
  note: 'The bytes of the content in this chunk.',
  source: 'RFC 9112 §7.1',
};
const CRLF: Words = {
  name: 'CRLF',
  note: 'Carriage return and line feed: the end of the line, or of the chunk.',
  source: 'RFC 9112 §7.1',
};

/** Chunks that are shown one by one. */
const MOST_CHUNKS = 100;

/**
 * @param shown whether the bytes of the content are shown.
 * @param most chunks that are named one by one; the others are one part.
 */
export function contentLines(
  octets: string,
  isChunked: boolean,
  shown: boolean,
  most = MOST_CHUNKS,
): PartLine[] {
  if (octets === '') return [];
  if (!isChunked) return [lineOf(CONTENT, [partOf('content', CONTENT, octets, !shown)])];
  const lines: PartLine[] = [];
  let at = 0;
  while (at < octets.length && lines.length < most) {
    const end = octets.indexOf('\r\n', at);
    const sizeLine = end < 0 ? octets.slice(at) : octets.slice(at, end);
    const [digits = ''] = /^[0-9a-f]*/i.exec(sizeLine) ?? [];
    if (digits === '' || digits.length > 8) break;
    const size = Number.parseInt(digits, 16);
    const parts = [
      partOf('chunk-size', CHUNK_SIZE, digits),
      ...some('chunk-ext', CHUNK_EXTENSION, sizeLine.slice(digits.length)),
    ];
    if (end < 0) return [...lines, lineOf(CHUNK, parts)];
    parts.push(partOf('crlf', CRLF, '\r\n'));
    at = end + 2;
    if (size === 0) {
      lines.push(lineOf(LAST_CHUNK, parts));
      // Trailer fields, and the empty line after them (RFC 9112 §7.1.2). A start-line is not expected.
      return [...lines, ...trailerLines(octets.slice(at), shown)];
    }
    const data = octets.slice(at, at + size);
    if (data !== '') parts.push(partOf('content', CHUNK_DATA, data, !shown));
    at += size;
    if (octets.startsWith('\r\n', at)) parts.push(partOf('crlf', CRLF, '\r\n'));
    at += 2;
    lines.push(lineOf(CHUNK, parts));
  }
  if (at < octets.length) lines.push(lineOf(CONTENT, [partOf('content', CONTENT, octets.slice(at), !shown)]));
  return lines;
}

/** The lines behind a start-line that is not there. */
function trailerLines(octets: string, shown: boolean): PartLine[] {
  return headLines(`GET / HTTP/1.1\r\n${octets}`, 'request', shown).slice(1);
}

function some(kind: string, words: Words, text: string) {
  return text === '' ? [] : [partOf(kind, words, text)];
}
