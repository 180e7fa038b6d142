/** What the head of a response says about its content and the connection, for each kind of request and response. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResponseStart, ServerConnection } from '../../../src/http1/server-connection.ts';
import { latin1 } from '../../support/each-split.ts';
import { type ParsedResponse, parseResponses } from '../../support/response-parser.ts';
import { afterHead, fieldsOf, responseStart } from '../exchange.ts';

type Row = readonly [
  /** Method, version, and the value of Connection. */
  request: string,
  response: Partial<ResponseStart>,
  /** Content-Length, Transfer-Encoding and Connection, as the client sees them. */
  seen: string,
];

const status = (code: number, contentLength: number) => ({ status: code, contentLength });
const length = (contentLength: number) => ({ contentLength });
const given = (lines: Record<string, string>) => ({ fields: fieldsOf(lines) });

const table: { title: string; persists: boolean; rows: Row[] }[] = [
  {
    title: 'RFC 9112 §6.3: the head of a response says how its content is framed',
    persists: true,
    rows: [
      ['GET 1.1', length(5), 'Content-Length: 5'],
      ['GET 1.1', length(0), 'Content-Length: 0'],
      ['GET 1.1', length(-1), 'Transfer-Encoding: chunked'],
      ['POST 1.7', status(500, -1), 'Transfer-Encoding: chunked'],
      ['CONNECT 1.1', status(502, -1), 'Transfer-Encoding: chunked'],
    ],
  },
  {
    title: 'RFC 9110 §15.3.6: the head of a 205 response says that it has no content',
    persists: true,
    rows: [
      ['POST 1.1', status(205, -1), 'Content-Length: 0'],
      ['POST 1.1', status(205, 5), 'Content-Length: 0'],
    ],
  },
  {
    title: 'RFC 9112 §6.3: content of unknown length ends an HTTP/1.0 connection, which the response says',
    persists: false,
    rows: [
      ['GET 1.0', length(-1), 'Connection: close'],
      ['GET 1.0 keep-alive', length(-1), 'Connection: close'],
    ],
  },
  {
    title: 'RFC 9110 §8.6: a response to HEAD, and 304, may say how long the content of a GET would be',
    persists: true,
    rows: [
      ['HEAD 1.1', length(5), 'Content-Length: 5'],
      ['HEAD 1.1', status(404, 0), 'Content-Length: 0'],
      ['GET 1.1', status(304, 5), 'Content-Length: 5'],
      ['HEAD 1.1', status(304, 5), 'Content-Length: 5'],
      ['HEAD 1.1', length(-1), ''],
      ['HEAD 1.0 keep-alive', length(-1), 'Connection: keep-alive'],
      ['GET 1.1', status(304, -1), ''],
    ],
  },
  {
    title: 'RFC 9110 §8.6: 204 and a 2xx to CONNECT have neither Content-Length nor Transfer-Encoding',
    persists: true,
    rows: [-1, 0, 5].flatMap((octets): Row[] => [
      ['GET 1.1', status(204, octets), ''],
      ['HEAD 1.1', status(204, octets), ''],
      ['CONNECT 1.1', status(200, octets), ''],
    ]),
  },
  {
    title: 'RFC 9112 §9.3: an HTTP/1.0 connection is kept when the client asked, and told that it is',
    persists: true,
    rows: [
      ['GET 1.0 keep-alive', {}, 'Content-Length: 0, Connection: keep-alive'],
      ['GET 1.0 x, Keep-Alive', length(5), 'Content-Length: 5, Connection: keep-alive'],
      ['GET 1.0 keep-alive', status(204, -1), 'Connection: keep-alive'],
    ],
  },
  {
    title: 'RFC 9112 §9.6: close from the client, the handler or the server is final, and said',
    persists: false,
    rows: [
      ['GET 1.1 close', {}, 'Content-Length: 0, Connection: close'],
      ['GET 1.1 keep-alive, Close', {}, 'Content-Length: 0, Connection: close'],
      ['GET 1.0', {}, 'Content-Length: 0, Connection: close'],
      ['GET 1.0 close, keep-alive', {}, 'Content-Length: 0, Connection: close'],
      ['GET 1.1', { serverCloses: true }, 'Content-Length: 0, Connection: close'],
      ['GET 1.0 keep-alive', { serverCloses: true }, 'Content-Length: 0, Connection: close'],
      ['GET 1.1', given({ connection: 'Close' }), 'Content-Length: 0, Connection: close'],
      ['GET 1.0 keep-alive', given({ Connection: 'x, close' }), 'Content-Length: 0, Connection: close'],
      ['HEAD 1.1 close', length(-1), 'Connection: close'],
    ],
  },
  {
    title: 'RFC 9110 §7.6.1: what the handler says of a hop that is not this one is not passed on',
    persists: true,
    rows: [
      ['GET 1.1', given({ Connection: 'keep-alive, x' }), 'Content-Length: 0'],
      ['GET 1.1', given({ 'Transfer-Encoding': 'gzip', 'Keep-Alive': 'timeout=5' }), 'Content-Length: 0'],
    ],
  },
];

for (const { title, persists, rows } of table) {
  test(title, () => {
    for (const [request, response, seen] of rows) {
      const connection = afterHead(requestHead(request));
      const head = connection.beginResponse(responseStart(response));
      const answer = received(connection, head);
      const shown = ['Content-Length', 'Transfer-Encoding', 'Connection']
        .map((name) => [name, answer.field(name.toLowerCase())])
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}: ${value}`);
      assert.equal(shown.join(', '), seen, `${request}: ${head}`);
      assert.equal(connection.persists, persists, request);
    }
  });
}

function requestHead(request: string): string {
  const [method, version, ...options] = request.split(' ');
  const [target, host] = method === 'CONNECT' ? ['a:80', 'a:80'] : ['/', 'a'];
  const connection = options.length === 0 ? '' : `Connection: ${options.join(' ')}\r\n`;
  return `${method} ${target} HTTP/${version}\r\nHost: ${host}\r\n${connection}\r\n`;
}

/** The head with content framed as the connection says, as a client reads it. */
function received(connection: ServerConnection, head: string): ParsedResponse {
  const { framing, persists, request } = connection;
  const encoder = connection.contentEncoder();
  let content = framing.kind === 'none' ? '' : 'content';
  if (framing.kind === 'length') content = 'x'.repeat(framing.length);
  const octets = content === '' ? '' : `${encoder.before(content.length)}${content}${encoder.after}`;
  const [answer] = parseResponses(latin1(head + octets + encoder.end()), [request!.method], !persists);
  assert.equal(answer!.text, content);
  return answer!;
}
