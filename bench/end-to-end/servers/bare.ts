/**
 * The floor of the runtime: `node:net`, or `node:tls` in cases over TLS, with a fixed response. It finds the ends of heads wherever the stream is cut, and answers
 * the requests of one read with one write.
 *
 *     node bare.js <port> [hello | connect | upload]
 */
import net from 'node:net';
import process from 'node:process';
import tls from 'node:tls';
import { certificate } from './certificate.ts';
import { listenForCollect } from './collect.ts';

const [port, app = 'hello'] = process.argv.slice(2);

const HEAD_END = Buffer.from('\r\n\r\n');
const BATCH = 64;

const answerTo = (content: string, connection: '' | 'Connection: close\r\n' = '') =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: ${content.length}\r\n${connection}` +
  `Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n${content}`;

const HELLO = answerTo('Hello, world!');
const BATCHES = Array.from({ length: BATCH + 1 }, (_, count) => HELLO.repeat(count));

function hello(socket: net.Socket): void {
  let left: Buffer | undefined;
  socket.on('data', (chunk) => {
    const octets = left === undefined ? chunk : Buffer.concat([left, chunk]);
    left = undefined;
    let heads = 0;
    let at = 0;
    for (let end = octets.indexOf(HEAD_END); end !== -1; end = octets.indexOf(HEAD_END, at)) {
      heads++;
      at = end + HEAD_END.length;
    }
    // The empty line may be cut: up to three octets of it are kept for the next read.
    if (at < octets.length) left = octets.subarray(Math.max(at, octets.length - HEAD_END.length + 1));
    for (; heads > BATCH; heads -= BATCH) socket.write(BATCHES[BATCH]!, 'latin1');
    if (heads > 0) socket.write(BATCHES[heads]!, 'latin1');
  });
}

const CLOSING = answerTo('Hello, world!', 'Connection: close\r\n');

/** One request a connection. */
function connect(socket: net.Socket): void {
  let left = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    left = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    if (left.includes(HEAD_END)) socket.end(CLOSING, 'latin1');
  });
}

/** Counts content by its Content-Length, and answers with the count. */
function upload(socket: net.Socket): void {
  let head: NonSharedBuffer | undefined;
  let expected = 0;
  let received = 0;
  socket.on('data', (chunk) => {
    let content = chunk;
    if (expected === 0) {
      head = head === undefined ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf(HEAD_END);
      if (end === -1) return;
      expected = Number(/\r\ncontent-length: (\d+)/i.exec(head.toString('latin1', 0, end))?.[1]);
      content = head.subarray(end + HEAD_END.length);
      head = undefined;
    }
    received += content.length;
    if (received < expected) return;
    socket.write(answerTo(String(received)), 'latin1');
    expected = 0;
    received = 0;
  });
}

const APPS: Record<string, (socket: net.Socket) => void> = { hello, 'hello-async': hello, connect, upload };
const serve = APPS[app];
if (serve === undefined) throw new Error(`unknown app: ${app}`);

const onConnection = (socket: net.Socket): void => {
  // A load generator resets its connections when it ends.
  socket.on('error', () => {});
  serve(socket);
};
const secure = certificate();
const server = secure === undefined ? net.createServer(onConnection) : tls.createServer(secure, onConnection);
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
listenForCollect();
