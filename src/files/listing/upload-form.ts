/** The upload form in a listing. Without a script it is an ordinary form; `upload-script.ts` adds to it. */
import { html, type Markup } from '../../html/html.ts';

export const uploadForm = (): Markup => html`<section id="upload" aria-labelledby="upload-title">
<h2 id="upload-title">Upload</h2>
<form method="post" action="./" enctype="multipart/form-data">
<input id="files" name="file" type="file" multiple required>
<label for="files">Choose files</label>
<button>Upload</button>
<p id="drop" hidden>or drop them anywhere on this page</p>
</form>
<ul id="transfers" aria-label="Uploads"></ul>
<p id="result" role="status"></p>
</section>`;
