/** The WebSocket servers of other projects, each in a process of its own. All do the same, over ws: or wss:. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { IssuedCertificate } from '../../support/certificates.ts';

export interface ForeignServer {
  readonly name: string;
  readonly program: string;
  /** It speaks only HTTP/2: by ALPN, or by prior knowledge without TLS. */
  readonly isHttp2: boolean;
  /** Writes the script of the server. @param identity of the server, for wss:. @returns the words of its command. */
  prepare(folder: string, port: number, identity: IssuedCertificate | undefined): string[];
}

const WS = new URL('../../../../node_modules/ws/wrapper.mjs', import.meta.url);

const WS_SERVER = `
import http from 'node:http';
import https from 'node:https';
import { WebSocketServer } from ${JSON.stringify(fileURLToPath(WS))};
const server = identity ? https.createServer(identity) : http.createServer();
const sockets = new WebSocketServer({
  noServer: true, perMessageDeflate: true,
  handleProtocols: (offered) => offered.has('chat') && 'chat',
});
server.on('upgrade', (request, socket, head) => {
  if (request.url === '/none') return socket.end('HTTP/1.1 404 Not Found\\r\\nContent-Length: 0\\r\\n\\r\\n');
  sockets.handleUpgrade(request, socket, head, (ws) => {
    ws.on('message', (data, isBinary) => {
      if (!isBinary && String(data) === 'close') ws.close(4002, 'as you wish');
      else ws.send(data, { binary: isBinary });
    });
  });
});
server.listen(port, '127.0.0.1');
`;

/** Streams of HTTP/2 carry the WebSocket of `ws` as sockets do. */
const HTTP2_SERVER = `
import http2 from 'node:http2';
import WebSocket from ${JSON.stringify(fileURLToPath(WS))};
const settings = { enableConnectProtocol: true };
const server = identity ? http2.createSecureServer({ ...identity, settings }) : http2.createServer({ settings });
server.on('stream', (stream, headers) => {
  if (headers[':path'] === '/none' || headers[':protocol'] !== 'websocket')
    return stream.respond({ ':status': 404 }, { endStream: true });
  stream.respond({ ':status': 200, 'sec-websocket-protocol': 'chat' });
  const ws = new WebSocket(null, undefined, {});
  ws.setSocket(stream, Buffer.alloc(0), { allowSynchronousEvents: true, maxPayload: 0, skipUTF8Validation: false });
  ws.on('message', (data, isBinary) => {
    if (!isBinary && String(data) === 'close') ws.close(4002, 'as you wish');
    else ws.send(data, { binary: isBinary });
  });
});
server.listen(port, '127.0.0.1');
`;

const BUN_SERVER = `
Bun.serve({
  port, hostname: '127.0.0.1', ...(identity && { tls: identity }),
  fetch(request, server) {
    if (new URL(request.url).pathname === '/none') return new Response('none', { status: 404 });
    if (server.upgrade(request, { headers: { 'Sec-WebSocket-Protocol': 'chat' } })) return;
    return new Response('no WebSocket', { status: 426 });
  },
  websocket: {
    perMessageDeflate: true,
    message(ws, message) {
      if (message === 'close') ws.close(4002, 'as you wish');
      else ws.send(message);
    },
  },
});
`;

const DENO_SERVER = `
Deno.serve({ port, hostname: '127.0.0.1', ...identity }, (request) => {
  if (new URL(request.url).pathname === '/none') return new Response('none', { status: 404 });
  const { socket, response } = Deno.upgradeWebSocket(request, { protocol: 'chat' });
  socket.onmessage = ({ data }) => {
    if (data === 'close') socket.close(4002, 'as you wish');
    else socket.send(data);
  };
  return response;
});
`;

const INDEX = new URL('../../../src/index.js', import.meta.url);

const SERVAL = `
import { PROTOCOL_MARKER, Response, serve } from ${JSON.stringify(fileURLToPath(INDEX))};
serve({
  [PROTOCOL_MARKER]: 1,
  fetch: () => new Response('none'),
  connect(ctx) {
    if (ctx.path === '/none') return new Response('none', { status: 404 });
    const socket = ctx.upgradeWebSocket({ protocol: ['chat'], maxMessageSize: 2 ** 22, deflate: true });
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      if (data === 'close') socket.close(4002, 'as you wish');
      else socket.send(data);
    };
  },
}, { port, hostname: '127.0.0.1', ...(identity && { tls: identity }) });
`;

function server(
  name: string,
  program: string,
  words: readonly string[],
  script: string,
  isHttp2 = false,
): ForeignServer {
  return {
    name,
    program,
    isHttp2,
    prepare(folder, port, identity) {
      const file = join(folder, `${name.replace(/\W.*/, '')}-server.mjs`);
      const given = identity && { cert: identity.cert, key: identity.key };
      const head = `const port = ${port};\nconst identity = ${JSON.stringify(given)};\n`;
      // Imports stay first for readers; their order is of no matter to a module.
      writeFileSync(file, head + script);
      return [...words, file];
    },
  };
}

const BUN = process.env['BUN'] ?? 'bun';
const DENO = process.env['DENO'] ?? 'deno';
const DENO_WORDS = ['run', '--no-check', '--allow-all'];

export const FOREIGN_SERVERS: readonly ForeignServer[] = [
  server('ws on Node', process.execPath, [], WS_SERVER),
  server('node:http2 with ws', process.execPath, [], HTTP2_SERVER, true),
  server('Bun.serve', BUN, ['run'], BUN_SERVER),
  server('Deno.serve', DENO, DENO_WORDS, DENO_SERVER),
  server('Serval on Bun', BUN, ['run'], SERVAL),
  server('Serval on Deno', DENO, DENO_WORDS, SERVAL),
];
