/** Media types (RFC 9110 §8.3.1): the essence of a Content-Type, and whether compression is useful for it. */
import { isToken, withoutOWS } from './field-syntax.ts';

/**
 * The type and subtype of a Content-Type value in lower case, without parameters.
 *
 * @returns `undefined` if the value is not a media type.
 */
export function mediaTypeEssence(value: string): string | undefined {
  const semicolon = value.indexOf(';');
  const essence = withoutOWS(value, 0, semicolon < 0 ? value.length : semicolon).toLowerCase();
  const slash = essence.indexOf('/');
  if (slash < 0) return undefined;
  return isToken(essence.slice(0, slash)) && isToken(essence.slice(slash + 1)) ? essence : undefined;
}

/** Structured syntax suffixes for text formats (RFC 6839 and its IANA registry). */
const TEXT_SUFFIXES = ['+json', '+xml', '+yaml', '+json-seq'];

/** Formats without compression of their own, besides `text/*` and the suffixes above. */
const COMPRESSIBLE: ReadonlySet<string> = new Set([
  'application/ecmascript',
  'application/graphql',
  'application/javascript',
  'application/json',
  'application/json-seq',
  'application/jsonl',
  'application/ndjson',
  'application/postscript',
  'application/rtf',
  'application/sql',
  'application/toml',
  'application/vnd.ms-fontobject',
  'application/wasm',
  'application/x-font-ttf',
  'application/x-javascript',
  'application/x-ndjson',
  'application/x-sh',
  'application/x-tar',
  'application/x-www-form-urlencoded',
  'application/xml',
  'application/xml-dtd',
  'application/yaml',
  // WOFF and WOFF2 are compressed inside (RFC 8081 §4.4.5, §4.4.6); these are not.
  'font/collection',
  'font/otf',
  'font/sfnt',
  'font/ttf',
  'image/bmp',
  'image/vnd.microsoft.icon',
  'image/x-icon',
  'model/gltf-binary',
  'model/obj',
]);

/**
 * Whether a content coding is likely to make a representation of this type smaller. Unknown types count as not
 * compressible: compressing compressed data costs time and gains nothing.
 *
 * @param essence the result of {@link mediaTypeEssence}.
 */
export function isCompressible(essence: string): boolean {
  if (essence.startsWith('text/') || COMPRESSIBLE.has(essence)) return true;
  return TEXT_SUFFIXES.some((suffix) => essence.endsWith(suffix));
}
