/**
 * `node:http` with the same applications as Serval.
 *
 *     node node-http.js <port> <app>
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import process from 'node:process';
import { gzip } from 'node:zlib';
import { CHUNK_OCTETS, CHUNKS, FIELDS_READ, type Order, receiptFor } from './applications.ts';
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

const application = APPS[app];
if (application === undefined) throw new Error(`unknown app: ${app}`);

http.createServer(application).listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
listenForCollect();
