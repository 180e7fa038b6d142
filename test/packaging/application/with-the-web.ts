/** What compiles with the library DOM or `@types/node`: here the web's types are global. */
import { type FetchFunction, Response, serve } from 'serval';
import { fetch as fetchByServal } from 'serval/client';
import { files } from 'serval/files';

// A test calls a handler with the request alone.
const handler: FetchFunction = (request, ctx) => new Response(`${request.url} ${ctx.path}`);
const site = files('public');
export const answers: (globalThis.Response | Promise<globalThis.Response>)[] = [
  handler(new Request('http://localhost/')),
  site(new Request('http://localhost/index.html')),
];
// @ts-expect-error the second argument is a context
handler(new Request('http://localhost/'), 'text');

serve((request: Request) => fetch(new Request('http://upstream/', request)));
serve(() => new globalThis.Response(new URLSearchParams({ a: 'b' })));
serve(async (request) => {
  const form = await request.formData();
  return new Response(form.get('file') as Blob, { headers: new Headers({ 'x-a': 'b' }) });
});
serve((request) => {
  const stream: ReadableStream<Uint8Array> | null = request.body;
  const { pathname } = new URL(request.url);
  // @ts-expect-error a stream has no such member
  stream?.nonsense;
  return new Response(stream, { headers: { 'x-path': pathname } });
});

export const status: Promise<number> = fetchByServal(new URL('http://localhost/'), {
  signal: AbortSignal.timeout(1000),
}).then((response: globalThis.Response) => response.status);
