import { checkInteger, checkObject, checkOneOf, checkType, refusal } from '../options/checks.ts';
import { isCompressible } from '../semantics/media-type.ts';
import { EncoderPlaces } from './encoder-places.ts';
import { CODECS, type Codec, type ContentCoding } from './encoders.ts';

/** The options of {@link compression}. */
export interface CompressionOptions {
  /**
   * The codings to offer, the preferred one first: the order decides between those that a client accepts equally. One that the
   * runtime lacks (zstd before Node 22.15) is left out. By default zstd comes first, because it takes a quarter of gzip's time
   * for a result a tenth larger.
   *
   * @default ['zstd', 'br', 'gzip', 'deflate']
   */
  codings?: readonly ContentCoding[];
  /**
   * Content of fewer bytes is sent as it is: it fits into one packet with its head either way. With 0, all content is coded,
   * even if that makes it no smaller.
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
   * Whether to code content of a media type, given in lower case and without parameters: `text/html`. It is not called for a
   * response without a valid Content-Type.
   *
   * @default text, JSON, XML, JavaScript, WebAssembly, SVG, and fonts that are not WOFF
   */
  compressible?: (essence: string) => boolean;
  /**
   * How many responses may be coded as they are sent, at the same time. Each holds an encoder for as long as its client reads:
   * 0.4 MiB for gzip, about 2 MiB for br. Further responses are sent without coding.
   *
   * @default 128
   */
  streams?: number;
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
  readonly places: EncoderPlaces;
  readonly mayGrow: boolean;
  readonly compressible: (essence: string) => boolean;
}

const NAMES: readonly string[] = ['codings', 'threshold', 'level', 'compressible', 'streams'];
const DEFAULT_STREAMS = 128;
const PREFERRED: readonly ContentCoding[] = ['zstd', 'br', 'gzip', 'deflate'];

/**
 * @throws {TypeError} for an option of the wrong type, or an unknown one.
 * @throws {RangeError} for a value that is out of range, and for an unknown coding.
 */
export function settingsFor(options: CompressionOptions): CompressionSettings {
  checkObject('options', options);
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) throw new TypeError(`options.${name}: there is no such option`);
  }
  const { codings = PREFERRED, threshold = 1024, level = {}, compressible = isCompressible } = options;
  if (!Array.isArray(codings)) throw new TypeError(refusal('options.codings', 'an array', codings));
  if (codings.length === 0) throw new RangeError('options.codings: expected at least one coding, got []');
  checkInteger('options.threshold', threshold, 0, Number.MAX_SAFE_INTEGER);
  checkInteger('options.streams', options.streams, 0, Number.MAX_SAFE_INTEGER);
  checkType('options.compressible', compressible, 'function');
  checkObject('options.level', level);
  for (const coding of Object.keys(level)) checkOneOf('options.level', coding, PREFERRED);

  const offers = new Map<string, Offer>();
  for (const coding of codings as readonly ContentCoding[]) {
    checkType('options.codings', coding, 'string');
    checkOneOf('options.codings', coding, PREFERRED);
    const codec = CODECS.get(coding);
    if (codec !== undefined) offers.set(coding, { codec, level: levelFor(coding, codec, level[coding]) });
  }
  // Empty content can't get smaller, so the least threshold is 1.
  return {
    offers,
    codings: [...offers.keys()],
    threshold: Math.max(threshold, 1),
    places: new EncoderPlaces(options.streams ?? DEFAULT_STREAMS),
    mayGrow: threshold === 0,
    compressible,
  };
}

function levelFor(coding: ContentCoding, codec: Codec, level: number | undefined): number {
  checkInteger(`options.level.${coding}`, level, codec.lowestLevel, codec.highestLevel);
  return level ?? codec.defaultLevel;
}
