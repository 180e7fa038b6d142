/** The forms of a listing with uploads. Without a script they are ordinary forms; `upload-script.ts` adds to them. */
import { html, type Markup } from '../../html/html.ts';
import type { UploadForm } from '../options.ts';
import { icon } from './listing-icons.ts';

export function uploadForm({ overwrite = false, delete: removes = false }: UploadForm): Markup {
  return html`<section id="upload" aria-labelledby="upload-title">
<h2 id="upload-title">Upload</h2>
<form id="send" method="post" action="./" enctype="multipart/form-data"${overwrite ? html` data-replaces` : NOTHING}>
<input id="files" name="file" type="file" multiple required>
<label for="files">Choose files</label>
<button>Upload</button>
<p id="drop" hidden>or drop them anywhere on this page</p>
</form>
<details><summary>New folder</summary>
<form method="post" action="./">
<label for="folder">Name</label>
<input id="folder" name="folder" required maxlength="255" autocomplete="off" spellcheck="false">
<button>Create</button>
</form></details>
<ul id="transfers" aria-label="Uploads"></ul>
<p id="result" role="status"></p>
${removes ? REMOVAL : NOTHING}
</section>`;
}

const NOTHING = html``;

/** The buttons in the rows of entries belong to the first form. The server asks back; with a script, the dialog does. */
const REMOVAL = html`<form id="remove" method="post" action="./"></form>
<dialog id="sure" aria-labelledby="sure-title">
<h2 id="sure-title">Delete it?</h2>
<p></p>
<form method="dialog"><button value="keep">Keep it</button><button value="delete" class="danger">Delete</button></form>
</dialog>`;

/** @param name with a slash at its end if it is a folder. */
export const deleteButton = (name: string): Markup =>
  html`<button form="remove" name="delete" value="${name}" title="Delete" aria-label="Delete ${name}">${icon('bin')}</button>`;
