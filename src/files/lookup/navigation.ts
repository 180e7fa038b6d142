/** Whether it is a page that is asked for: what a visitor goes to, in contrast to what a page is made of. */
import { acceptWeight } from '../../semantics/accept.ts';

/** What {@link isNavigation} goes by, for the Vary field (RFC 9110 §12.5.5). */
export const NAVIGATION_FIELDS = 'Accept, Sec-Fetch-Mode';

/**
 * Browsers say so (Fetch Metadata, §2.3). Of a client that does not, a navigation asks for HTML by name, `*` being what a
 * script or an image asks with, and for a path whose last segment does not look like a file's.
 */
export function isNavigation(headers: Headers, path: string): boolean {
  const mode = headers.get('sec-fetch-mode');
  if (mode !== null) return mode === 'navigate';
  const accept = headers.get('accept') ?? '';
  return /\btext\/html\b/i.test(accept) && wantsHtml(headers) && !hasExtension(path);
}

/** Whether HTML is an acceptable answer (RFC 9110 §12.5.1). */
export function wantsHtml(headers: Headers): boolean {
  return acceptWeight(headers.get('accept'), 'text/html') > 0;
}

/** `/app.js` has one, `/users/7` and `/v1.2/` have none. */
function hasExtension(path: string): boolean {
  return /\.[^./]+$/.test(path);
}
