/** Whether a request is a navigation, which asks for a page, or comes from a page: for a script, an image, a `fetch()`. */
import { acceptWeight } from '../../semantics/accept.ts';

/** The fields that {@link isNavigation} reads, for the Vary field (RFC 9110 §12.5.5). */
export const NAVIGATION_FIELDS = 'Accept, Sec-Fetch-Mode';

/**
 * Browsers tell it in Sec-Fetch-Mode (Fetch Metadata, §2.3), but only servers that they trust: over TLS, or on the same
 * machine. Where the field is missing, a navigation is what names HTML in Accept. Scripts, images and `fetch()` accept `*` or
 * types of their own. The path says nothing: `/users/john.doe` is a route.
 */
export function isNavigation(headers: Headers): boolean {
  const mode = headers.get('sec-fetch-mode');
  if (mode !== null) return mode === 'navigate';
  const accept = headers.get('accept') ?? '';
  return /\btext\/html\b/i.test(accept) && wantsHtml(headers);
}

/** Whether HTML is an acceptable answer (RFC 9110 §12.5.1). */
export function wantsHtml(headers: Headers): boolean {
  return acceptWeight(headers.get('accept'), 'text/html') > 0;
}
