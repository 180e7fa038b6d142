/** The page of an error. It loads nothing, runs nothing, and repeats nothing of the request. */
import { html, type Markup } from '../html/html.ts';
import { pageHead } from '../html/page-head.ts';
import { PAGE_STYLE } from '../html/page-style.ts';
import { reasonPhrase } from '../semantics/status-codes.ts';
import { errorWords } from './error-words.ts';

export interface ErrorDetail {
  /** The heading of the page, instead of that of the status. ASCII, as all that is written here. */
  readonly heading?: string;
  /** What exactly went wrong, as a sentence. By default, the page and the text say only what the status means. */
  readonly detail?: string;
  /** What to do, one step in each line, instead of what is said for the status. */
  readonly advice?: readonly string[];
  /** A command that does it. */
  readonly command?: string;
  /** The page has a link there. A reference that the server has made, never a copy of what the client sent. */
  readonly link?: { readonly to: string; readonly text: string };
}

export const ERROR_STYLE = `${PAGE_STYLE}
body { max-width: 40rem; }
main { padding-top: clamp(3rem, 16vh, 8rem); }
.status { margin: 0; color: var(--soft); font-size: .9375rem; font-variant-numeric: tabular-nums; }
.status b { margin-right: .5rem; padding: .125rem .5rem; border-radius: 6px; background: var(--tint); color: var(--accent); font-weight: 600; }
h1 { margin: .75rem 0 0; font-size: clamp(1.625rem, 5vw, 2.25rem); font-weight: 650; line-height: 1.2; letter-spacing: -.02em;
  overflow-wrap: anywhere; text-wrap: balance; }
p { margin: .75rem 0 0; overflow-wrap: anywhere; text-wrap: pretty; }
.advice { color: var(--soft); }
pre { margin: 1.25rem 0 0; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 12px; background: var(--sheet);
  white-space: pre-wrap; overflow-wrap: anywhere; }
.next { margin-top: 1.5rem; }
.next a { color: var(--accent); text-decoration-color: currentColor; }
`;

/** The hash of {@link ERROR_STYLE}. Written down, since making it would load a library into every server. A test compares. */
const STYLE_HASH = 'sha256-I8iPBhd1VPjmCq+e0m7g/7WyOuoGQNvFYBN21fbmrco=';

export const ERROR_POLICY = [
  "default-src 'none'",
  `style-src '${STYLE_HASH}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export function errorPage(status: number, given: ErrorDetail): string {
  const { heading, advice } = errorWords(status);
  const phrase = reasonPhrase(status);
  const steps = given.advice ?? [advice];
  return html`${pageHead(`${status} ${phrase}`, ERROR_STYLE)}
<body>
<main>
<p class="status"><b>${status}</b>${phrase}</p>
<h1>${given.heading ?? heading}</h1>
${given.detail === undefined ? NOTHING : html`<p>${given.detail}</p>`}
${steps.map((step) => html`<p class="advice">${step}</p>`)}
${given.command === undefined ? NOTHING : html`<pre><code>${given.command}</code></pre>`}
${given.link === undefined ? NOTHING : html`<p class="next"><a href="${given.link.to}">${given.link.text}</a></p>`}
</main>
</body>
</html>
`.text;
}

const NOTHING: Markup = html``;
