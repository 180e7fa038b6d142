/** Content codings made here (RFC 9110 §8.4.1): once for each file, off the event loop. */
import { CODECS } from '../../compression/encoders.ts';
import { isCompressible, mediaTypeEssence } from '../../semantics/media-type.ts';

/**
 * The largest file that is coded, in octets. More is sent as it is: coding it takes a processor for a tenth of a second and
 * more, the result is too large to be held, and a stream that is coded anew for each client has no length, no ranges, and
 * thus no way to go on with a download that broke off. Who has larger files puts precompressed ones beside them.
 */
export const MAX_CODED_OCTETS = 8 * 1024 * 1024;

/** Content of fewer octets fits into one packet with its head either way. */
export const MIN_CODED_OCTETS = 1024;

/**
 * The coding liked best first, and its level. What is coded once can be coded harder than what is coded for each request.
 * Measured on 512 KiB of TypeScript, in µs a KiB: br at 5 takes 14 to leave 78.3 kB, at 6 it takes 18 for 77.1, at 9 it takes
 * 53 for 75.4; zstd at 6 takes 9 for 79.7, at 3 it takes 5 for 88.0; gzip at 6 takes 14 for 85.0.
 */
const LEVELS: ReadonlyMap<string, number> = new Map([
  ['br', 5],
  ['zstd', 6],
  ['gzip', 6],
]);

const AVAILABLE: readonly string[] = [...LEVELS.keys()].filter((coding) => CODECS.has(coding));

/** The codings that may be made of a file, the one liked best first: br, zstd where the runtime has it, gzip. */
export function codingsFor(contentType: string, octets: number): readonly string[] {
  if (octets < MIN_CODED_OCTETS || octets > MAX_CODED_OCTETS) return [];
  return isCompressible(mediaTypeEssence(contentType) ?? '') ? AVAILABLE : [];
}

/** The thread pool has four threads unless told otherwise, and files are read there too. */
const MAX_RUNS = 2;

let runs = 0;
const waiting: (() => void)[] = [];

/** Codes content when its turn has come. @param read gives the content, `undefined` if it can't be had any more. */
export async function code(
  coding: string,
  read: () => Promise<Buffer | undefined>,
): Promise<Buffer | undefined> {
  if (runs >= MAX_RUNS) await new Promise<void>((resolve) => waiting.push(resolve));
  else runs++;
  try {
    const content = await read();
    if (content === undefined) return undefined;
    const coded = await CODECS.get(coding)!.encode(content, LEVELS.get(coding)!);
    // In memory of its own: what zlib gives may be the beginning of something larger, all of which would be held.
    const octets = Buffer.allocUnsafeSlow(coded.length);
    octets.set(coded);
    return octets;
  } finally {
    const next = waiting.shift();
    if (next === undefined) runs--;
    else next();
  }
}
