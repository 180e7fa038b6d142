/** RFC 9112 §9: which answer belongs to which request, how long a connection goes on, and how it ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Response } from '../../../src/index.ts';
import { resolveHandlers } from '../../../src/server/exchange/call-convention.ts';
import { HttpServer } from '../../../src/server/server.ts';
import { HandClock } from '../../io/hand-clock.ts';
import { latin1 } from '../../support/each-split.ts';
import { MemorySocket } from '../../support/memory-socket.ts';
import {
  answer,
  CHUNKED,
  contentRefused,
  DATE,
  ECHO,
  GET,
  refused,
  served,
  servedLast,
} from '../requirement.ts';
import { conformance } from '../run.ts';

const UNREAD = 'POST /unread HTTP/1.1\r\nHost: a\r\n';
const KEEP_10 = 'GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n';
const KEPT_10 = { connection: 'keep-alive' };

conformance('RFC 9112, 9. Connection Management', [
  {
    title: 'RFC 9112 §9.2: answers come in the order of the requests, whichever is done first',
    raw: `GET /slow/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /target?2 HTTP/1.1\r\nHost: a\r\n\r\nGET /slow/3 HTTP/1.1\r\nHost: a\r\n\r\n`,
    answers: answer('1') + answer('/target?2') + answer('3'),
    end: 'open',
    handled: ['GET /slow/1', 'GET /target?2', 'GET /slow/3'],
  },
  {
    title: 'RFC 9112 §9.2: only 1xx answers come before the final one',
    raw: 'GET /two-informational HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n${answer('hello')}`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §9.3: an HTTP/1.1 connection persists by default',
    raw: `${GET}\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §9.3: keep-alive says nothing new to an HTTP/1.1 connection',
    raw: `${GET}Connection: keep-alive\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §9.3: a higher minor version persists like HTTP/1.1',
    raw: 'GET / HTTP/1.9\r\nHost: a\r\n\r\n',
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §9.3: an HTTP/1.0 connection ends after the answer by default',
    raw: 'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
    ...servedLast('hello'),
  },
  {
    title:
      'RFC 9112 §9.3: an HTTP/1.0 connection persists when the request asks for it, and the answer says so too',
    each: ['keep-alive', 'Keep-Alive', 'a, keep-alive', 'keep-alive\r\nConnection: b'],
    raw: (options) => `GET / HTTP/1.0\r\nHost: a\r\nConnection: ${options}\r\n\r\n`,
    ...served('hello', KEPT_10),
  },
  {
    title: 'RFC 9112 §9.3: close outweighs keep-alive, in either version',
    each: ['0', '1'],
    raw: (minor) => `GET / HTTP/1.${minor}\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n`,
    ...servedLast('hello'),
  },
  {
    title: 'RFC 9112 §9.3: each HTTP/1.0 request has to ask anew',
    raw: `${KEEP_10}\r\nGET / HTTP/1.0\r\nHost: a\r\n\r\n`,
    answers: answer('hello', KEPT_10) + answer('hello', { connection: 'close' }),
    end: 'fin',
  },
  {
    title:
      'RFC 9112 §9.3: an answer whose end is the end of the connection ends it, also where it was asked to be kept',
    raw: 'GET /stream HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Connection: close\r\n\r\nhello world`,
    end: 'fin',
  },
  {
    title:
      'RFC 9112 §9.3: a body that the handler did not read is read to its end, and is not the next request',
    each: [
      'Content-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n',
      'Transfer-Encoding: chunked\r\n\r\n2\r\n\r\n\r\n0\r\n\r\n',
    ],
    raw: (rest) => `${UNREAD}${rest}`,
    ...served('unread'),
    handled: ['POST /unread'],
  },
  {
    title:
      'RFC 9112 §9.3: a body too large to be read for nothing ends the connection, and the answer says so',
    raw: `${UNREAD}Content-Length: 100000\r\n\r\n`,
    ...servedLast('unread'),
    handled: ['POST /unread'],
  },
  {
    title: 'RFC 9112 §9.3: an unread body that breaks its framing ends the connection',
    raw: `${UNREAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX`,
    answers: answer('unread'),
    end: 'fin',
    handled: ['POST /unread'],
  },
  {
    title: 'RFC 9112 §9.3: a handler that fails does not end the connection',
    raw: 'GET /fault HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('Internal Server Error\n', { status: 500, fields: 'Content-Type: text/plain\r\n' }),
  },
  {
    title: 'RFC 9112 §9.3.2: pipelined requests are answered one after the other, each to its end',
    raw: [
      'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET /status/204 HTTP/1.1\r\nHost: a\r\n\r\n',
      `${CHUNKED}3\r\nabc\r\n0\r\n\r\n`,
      'GET /stream HTTP/1.1\r\nHost: a\r\n\r\n',
      `${ECHO}Content-Length: 3\r\n\r\ndef`,
    ].join(''),
    answers: [
      answer('hello', { head: true }),
      `HTTP/1.1 204 No Content\r\n${DATE}\r\n`,
      answer('abc'),
      `HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n`,
      answer('def'),
    ].join(''),
    end: 'open',
  },
  {
    title: 'RFC 9112 §9.3.2: a request that is refused is answered behind those before it',
    raw: `GET /slow/1 HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    ...refused(400, 'HostMissing'),
    answers: answer('1') + refused(400, 'HostMissing').answers,
    handled: ['GET /slow/1'],
  },
  {
    title:
      'RFC 9112 §9.6: after a request with close the connection ends, the answer says so, and nothing more is handled',
    each: ['close', 'CLOSE', 'a, close', 'close\r\nConnection: b', ',, close ,'],
    raw: (options) => `${GET}Connection: ${options}\r\n\r\n`,
    ...servedLast('hello'),
    handled: ['GET /'],
  },
  {
    title: 'RFC 9112 §9.6: what is no close does not end the connection',
    each: ['closed', 'xclose', 'close-not', 'Upgrade', 'clo se'],
    raw: (options) => `${GET}Connection: ${options}\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §9.6: close ends the connection behind a body, too',
    raw: `${ECHO}Connection: close\r\nContent-Length: 5\r\n\r\nhello`,
    ...servedLast('hello'),
    handled: ['POST /echo'],
  },
  {
    title: 'RFC 9112 §9.6: after an answer with close the connection ends, and nothing more is handled',
    raw: 'GET /last HTTP/1.1\r\nHost: a\r\n\r\n',
    ...servedLast('last'),
    handled: ['GET /last'],
  },
  {
    title: 'RFC 9112 §9.6: every refusal says close',
    raw: `${CHUNKED}X`,
    ...contentRefused(400, 'ChunkSizeSyntax'),
  },
  {
    title: 'RFC 9112 §9.6: a client that has ended its side gets all the answers it has asked for',
    raw: 'GET /slow/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /slow/2 HTTP/1.1\r\nHost: a\r\n\r\n',
    finish: true,
    answers: answer('1') + answer('2'),
    end: 'fin',
  },
]);

/** A server whose time stands still, with one connection. */
async function held(use: (socket: MemorySocket, clock: HandClock) => Promise<void>): Promise<void> {
  const clock = new HandClock();
  const handlers = resolveHandlers(() => new Response('hello'));
  const timeouts = { idle: 10_000, headers: 2_000 };
  const server = new HttpServer(handlers, { hostname: '127.0.0.1', port: 0, timeouts }, clock);
  await server.ready;
  const socket = new MemorySocket();
  const [listener] = server;
  listener!.accept(socket.asSocket);
  try {
    await use(socket, clock);
  } finally {
    server.destroy();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('RFC 9112 §9.5: a connection that is idle for too long is closed gracefully, without an answer', () =>
  held(async (socket, clock) => {
    socket.feed(latin1(`${GET}\r\n`));
    await socket.until(() => socket.bytesWritten > 0);
    const { bytesWritten } = socket;
    clock.pass(9_000);
    await turn();
    assert.equal(socket.ended, null);
    clock.pass(3_000);
    await socket.until(() => socket.ended !== null);
    assert.equal(socket.ended, 'fin');
    assert.equal(socket.bytesWritten, bytesWritten);
  }));

test('RFC 9112 §9.5: a head that takes too long is answered 408 with close', () =>
  held(async (socket, clock) => {
    for (const octet of GET.slice(0, 5)) {
      socket.feed(latin1(octet));
      await turn();
      clock.pass(800);
    }
    await socket.until(() => socket.ended !== null);
    assert.equal(socket.ended, 'fin');
    assert.match(
      socket.written.toString('latin1'),
      /^HTTP\/1\.1 408 Request Timeout\r\n(.*\r\n)*Connection: close\r\n\r\n/,
    );
  }));

test('RFC 9112 §9.5: the end of the client’s side is noticed at once and answered with the end of the server’s', () =>
  held(async (socket) => {
    socket.finish();
    await socket.until(() => socket.destroyed);
    assert.equal(socket.ended, 'fin');
  }));

test('RFC 9112 §9.6: the last answer is followed by FIN, and the rest is read until the client ends, too', () =>
  held(async (socket) => {
    socket.feed(latin1(`${GET}Connection: close\r\n\r\n`));
    await socket.until(() => socket.ended !== null);
    assert.equal(socket.ended, 'fin');
    socket.feed(latin1('x'.repeat(10_000)));
    await turn();
    assert.equal(socket.readableLength, 0);
    assert.equal(socket.destroyed, false);
    socket.finish();
    await socket.until(() => socket.destroyed);
  }));

test('RFC 9112 §9.6: a client that does not end is waited for a bounded time', () =>
  held(async (socket, clock) => {
    socket.feed(latin1(`${GET}Connection: close\r\n\r\n`));
    await socket.until(() => socket.ended !== null);
    await turn();
    clock.pass(4_000);
    await turn();
    assert.equal(socket.destroyed, false);
    clock.pass(2_500);
    await turn();
    assert.equal(socket.destroyed, true);
  }));
