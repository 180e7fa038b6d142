/** The content codings that a client can undo (RFC 9110 §8.4.1, RFC 7932, RFC 8878), as `node:zlib` makes them. */

import * as zlib from 'node:zlib';
import type { ZlibTransform } from '../../io/transform-source.ts';
import { listMembers } from '../../semantics/field-syntax.ts';

/** zstd came to `node:zlib` in Node 22.15 and 23.8, so it has to be looked for. */
interface ZstdPart {
  createZstdDecompress?: () => ZlibTransform;
  zstdDecompressSync?: (octets: Uint8Array) => Uint8Array;
}

const { createZstdDecompress, zstdDecompressSync } = zlib as unknown as ZstdPart;

/** Node 22 takes zstd content that breaks off for a shorter, complete one. Better none than that. */
function noticesTruncation(): boolean {
  const beginningOfAFrame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);
  try {
    zstdDecompressSync?.(beginningOfAFrame);
    return false;
  } catch {
    return true;
  }
}

const DECODERS: ReadonlyMap<string, () => ZlibTransform> = new Map([
  ...(createZstdDecompress === undefined || !noticesTruncation()
    ? []
    : [['zstd', () => createZstdDecompress()] as const]),
  ['br', () => zlib.createBrotliDecompress()],
  ['gzip', () => zlib.createGunzip()],
  // RFC 9110 §8.4.1.3: a recipient treats it as gzip.
  ['x-gzip', () => zlib.createGunzip()],
  // RFC 9110 §8.4.1.2: the zlib format, and no bare deflate data.
  ['deflate', () => zlib.createInflate()],
]);

/** The value of Accept-Encoding, best first: the server's first choice is usually the first that it knows. */
export const ACCEPTED_CODINGS = [...DECODERS.keys()].filter((coding) => coding !== 'x-gzip').join(', ');

/** Each takes a window's worth of memory, and nobody applies more than one or two. */
export const MAX_CODINGS = 3;

/**
 * Decoders for content that has these codings, the one applied last first.
 *
 * @param value of Content-Encoding: codings in the order in which they were applied (RFC 9110 §8.4).
 * @returns none if a coding is not known, or there are too many: the content is then given as it is, as `fetch` does.
 */
export function decodersFor(value: string): (() => ZlibTransform)[] {
  const decoders: (() => ZlibTransform)[] = [];
  for (const coding of listMembers(value.toLowerCase())) {
    if (coding === '' || coding === 'identity') continue;
    const decoder = DECODERS.get(coding);
    if (decoder === undefined) return [];
    decoders.unshift(decoder);
  }
  return decoders.length > MAX_CODINGS ? [] : decoders;
}
