/** Which Cache-Control a file is sent with (RFC 9111 §5.2.2). */
import { isFieldValue } from '../../semantics/field-syntax.ts';
import type { FilesOptions } from '../options.ts';

/** Stored, and never used without asking (RFC 9111 §5.2.2.4): what the developer has just saved is what the browser shows. */
const REVALIDATE = 'no-cache';

/** A year is as long as "for ever" should be (RFC 9111 §1.2.2); `immutable` (RFC 8246) saves the question at a reload. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * The Cache-Control of a file; `undefined` for no such field.
 *
 * @param path from the root, decoded, beginning with a slash.
 * @throws {TypeError} if the policy is a function and gives what is no field value.
 */
export function cacheControlOf(path: string, policy: FilesOptions['cacheControl']): string | undefined {
  if (policy === false) return undefined;
  if (typeof policy === 'string') return policy;
  const given = policy?.(path);
  if (given === undefined) return isNamedAfterItsContent(path) ? FOR_EVER : REVALIDATE;
  if (typeof given !== 'string' || !isFieldValue(given)) {
    throw new TypeError(`cacheControl: not the value of a field (RFC 9110 §5.5): ${String(given)}`);
  }
  return given;
}

/** Folders of SvelteKit and Next.js in which every name is one of these. */
const HASHED_FOLDERS = /^\/(?:_app\/immutable|_next\/static)\//;

/** What stands between a `.`, `-` or `_` and the extension, which may be a double one: `.js.map`, `.chunk.css`. */
const LAST_PART = /[.\-_]([A-Za-z0-9_]{8,64})(?:\.(?:chunk|min|module|bundle))?\.[a-z0-9]+(?:\.map)?$/;

/** The same of eight characters of base64url below a folder that is called as Vite's is. */
const LAST_PART_OF_ASSET = /[.-]([A-Za-z0-9_-]{8})\.[a-z0-9]+(?:\.map)?$/;

/**
 * Whether a build tool has put a hash of the content into the name: `index-B7wrgTda.js` (Vite and Rollup, base64url),
 * `main.4f3a2b1c.js` (webpack, Parcel: hexadecimal), `app-2M4ZC5UJ.css` (esbuild, base32).
 *
 * A name that is wrongly taken for one is not asked for again in a year; one that is not recognised costs a 304 at each
 * use. So this is strict: one of these alphabets, and a digit before the last letter, since where people number things they
 * write the digits last (`book-Chapter12.pdf`, `photo_20240131.jpg`). Below a folder named `assets`, what can't be read as
 * two words is enough. Pages are never named after their content: others link to them.
 */
export function isNamedAfterItsContent(path: string): boolean {
  if (/\.x?html?$/i.test(path)) return false;
  if (HASHED_FOLDERS.test(path)) return true;
  const asset = path.includes('/assets/') ? LAST_PART_OF_ASSET.exec(path)?.[1] : undefined;
  if (asset !== undefined && isJumbled(asset)) return true;
  const part = LAST_PART.exec(path)?.[1];
  if (part === undefined || !/[0-9][A-Za-z0-9_]*[A-Za-z]/.test(part)) return false;
  if (/^[0-9a-f]+$/.test(part)) return true;
  if (part.length !== 8) return false;
  return /^[A-Z2-7]+$/.test(part) || (/[A-Z]/.test(part) && /[a-z]/.test(part));
}

/**
 * Both cases, and three words at least, where `Word`, `word` and `WORD` are words, each with its number: so are nine of ten
 * hashes, and of eight characters that people choose next to none (`SemiBold`, `iPhone15`, `iPhone-5`, `V2-Final` are two words).
 */
function isJumbled(part: string): boolean {
  const words = part.replace(/[-_]\d+$/, '').match(/[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+/g) ?? [];
  return words.length >= 3 && /[A-Z]/.test(part) && /[a-z]/.test(part);
}
