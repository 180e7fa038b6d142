import { extname } from 'node:path';
import { mimes } from 'mrmime';
import { mediaTypeEssence } from '../../semantics/media-type.ts';

/** What the table of `mrmime` lacks, or has for another world than that of a web site. */
const BESIDES: ReadonlyMap<string, string> = new Map([
  ['.cjs', 'text/javascript'],
  ['.ico', 'image/vnd.microsoft.icon'],
  ['.zst', 'application/zstd'],
]);

const NO_OVERRIDES: ReadonlyMap<string, string> = new Map();

/**
 * The Content-Type for a file name. Text, scripts and style sheets among it, is declared to be UTF-8: without a charset,
 * browsers guess. JSON and XML state their encoding themselves (RFC 8259 §8.1, RFC 7303 §3: a charset would override what
 * the document says), and unknown octets are nothing but octets.
 *
 * @param overrides by extension in lower case, with its dot. One that has parameters is taken as it is.
 */
export function mediaType(name: string, overrides: ReadonlyMap<string, string> = NO_OVERRIDES): string {
  const extension = extname(name).toLowerCase();
  const type =
    overrides.get(extension) ?? BESIDES.get(extension) ?? known(extension) ?? 'application/octet-stream';
  return isTextWithoutCharset(type) ? `${type}; charset=utf-8` : type;
}

/** The table is a plain object, which has more members than types: `constructor`, `__proto__`. */
function known(extension: string): string | undefined {
  const name = extension.slice(1);
  return Object.hasOwn(mimes, name) ? mimes[name] : undefined;
}

function isTextWithoutCharset(type: string): boolean {
  const essence = mediaTypeEssence(type) ?? '';
  return essence.startsWith('text/') && !/[/+]xml$/.test(essence) && !type.includes(';');
}
