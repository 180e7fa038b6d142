/** The forms of a listing that have no file: `folder=name` makes a folder, and `delete=name` removes what has the name. */
import { createHash } from 'node:crypto';
import { Response } from '../../fetch/response.ts';
import { html } from '../../html/html.ts';
import { pageHead } from '../../html/page-head.ts';
import { PAGE_STYLE } from '../../html/page-style.ts';
import { visibleName } from '../listing/listing-text.ts';
import { encodePath } from '../lookup/path-within-root.ts';
import { contentChunks } from './content-chunks.ts';
import { UploadRefusal } from './refusal.ts';

export interface FolderForm {
  readonly action: 'folder' | 'delete';
  /** As the client sent it, without the slash that ends the name of a folder. */
  readonly name: string;
  readonly isFolder: boolean;
  /** The visitor has said so on {@link confirmationPage}. */
  readonly isConfirmed: boolean;
}

/** A name has at most 255 bytes, each of which takes three at most here. */
const MOST_OCTETS = 2048;

/** @throws {UploadRefusal} for content that is neither. */
export async function folderForm(request: Request): Promise<FolderForm> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of contentChunks(request.body)) {
    length += chunk.length;
    if (length > MOST_OCTETS) throw new UploadRefusal(413, 'The form is too long.');
    chunks.push(chunk);
  }
  const fields = new URLSearchParams(Buffer.concat(chunks).toString());
  const isConfirmed = fields.get('confirmed') === 'yes';
  for (const action of ['folder', 'delete'] as const) {
    const value = fields.get(action);
    if (value === null) continue;
    const isFolder = action === 'folder' || value.endsWith('/');
    return { action, name: value.replace(/\/$/, ''), isFolder, isConfirmed };
  }
  throw new UploadRefusal(400, 'The form has neither "folder" nor "delete".');
}

const STYLE = `${PAGE_STYLE}
body { max-width: 40rem; }
main { padding-top: clamp(3rem, 16vh, 8rem); }
h1 { margin: 0; font-size: clamp(1.5rem, 4vw, 2rem); font-weight: 650; line-height: 1.25; letter-spacing: -.02em; overflow-wrap: anywhere; }
p { margin: .75rem 0 1.5rem; color: var(--soft); }
form { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 1.25rem; }
button { padding: .5rem 1rem; border: 1px solid var(--bad); border-radius: 8px; background: var(--bad); color: var(--sheet); font: inherit; font-weight: 600; cursor: pointer; }
form a { color: var(--accent); text-decoration-color: currentColor; }
`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Asks whether something is to be deleted, where no script has asked. */
export function confirmationPage(names: readonly string[], { name, isFolder }: FolderForm): Response {
  const folder = encodePath([...names, '']);
  const title = isFolder ? 'Delete this folder?' : 'Delete this file?';
  const page = html`${pageHead(title, STYLE)}
<body>
<main>
<h1>Delete ${visibleName(name)}?</h1>
<p>${isFolder ? 'A folder is deleted only if it is empty.' : 'It can not be brought back.'}</p>
<form method="post" action="${folder}">
<input type="hidden" name="confirmed" value="yes">
<button name="delete" value="${isFolder ? `${name}/` : name}">Delete</button>
<a href="${folder}">Keep it</a>
</form>
</main>
</body>
</html>
`.text;
  return new Response(page, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-store',
      // Not `no-referrer`: browsers would send the form with `Origin: null` then.
      'Referrer-Policy': 'same-origin',
      Vary: 'Accept',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
