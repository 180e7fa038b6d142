/** What the pages of the demo have in common. They load no image or font, and nothing but the page itself. */
import { createHash } from 'node:crypto';
import { Response } from '../fetch/response.ts';
import { html, Markup } from '../html/html.ts';
import { DEMO_STYLE } from './demo-style.ts';

export interface PageParts {
  readonly title: string;
  /** The text of the link that skips the header. */
  readonly skip: string;
  readonly main: Markup;
  readonly footer: Markup;
  /** The only script that the page may run. */
  readonly script?: string;
}

/** A response with the page, which runs no script but its own. */
export function pageResponse(parts: PageParts): Response {
  return new Response(pageText(parts), { headers: pageFields(parts.script) });
}

/** @param script that the page may run. */
export const pageFields = (script?: string): Record<string, string> => ({
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': policyFor(script),
  // With no-referrer, browsers would send `Origin: null` for the form, like a page of another site.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
});

export function pageText({ title, skip, main, footer, script }: PageParts): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<style>${new Markup(DEMO_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">${skip}</a>
<header>
${new Markup(EARS)}
<p><strong>Serval</strong> An HTTP server for TypeScript</p>
</header>
<main id="main">
${main}
</main>
<footer>
<p>${footer}</p>
</footer>
${script === undefined ? html`` : new Markup(`<script>${script}</script>\n`)}</body>
</html>
`;
  return page.text;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const STYLE_HASH = hashOf(DEMO_STYLE);

/** Pages show data from the client. All of it is escaped; if that ever failed, the policy prevents scripts and loads. */
function policyFor(script: string | undefined): string {
  return [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`, "connect-src 'self'"]),
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const EARS =
  '<svg viewBox="0 0 48 48" width="40" height="40" aria-hidden="true"><path d="M9 3c5 3 9 8 10 14q5-2 10 0c1-6 5-11 10-14 3 9 3 17 1 24 0 10-7 17-16 17S8 37 8 27C6 20 6 12 9 3z" fill="currentColor"/><path d="M15 27l6 2.500q-3 2.500-6-2.500zM33 27l-6 2.500q3 2.500 6-2.500zM21.500 36h5L24 39z" fill="var(--page)"/></svg>';

const ICON = EARS.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" color="#c27a1f" ').replace(
  'var(--page)',
  '#fff',
);
