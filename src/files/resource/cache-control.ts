/** Which Cache-Control a file is sent with (RFC 9111 §5.2.2). */
import { refusal } from '../../options/checks.ts';
import { isFieldValue } from '../../semantics/field-syntax.ts';
import type { FilesOptions } from '../options.ts';

/** Stored, and never used without asking (RFC 9111 §5.2.2.4): a browser shows the file that was saved last. */
const REVALIDATE = 'no-cache';

/** A year is the longest that is useful (RFC 9111 §1.2.2); `immutable` (RFC 8246) saves the request at a reload. */
const FOREVER = 'max-age=31536000, immutable';

/** What is known of a file. */
export interface Caching {
  /** A build tool has named it after its content. */
  readonly isImmutable: boolean;
  /** Shared caches may not store it, since it needs a password (RFC 9111 §3.5, §5.2.2.7). */
  readonly isPrivate: boolean;
}

/**
 * The Cache-Control of a file; `undefined` for no such field.
 *
 * @param path from the root, decoded, beginning with a slash.
 * @throws {TypeError} if the policy is a function and does not return a field value.
 */
export function cacheControlOf(
  path: string,
  policy: FilesOptions['cacheControl'],
  { isImmutable, isPrivate }: Caching,
): string | undefined {
  if (policy === false) return undefined;
  if (typeof policy === 'string') return policy;
  const given = policy?.(path);
  if (given === undefined) {
    return isImmutable ? `${isPrivate ? 'private' : 'public'}, ${FOREVER}` : REVALIDATE;
  }
  if (typeof given !== 'string' || !isFieldValue(given)) {
    throw new TypeError(refusal(`cacheControl of ${path}`, 'a field value (RFC 9110 §5.5)', given));
  }
  return given;
}
