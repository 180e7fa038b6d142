/** The content codings that a client can decode (RFC 9110 §8.4.1, RFC 7932, RFC 8878). */
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { listMembers } from '../../semantics/field-syntax.ts';
import { DeflateDecoder } from './deflate-decoder.ts';

/** Node has zstd since 22.15 and 23.8, and the types of Node 20 do not know it. */
interface ZstdPart {
  createZstdDecompress?: (options: { params: Record<number, number> }) => Transform;
  zstdDecompressSync?: (octets: Uint8Array) => Uint8Array;
  constants: { ZSTD_d_windowLogMax: number };
}

const { createZstdDecompress, zstdDecompressSync, constants } = zlib as unknown as ZstdPart;

/** RFC 9659 §3: 2^23 octets are the largest window of the content coding. Without a bound a few octets allocate 128 MiB. */
const ZSTD_WINDOW_LOG = 23;

/** Node 22 takes zstd content that breaks off for complete content. The client does not offer zstd there. */
function noticesTruncation(): boolean {
  const beginningOfAFrame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);
  try {
    zstdDecompressSync?.(beginningOfAFrame);
    return false;
  } catch {
    return true;
  }
}

function* decoders(): Generator<[coding: string, make: () => Transform]> {
  if (createZstdDecompress !== undefined && noticesTruncation()) {
    const params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG };
    yield ['zstd', () => createZstdDecompress({ params })];
  }
  yield ['br', () => zlib.createBrotliDecompress()];
  yield ['gzip', () => zlib.createGunzip()];
  // RFC 9110 §8.4.1.3: a recipient treats it as gzip.
  yield ['x-gzip', () => zlib.createGunzip()];
  yield ['deflate', () => new DeflateDecoder()];
}

const DECODERS: ReadonlyMap<string, () => Transform> = new Map(decoders());

/** The value of Accept-Encoding, best first: a server's first choice is usually the first coding that it knows. */
export const ACCEPTED_CODINGS = [...DECODERS.keys()].filter((coding) => coding !== 'x-gzip').join(', ');

/** Each decoder takes the memory of its window, and honest servers apply one coding, rarely two. */
export const MAX_CODINGS = 3;

/**
 * Decoders for content with these codings, the one for the coding applied last first.
 *
 * @param value of Content-Encoding: codings in the order in which they were applied (RFC 9110 §8.4).
 * @returns none for an unknown coding or too many codings. The caller then gets the content as it is, as in Fetch.
 */
export function decodersFor(value: string): (() => Transform)[] {
  const found: (() => Transform)[] = [];
  for (const coding of listMembers(value.toLowerCase())) {
    if (coding === '' || coding === 'identity') continue;
    const decoder = DECODERS.get(coding);
    if (decoder === undefined) return [];
    found.unshift(decoder);
  }
  return found.length > MAX_CODINGS ? [] : found;
}
