/** Media types (RFC 9110 §8.3.1), as far as a server has to understand its own. */
import { isToken, withoutOWS } from './field-syntax.ts';

/**
 * The type and subtype of a Content-Type value, lower-cased, without parameters.
 *
 * @returns `undefined` for what is not a media type.
 */
export function mediaTypeEssence(value: string): string | undefined {
  const semicolon = value.indexOf(';');
  const essence = withoutOWS(value, 0, semicolon < 0 ? value.length : semicolon).toLowerCase();
  const slash = essence.indexOf('/');
  if (slash < 0) return undefined;
  return isToken(essence.slice(0, slash)) && isToken(essence.slice(slash + 1)) ? essence : undefined;
}

/** Structured syntax suffixes (RFC 6839 and the registry it began) that are text underneath. */
const TEXT_SUFFIXES = ['+json', '+xml', '+yaml', '+json-seq'];

/** Formats that carry no compression of their own, beyond `text/*` and the suffixes above. */
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
 * Whether coding a representation of this type is likely to make it smaller. A type that is not known is not
 * compressible: coding what is compressed already costs time and gains nothing.
 *
 * @param essence from {@link mediaTypeEssence}.
 */
export function isCompressible(essence: string): boolean {
  if (essence.startsWith('text/') || COMPRESSIBLE.has(essence)) return true;
  return TEXT_SUFFIXES.some((suffix) => essence.endsWith(suffix));
}
