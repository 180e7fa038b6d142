/**
 * `node:http`, `node:https` or `node:http2` with the same applications as Serval.
 *
 *     node node-http.js <port> <app>
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import https from 'node:https';
import type { Server } from 'node:net';
import process from 'node:process';
import { gzip } from 'node:zlib';
import { CHUNK_OCTETS, CHUNKS, FIELDS_READ, type Order, receiptFor } from './applications.ts';
import { certificate } from './certificate.ts';
import { listenForCollect } from './collect.ts';

const [port, app = 'hello'] = process.argv.slice(2);

const CHUNK = Buffer.alloc(CHUNK_OCTETS, 'a');
const TEXT = process.env['BENCH_TEXT'] ?? '';
const PLAIN = 'text/plain;charset=UTF-8';

function text(response: ServerResponse, content: string, status = 200): void {
  response.writeHead(status, { 'Content-Type': PLAIN, 'Content-Length': Buffer.byteLength(content) });
  response.end(content);
}

const APPS: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown> = {
  hello: (_, response) => text(response, 'Hello, world!'),

  'hello-async': async (request, response) => {
    const { pathname } = new URL(request.url ?? '', `http://${request.headers.host}`);
    if (pathname === '/') text(response, 'Hello, world!');
    else text(response, 'Not Found', 404);
  },

  json: (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const order = JSON.parse(Buffer.concat(pieces).toString()) as Order;
      const content = JSON.stringify(receiptFor(order));
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(content),
      });
      response.end(content);
    });
  },

  headers: (request, response) => {
    const values = FIELDS_READ.map((name) => request.headers[name]);
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    text(response, `${url.searchParams.get('page')} ${values.join(' ')}`);
  },

  stream: (_, response) => {
    response.writeHead(200, { 'Content-Type': PLAIN });
    for (let i = 0; i < CHUNKS; i++) response.write(CHUNK);
    response.end();
  },

  upload: (request, response) => {
    let octets = 0;
    request.on('data', (piece) => {
      octets += piece.length;
    });
    request.on('end', () => text(response, String(octets)));
  },

  gzip: (_, response) => {
    gzip(TEXT, (error, coded) => {
      if (error !== null) throw error;
      response.writeHead(200, {
        'Content-Type': PLAIN,
        'Content-Encoding': 'gzip',
        'Content-Length': coded.length,
        Vary: 'Accept-Encoding',
      });
      response.end(coded);
    });
  },
};
APPS['connect'] = APPS['hello']!;

/** In cases over HTTP/2, the compatibility API of `node:http2`, which takes the same listener. */
function makeServer(listener: http.RequestListener, tls: { cert: string; key: string } | undefined): Server {
  if (!process.env['BENCH_HTTP2'])
    return tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  const compatible = listener as unknown as (
    request: Http2ServerRequest,
    response: Http2ServerResponse,
  ) => void;
  return tls === undefined ? http2.createServer(compatible) : http2.createSecureServer(tls, compatible);
}

const application = APPS[app];
if (application === undefined) throw new Error(`unknown app: ${app}`);

const server = makeServer(application as http.RequestListener, certificate());
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
listenForCollect();
