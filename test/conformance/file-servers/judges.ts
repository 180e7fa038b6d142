/** What answers are held to. Each judge says what was wrong, or nothing. */
import zlib from 'node:zlib';
import type { Answer } from './answer.ts';
import type { Fault, Judge } from './case.ts';
import { NotAsked } from './conversation.ts';
import { octetsOf, SECRET, zstd } from './fixture.ts';

/** An answer in few words. */
export function inShort(answer: Answer): string {
  if (answer.status === 0) return answer.fault ?? 'no answer';
  const range = answer.field('content-range');
  const location = answer.field('location');
  const detail = range ?? location;
  return detail === undefined ? `${answer.status}` : `${answer.status} ${detail}`;
}

/** The message is whole, and nothing follows it (RFC 9112 §6.3). */
export function framed(answer: Answer): Fault {
  if (answer.status === 0 || answer.fault !== undefined) return answer.fault ?? 'no answer';
  return answer.excess > 0 ? `${inShort(answer)}, and ${answer.excess} octets too many` : undefined;
}

export function sameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/**
 * The content without its content codings (RFC 9110 §8.4), and `undefined` if it can't be decoded.
 *
 * @throws {NotAsked} for zstd on a Node that has none.
 */
export function decoded(answer: Answer): Uint8Array | undefined {
  const codings = (answer.field('content-encoding') ?? 'identity').toLowerCase().split(/\s*,\s*/);
  let octets: Uint8Array = answer.content;
  try {
    for (const coding of codings.reverse()) octets = decode(octets, coding);
    return octets;
  } catch (error) {
    if (error instanceof NotAsked) throw error;
    return undefined;
  }
}

function decode(octets: Uint8Array, coding: string): Uint8Array {
  if (coding === 'identity') return octets;
  if (coding === 'gzip' || coding === 'x-gzip') return zlib.gunzipSync(octets);
  if (coding === 'br') return zlib.brotliDecompressSync(octets);
  if (coding === 'deflate') return zlib.inflateSync(octets);
  if (coding !== 'zstd') throw new Error(`what is ${coding}?`);
  if (zstd.zstdDecompressSync === undefined) throw new NotAsked('this Node has no zstd to decode it');
  return zstd.zstdDecompressSync(octets);
}

/** 200 (OK) with all of a file, coded or not. */
export const whole =
  (target: string): Judge =>
  (answer) =>
    wholeFault(answer, octetsOf(target));

export function wholeFault(answer: Answer, octets: Uint8Array): Fault {
  if (answer.status !== 200) return inShort(answer);
  if (answer.field('content-range') !== undefined) return `200 with Content-Range`;
  const fault = framed(answer);
  if (fault !== undefined) return fault;
  const content = decoded(answer);
  if (content === undefined) return `200, not decodable as ${answer.field('content-encoding')}`;
  return sameOctets(content, octets) ? undefined : '200 with other octets';
}

/** Neither performed nor counted as unchanged: 412 (Precondition Failed), which MAY be said, or another 4xx. */
export function refused(answer: Answer): Fault {
  return answer.status >= 400 && answer.status < 500 ? framed(answer) : inShort(answer);
}

/** 304 (Not Modified) without content (RFC 9110 §15.4.5), and with no length but the whole's (§8.6). */
export const notModified =
  (target: string): Judge =>
  (answer) => {
    if (answer.status !== 304) return inShort(answer);
    const length = answer.field('content-length');
    if (length !== undefined && length !== `${octetsOf(target).length}`)
      return `304 with Content-Length: ${length}`;
    return framed(answer);
  };

/** The secret stays where it is: a 4xx, or a redirect that leads nowhere else. */
export function withheld(answer: Answer): Fault {
  const text = Buffer.from(decoded(answer) ?? answer.content).toString('latin1');
  if (text.includes(SECRET)) return `${inShort(answer)}: gives the secret away`;
  return answer.status >= 300 && answer.status < 500 ? framed(answer) : inShort(answer);
}

export const status =
  (...allowed: readonly number[]) =>
  (answer: Answer): Fault =>
    allowed.includes(answer.status) ? framed(answer) : inShort(answer);
