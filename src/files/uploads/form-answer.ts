/** The answer to an upload form. */
import { createHash } from 'node:crypto';
import { Response } from '../../fetch/response.ts';
import { html, type Markup } from '../../html/html.ts';
import { pageHead } from '../../html/page-head.ts';
import { acceptWeight } from '../../semantics/accept.ts';
import { LISTING_STYLE } from '../listing/listing-style.ts';
import { visibleName } from '../listing/listing-text.ts';
import { encodePath } from '../lookup/path-within-root.ts';
import type { FileResult } from './store-form.ts';

const STYLE = `${LISTING_STYLE}
main ul { margin: 0 0 1.5rem; padding: 0; list-style: none; }
main li { margin-top: .5rem; padding: .75rem 1rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; }
main b { display: block; font-weight: 500; overflow-wrap: anywhere; white-space: pre-wrap; }
main a { color: var(--accent); text-decoration-color: currentColor; }
.bad { color: var(--bad); }
.good { color: var(--good); }
`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Browsers are sent back to the folder if all files were stored (303); otherwise they get a page with the results. Clients
 * that do not prefer HTML, such as curl, get JSON:
 * `[{"name": …, "status": 201, "location": …}, {"name": …, "status": 409, "message": …}]`.
 *
 * The status is that of the first refusal. 201 and 303 mean that all files were stored.
 *
 * @param names the names that lead to the folder.
 */
export function answerToForm(
  request: Request,
  names: readonly string[],
  results: readonly FileResult[],
): Response {
  const reported =
    results.length > 0 ? results : [{ name: undefined, status: 400, message: 'No file was chosen.' }];
  const failure = reported.find(({ message }) => message !== undefined);
  const accept = request.headers.get('accept');
  const folder = encodePath([...names, '']);
  if (acceptWeight(accept, 'text/html') <= acceptWeight(accept, 'application/json')) {
    return answerWithJson(names, reported, failure?.status ?? 201);
  }
  // RFC 9110 §15.4.4: the browser shows the folder, and a reload does not upload again.
  if (failure === undefined) {
    return new Response(null, { status: 303, headers: { Location: folder, Vary: 'Accept' } });
  }
  return new Response(page(folder, reported), {
    status: failure.status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY, ...FIELDS },
  });
}

const FIELDS = { Vary: 'Accept', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

function answerWithJson(names: readonly string[], results: readonly FileResult[], status: number): Response {
  const list = results.map(({ name, status, message }) => {
    const location = name === undefined || message !== undefined ? undefined : encodePath([...names, name]);
    return { name, status, message, location };
  });
  const headers: Record<string, string> = { 'Content-Type': 'application/json', ...FIELDS };
  // RFC 9110 §10.2.2: the Location of a 201 names the file that was made.
  const location = list.length === 1 ? list[0]!.location : undefined;
  if (location !== undefined) headers['Location'] = location;
  return new Response(`${JSON.stringify(list)}\n`, { status, headers });
}

function page(folder: string, results: readonly FileResult[]): string {
  const stored = results.filter(({ message }) => message === undefined).length;
  const title = stored === 0 ? 'Nothing was stored' : 'Not everything was stored';
  const advice =
    stored === 0
      ? 'The folder has not changed.'
      : 'Files marked as stored are in the folder. You can send the others again.';
  return html`${pageHead(title, STYLE)}
<body>
<header>
<h1>${title}</h1>
<p>${advice}</p>
</header>
<main>
<ul>
${results.map(item)}</ul>
<p><a href="${folder}">Back to the folder</a></p>
</main>
</body>
</html>
`.text;
}

function item({ name, message }: FileResult): Markup {
  const what =
    name === undefined ? html`The form` : name === '' ? html`A file without a name` : visibleName(name);
  const outcome =
    message === undefined
      ? html`<span class="good">Stored.</span>`
      : html`<span class="bad">${message}</span>`;
  return html`<li><b>${what}</b>${outcome}</li>
`;
}
