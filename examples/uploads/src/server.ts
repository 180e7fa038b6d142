/** A page with a form that uploads files into a folder, and the files that are there. `curl -T FILE URL/` works as well. */
import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import process from 'node:process';
import { Response, type ServerContext, serve } from 'serval';
import { files, uploads } from 'serval/files';

const FOLDER = process.env['FOLDER'] ?? 'inbox';
mkdirSync(FOLDER, { recursive: true });
const download = files(FOLDER);

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

async function page(): Promise<Response> {
  const names = await readdir(FOLDER);
  const links = names.map((name) => `<li><a href="/${encodeURIComponent(name)}">${escaped(name)}</a>`);
  const html = `<!doctype html><html lang="en"><title>Inbox</title><h1>Inbox</h1>
<form method="post" enctype="multipart/form-data"><input type="file" name="files" multiple required> <button>Upload</button></form>
<ul>${links.join('\n')}</ul>`;
  return new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

const inbox = uploads(FOLDER, { maxFileSize: 100 * 2 ** 20 }, (request: Request, ctx: ServerContext) =>
  new URL(request.url).pathname === '/' && request.method === 'GET' ? page() : download(request, ctx),
);

const server = serve(inbox, {
  port: process.env['PORT'] ?? 4221,
  // Several files come in one request.
  limits: { maxRequestBodySize: 1000 * 2 ** 20 },
});
await server.ready;
console.log(`Listening at ${server.url}`);
process.once('SIGTERM', () => server.drain());
