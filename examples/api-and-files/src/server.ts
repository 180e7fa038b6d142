/** A JSON API without a framework, beside a folder of static files. */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Response, type ServerContext, serve } from 'serval';
import { compression } from 'serval/compression';
import { files } from 'serval/files';

const site = files(fileURLToPath(new URL('../public/', import.meta.url)));

/** @returns nothing for a path that the API does not have. */
async function api(request: Request, path: string): Promise<Response | undefined> {
  switch (`${request.method} ${path}`) {
    case 'GET /api/time':
      return Response.json({ time: new Date().toISOString() }, { headers: { 'Cache-Control': 'no-store' } });
    case 'POST /api/sum': {
      const numbers: unknown = await request.json().catch(() => undefined);
      if (!Array.isArray(numbers))
        return Response.json({ error: 'expected a list of numbers' }, { status: 400 });
      return Response.json({ sum: numbers.reduce((sum, number) => sum + Number(number), 0) });
    }
  }
}

async function handler(request: Request, ctx: ServerContext): Promise<Response> {
  const { pathname } = new URL(request.url);
  return (await api(request, pathname)) ?? site(request, ctx);
}

const server = serve(compression(handler), { port: process.env['PORT'] ?? 4221 });
await server.ready;
console.log(`Listening at ${server.url}`);
process.once('SIGTERM', () => server.drain());
