/** The fields that depend on the coding of a response: Vary, ETag, and those that describe the content. */
import { ABOUT_CODED_CONTENT } from '../semantics/coded-content.ts';
import { isEntityTag, weakenEntityTag } from '../semantics/entity-tag.ts';
import { listMembers } from '../semantics/field-syntax.ts';

/** Whether a list names `member`, which is given in lower case. Parameters and quoted strings are not understood. */
function lists(value: string | null, member: string): boolean {
  return value !== null && listMembers(value).some((name) => name.toLowerCase() === member);
}

/** Whether a Cache-Control field says `no-transform` (RFC 9111 §5.2.1.6, §5.2.2.6). */
export function forbidsTransform(headers: Headers): boolean {
  // A quoted string with ", no-transform," in it is taken for the directive: the response is larger then, and not wrong.
  return lists(headers.get('cache-control'), 'no-transform');
}

/** Whether the content is coded already. `identity` is no coding, and should not be sent (RFC 9110 §8.4.1). */
export function isCoded(headers: Headers): boolean {
  const coding = headers.get('content-encoding');
  return coding !== null && coding.toLowerCase() !== 'identity';
}

/** Content-Length, or `undefined` if it is missing or is not *DIGIT (RFC 9110 §8.6). */
export function declaredLength(headers: Headers): number | undefined {
  const value = headers.get('content-length');
  if (value === null || value.length === 0 || value.length > 15) return undefined;
  let length = 0;
  for (let at = 0; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    length = length * 10 + digit;
  }
  return length;
}

/** RFC 9110 §12.5.5: caches must know that the response depends on Accept-Encoding, even if it is not coded. */
export function addVary(headers: Headers): void {
  const vary = headers.get('vary');
  if (lists(vary, '*') || lists(vary, 'accept-encoding')) return;
  headers.set('vary', vary ? `${vary}, Accept-Encoding` : 'Accept-Encoding');
}

/**
 * RFC 9110 §8.8.3.3: different codings of a resource can't share a strong tag, but they can share a weak one. The application,
 * which knows only its own tag, still recognises it in If-None-Match (§13.1.2).
 */
export function weakenETag(headers: Headers): void {
  const tag = headers.get('etag');
  if (tag === null) return;
  if (isEntityTag(tag)) headers.set('etag', weakenEntityTag(tag));
  // An invalid tag can't be weakened, and must not be that of both.
  else headers.delete('etag');
}

/** The fields of a response whose content is coded. */
export function codedHeaders(plain: Headers, coding: string): Headers {
  const headers = new Headers(plain);
  for (const name of ABOUT_CODED_CONTENT) headers.delete(name);
  headers.set('content-encoding', coding);
  weakenETag(headers);
  addVary(headers);
  return headers;
}
