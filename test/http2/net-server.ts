/**
 * The engine behind a socket, as small as that can be: for other implementations to talk to. The server proper is
 * `src/server`; this one has no exchanges, no timeouts and no limits but the engine's.
 */
import { createServer, type Server, type Socket } from 'node:net';

import {
  CONTENT,
  CONTENT_END,
  FieldLines,
  Http2ServerConnection,
  type Http2ServerOptions,
  type Http2Stream,
  MESSAGE_HEAD,
  NEED_OCTETS,
  REFUSED,
  REJECTED,
} from '../../src/http2/index.ts';
import { nativeRuntime } from '../../src/io/native-runtime.ts';

const DATE = 'Date: Tue, 15 Nov 1994 08:12:31 GMT\r\n';

/** What a handler does: answers a stream when its head, and later its content, has come. */
export type Answer = (connection: Http2ServerConnection, stream: Http2Stream) => void;

const TEXT = new FieldLines();
TEXT.add('Content-Type', 'text/plain');

export const head = (contentLength: number, fields = TEXT, status = 200) => ({
  status,
  fields,
  contentLength,
  dateLine: DATE,
});

/** `/size/N`: N octets; POST: the content; else a short text. */
export const answer: Answer = (connection, stream) => {
  const { path, method } = stream.head!;
  if (method === 'POST') return;
  if (path.startsWith('/size/')) {
    const content = Buffer.alloc(Number(path.slice('/size/'.length)), 'x');
    connection.sendResponse(stream, head(content.length), content);
    return;
  }
  connection.sendResponse(stream, head(13), 'Hello, world!');
};

export function netServer(handler: Answer = answer, options: Http2ServerOptions = {}): Server {
  return createServer((socket) => drive(socket, handler, options));
}

function drive(socket: Socket, handler: Answer, options: Http2ServerOptions): void {
  const connection = new Http2ServerConnection({ runtime: nativeRuntime, ...options });
  socket.setNoDelay(true);
  const flush = () => {
    for (;;) {
      const output = connection.output();
      while (connection.nextDrained() !== undefined) {}
      if (output === undefined) break;
      if (!socket.write(output)) return;
    }
    if (connection.isDone) socket.end();
  };
  socket.on('drain', flush);
  socket.on('error', () => {});
  socket.on('end', () => socket.end());
  socket.on('data', (octets) => {
    connection.receive(octets, performance.now());
    for (let result = connection.next(); result !== NEED_OCTETS; result = connection.next()) {
      const { stream } = connection;
      if (result === REJECTED) break;
      if (result === MESSAGE_HEAD) {
        if (stream!.head!.method === 'POST') connection.beginResponse(stream!, head(-1));
        handler(connection, stream!);
      } else if (result === CONTENT) {
        connection.consumed(stream!, connection.content.length);
        connection.sendData(stream!, Buffer.from(connection.content));
      } else if (result === CONTENT_END) connection.sendEnd(stream!);
      else if (result === REFUSED) connection.refuse(stream!, connection.rejection!, DATE);
    }
    flush();
  });
  flush();
}
