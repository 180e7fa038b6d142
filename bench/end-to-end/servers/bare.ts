/**
 * The floor of the runtime: `node:net`, or `node:tls` in cases over TLS, with a fixed response. It finds the ends of heads wherever the stream is cut, and answers
 * the requests of one read with one write.
 *
 *     node bare.js <port> [hello | connect | upload] [shared]
 *
 * With `shared`, all connections read into one buffer, which is the cheapest way that Node has: the handle of an accepted socket
 * goes to a socket with the option `onread`.
 */
import net from 'node:net';
import process from 'node:process';
import tls from 'node:tls';
import { certificate } from './certificate.ts';
import { listenForCollect } from './collect.ts';

const [port, app = 'hello', reads = 'data'] = process.argv.slice(2);
const isShared = reads === 'shared';

const HEAD_END = Buffer.from('\r\n\r\n');
const BATCH = 64;

const answerTo = (content: string, connection: '' | 'Connection: close\r\n' = '') =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: ${content.length}\r\n${connection}` +
  `Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n${content}`;

const HELLO = answerTo('Hello, world!');
const BATCHES = Array.from({ length: BATCH + 1 }, (_, count) => HELLO.repeat(count));

/** Takes what a read has brought, which the next read may overwrite. */
type Take = (chunk: Buffer) => void;
const kept = (octets: Buffer): Buffer => (isShared ? Buffer.from(octets) : octets);

function hello(socket: net.Socket): Take {
  let left: Buffer | undefined;
  return (chunk) => {
    const octets = left === undefined ? chunk : Buffer.concat([left, chunk]);
    left = undefined;
    let heads = 0;
    let at = 0;
    for (let end = octets.indexOf(HEAD_END); end !== -1; end = octets.indexOf(HEAD_END, at)) {
      heads++;
      at = end + HEAD_END.length;
    }
    // The empty line may be cut: up to three octets of it are kept for the next read.
    if (at < octets.length) left = kept(octets.subarray(Math.max(at, octets.length - HEAD_END.length + 1)));
    for (; heads > BATCH; heads -= BATCH) socket.write(BATCHES[BATCH]!, 'latin1');
    if (heads > 0) socket.write(BATCHES[heads]!, 'latin1');
  };
}

const CLOSING = answerTo('Hello, world!', 'Connection: close\r\n');

/** One request a connection. */
function connect(socket: net.Socket): Take {
  let left: Buffer | undefined;
  return (chunk) => {
    const octets = left === undefined ? chunk : Buffer.concat([left, chunk]);
    if (octets.includes(HEAD_END)) socket.end(CLOSING, 'latin1');
    else left = kept(octets);
  };
}

/** Counts content by its Content-Length, and answers with the count. */
function upload(socket: net.Socket): Take {
  let head: Buffer | undefined;
  let expected = 0;
  let received = 0;
  return (chunk) => {
    let content = chunk;
    if (expected === 0) {
      head = head === undefined ? kept(chunk) : Buffer.concat([head, chunk]);
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
  };
}

const APPS: Record<string, (socket: net.Socket) => Take> = { hello, 'hello-async': hello, connect, upload };
const serve = APPS[app];
if (serve === undefined) throw new Error(`unknown app: ${app}`);

const onConnection = (socket: net.Socket): void => {
  // A load generator resets its connections when it ends.
  socket.on('error', () => {});
  socket.on('data', serve(socket));
};

const BUFFER = Buffer.allocUnsafeSlow(64 * 1024);
type Taken = { _handle: object | null };

/** @param accepted paused, so that nothing has been read from it. */
const onShared = (accepted: net.Socket): void => {
  const { _handle: handle } = accepted as unknown as Taken;
  (accepted as unknown as Taken)._handle = null;
  accepted.destroy();
  let take: Take;
  const callback = (length: number): boolean => {
    take(BUFFER.subarray(0, length));
    return true;
  };
  const socket = new net.Socket({
    handle,
    onread: { buffer: BUFFER, callback },
  } as net.SocketConstructorOpts);
  socket.on('error', () => {});
  take = serve(socket);
};

const secure = certificate();
const clear = (): net.Server =>
  isShared ? net.createServer({ pauseOnConnect: true }, onShared) : net.createServer(onConnection);
const server = secure === undefined ? clear() : tls.createServer(secure, onConnection);
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
listenForCollect();
