import { isCompressible } from '../semantics/media-type.ts';
import { CODECS, type Codec, type ContentCoding } from './encoders.ts';

/** What {@link compression} may be told. */
export interface CompressionOptions {
  /**
   * The codings to offer, the one liked best first: the order decides between those a client wants equally. One that the
   * runtime has not got (zstd before Node 22.15) is passed over. By default zstd comes first, because it takes a quarter of
   * gzip's time for a result a tenth larger.
   *
   * @default ['zstd', 'br', 'gzip', 'deflate']
   */
  codings?: readonly ContentCoding[];
  /**
   * Content of fewer octets is sent as it is: it fits into one packet with its head either way. At 0 whatever has content
   * is coded, also what gets no smaller by it.
   *
   * @default 1024
   */
  threshold?: number;
  /**
   * How hard to try. gzip and deflate: 1 to 9, default 6. br: 0 to 11, default 4. zstd: 1 to 19, default 3. The defaults
   * suit content that is made for each request: they take about 13, 8 and 3 µs a KiB. br at 11 takes a thousand.
   */
  level?: { readonly [Coding in ContentCoding]?: number };
  /**
   * Whether to code content of a media type, given in lower case and without parameters: `text/html`. It is not asked
   * about a response without a valid Content-Type.
   *
   * @default text, JSON, XML, JavaScript, WebAssembly, SVG, and fonts that are not WOFF
   */
  compressible?: (essence: string) => boolean;
}

/** One coding to offer. */
export interface Offer {
  readonly codec: Codec;
  readonly level: number;
}

/** {@link CompressionOptions}, checked and complete. */
export interface CompressionSettings {
  /** In order of preference. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** The keys of `offers`. */
  readonly codings: readonly string[];
  readonly threshold: number;
  readonly mayGrow: boolean;
  readonly compressible: (essence: string) => boolean;
}

const PREFERRED: readonly ContentCoding[] = ['zstd', 'br', 'gzip', 'deflate'];

/**
 * @throws {TypeError} for an option of the wrong type.
 * @throws {RangeError} for a value that is out of range or no known coding.
 */
export function settingsFor(options: CompressionOptions): CompressionSettings {
  const { codings = PREFERRED, threshold = 1024, level = {}, compressible = isCompressible } = options;
  if (!Array.isArray(codings)) throw new TypeError(`codings: not an array: ${show(codings)}`);
  if (codings.length === 0) throw new RangeError('codings: at least one is needed, got []');
  if (typeof threshold !== 'number') throw new TypeError(`threshold: not a number: ${show(threshold)}`);
  if (!Number.isSafeInteger(threshold) || threshold < 0) {
    throw new RangeError(`threshold: not a number of octets: ${threshold}`);
  }
  if (typeof compressible !== 'function')
    throw new TypeError(`compressible: no function: ${show(compressible)}`);
  if (typeof level !== 'object' || level === null)
    throw new TypeError(`level: not an object: ${show(level)}`);
  for (const coding of Object.keys(level)) mustBeKnown('level', coding);

  const offers = new Map<string, Offer>();
  for (const coding of codings) {
    mustBeKnown('codings', coding);
    const codec = CODECS.get(coding);
    if (codec !== undefined) offers.set(coding, { codec, level: levelFor(coding, codec, level[coding]) });
  }
  // Nothing can't be made smaller, so the least threshold is 1.
  return {
    offers,
    codings: [...offers.keys()],
    threshold: Math.max(threshold, 1),
    mayGrow: threshold === 0,
    compressible,
  };
}

function mustBeKnown(option: string, coding: unknown): asserts coding is ContentCoding {
  if (typeof coding !== 'string') throw new TypeError(`${option}: not a string: ${show(coding)}`);
  if (PREFERRED.some((known) => known === coding)) return;
  throw new RangeError(`${option}: not one of ${PREFERRED.join(', ')}: ${show(coding)}`);
}

function levelFor(coding: ContentCoding, codec: Codec, level: number = codec.defaultLevel): number {
  if (typeof level !== 'number') throw new TypeError(`level.${coding}: not a number: ${show(level)}`);
  const { lowestLevel, highestLevel } = codec;
  if (Number.isInteger(level) && level >= lowestLevel && level <= highestLevel) return level;
  throw new RangeError(`level.${coding}: not an integer from ${lowestLevel} to ${highestLevel}: ${level}`);
}

const show = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));
