/**
 * Serval itself, of the checkout whose `dist/` is in `SERVAL_DIST`.
 *
 *     SERVAL_DIST=dist node serval.js <port> <app>
 */
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { FetchFunction } from '../../../src/index.ts';
import { CHUNK_OCTETS, CHUNKS, FIELDS_READ, type Order, receiptFor } from './applications.ts';
import { certificate } from './certificate.ts';
import { listenForCollect } from './collect.ts';

const [port, app = 'hello'] = process.argv.slice(2);
const DIST = process.env['SERVAL_DIST'] ?? 'dist';
const load = (file: string) => import(pathToFileURL(join(DIST, file)).href);

const { serve, Response } = (await load('index.js')) as typeof import('../../../src/index.ts');
// Checkouts of version 0.1 call the folder `coding`.
const { compression } = (await load('compression/index.js').catch(() =>
  load('coding/index.js'),
)) as typeof import('../../../src/compression/index.ts');

const CHUNK = new Uint8Array(CHUNK_OCTETS).fill(0x61);
const TEXT = process.env['BENCH_TEXT'] ?? '';

const APPS: Record<string, FetchFunction> = {
  hello: () => new Response('Hello, world!'),

  'hello-async': async (request) => {
    const { pathname } = new URL(request.url);
    return pathname === '/' ? new Response('Hello, world!') : new Response('Not Found', { status: 404 });
  },

  json: async (request) => Response.json(receiptFor((await request.json()) as Order)),

  headers: (request) => {
    const values = FIELDS_READ.map((name) => request.headers.get(name));
    return new Response(`${new URL(request.url).searchParams.get('page')} ${values.join(' ')}`);
  },

  stream: () => {
    let left = CHUNKS;
    return new Response(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(CHUNK);
          left--;
          if (left === 0) controller.close();
        },
      }),
    );
  },

  upload: async (request) => {
    let octets = 0;
    for await (const piece of request.body ?? []) octets += piece.length;
    return new Response(String(octets));
  },

  gzip: compression(() => new Response(TEXT)),
};
APPS['connect'] = APPS['hello']!;

const application = APPS[app];
if (application === undefined) throw new Error(`unknown app: ${app}`);

// Over TLS, the client chooses HTTP/2 by ALPN; without, by its preface.
const tls = certificate();

serve(application, {
  port: Number(port),
  hostname: '127.0.0.1',
  backlog: 4096,
  limits: { maxRequestBodySize: 0 },
  ...(tls === undefined ? {} : { tls }),
});
listenForCollect();
