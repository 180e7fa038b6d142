import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REJECTIONS } from '../../src/http1/rejections.ts';
import { ServerConnection } from '../../src/http1/server-connection.ts';
import {
  CONTENT,
  CONTENT_END,
  MESSAGE_HEAD,
  NEED_OCTETS,
  PAUSED,
  REJECTED,
} from '../../src/octets/results.ts';
import { eachSplit, latin1 } from '../support/each-split.ts';
import { parseResponses } from '../support/response-parser.ts';
import { afterHead, DATE, responseStart } from './exchange.ts';
import { copiesOf, textOf } from './incremental.ts';

const CLOSES = 'GET /closes HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = (path: string, rest: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\n${rest}`;

/** What a driver sees that answers each request, with its path, when the request is complete. */
function conversation(chunks: readonly Uint8Array[]): string[] {
  const events = eventsOf(copiesOf(chunks), true);
  assert.deepEqual(eventsOf(chunks, false), events);
  return events;
}

/** @param keeps the connection keeps what it needs of each chunk, which is overwritten then. */
function eventsOf(chunks: readonly Uint8Array[], keeps: boolean): string[] {
  const connection = new ServerConnection();
  const events: string[] = [];
  for (const chunk of chunks) {
    connection.receive(chunk);
    for (let result = connection.next(); result !== NEED_OCTETS; result = connection.next()) {
      if (result === MESSAGE_HEAD) events.push(`${connection.request!.method} ${connection.request!.path}`);
      else if (result === CONTENT) events[events.length - 1] += ` ${textOf(connection.content)}`;
      else if (result === CONTENT_END) events[events.length - 1] += '.';
      else if (result === REJECTED) {
        events.push(connection.refuse(connection.rejection, DATE).slice(0, 'HTTP/1.1 400'.length));
      } else if (connection.responseIsComplete) break;
      else {
        connection.beginResponse(responseStart());
        connection.endResponse();
        events.push(connection.persists ? 'answered' : 'answered, closes');
      }
    }
    if (!keeps) continue;
    connection.keep();
    chunk.fill(0x21);
  }
  return events;
}

/** One entry for each piece of content would depend on the split. */
const withoutPieces = (events: string[]) =>
  events.map((event) => event.replace(/ (?=[^/]*\.$)/g, '').trimEnd());

test('RFC 9112 §9.3.2: requests are answered one after the other, in the order in which they came', () => {
  const raw = `${get('/1')}${post('/2', 'Content-Length: 3\r\n\r\nabc')}\r\n${get('/3')}`;
  eachSplit(raw, (chunks) => {
    const events = ['GET /1', 'answered', 'POST /2abc.', 'answered', 'GET /3', 'answered'];
    assert.deepEqual(withoutPieces(conversation(chunks)), events);
  });
});

test('RFC 9112 §9.6: what follows a request with close is never looked at', () => {
  for (const behind of [get('/late'), 'no HTTP at all\r\n', post('/late', 'Content-Length: 3\r\n\r\nabc')]) {
    eachSplit(
      get('/1') + CLOSES,
      (chunks) =>
        assert.deepEqual(conversation(chunks), ['GET /1', 'answered', 'GET /closes', 'answered, closes']),
      behind,
    );
  }
});

test('RFC 9112 §2.2: a malformed request behind good ones is refused when they have been answered', () => {
  eachSplit(
    `${get('/1')}GET  / HTTP/1.1\r\n`,
    (chunks) => assert.deepEqual(conversation(chunks), ['GET /1', 'answered', 'HTTP/1.1 400']),
    get('/late'),
  );
});

test('RFC 9112 §9.3.2: a complete request pauses the connection until its response is complete', () => {
  const connection = afterHead(get('/1') + get('/2'));
  assert.equal(connection.next(), PAUSED);
  connection.beginResponse(responseStart());
  assert.equal(connection.next(), PAUSED);
  assert.deepEqual(
    [connection.isIdle, connection.responseIsComplete, connection.requestIsComplete],
    [false, false, true],
  );
  connection.endResponse();
  assert.equal(connection.isIdle, true);
  assert.equal(connection.next(), MESSAGE_HEAD);
  assert.equal(connection.request!.path, '/2');
  assert.equal(connection.requestCount, 2);
});

test('RFC 9112 §9.3: content is decoded before, during and after the response, and the next request only then', () => {
  const connection = afterHead(post('/', 'Content-Length: 3\r\n\r\na'));
  assert.deepEqual([connection.next(), connection.next()], [CONTENT, NEED_OCTETS]);
  connection.beginResponse(responseStart());
  connection.receive(latin1('b'));
  assert.equal(connection.next(), CONTENT);
  connection.endResponse();
  assert.equal(connection.isIdle, false);
  connection.receive(latin1(`c${get('/2')}`));
  assert.deepEqual(
    [connection.next(), connection.next(), connection.next()],
    [CONTENT, CONTENT_END, MESSAGE_HEAD],
  );
  assert.equal(connection.request!.path, '/2');
});

test('RFC 9112 §9.6: persistence that was lost does not come back', () => {
  const connection = afterHead(get('/'));
  connection.beginResponse(responseStart({ serverCloses: true }));
  connection.beginResponse(responseStart());
  assert.equal(connection.persists, false);
});

test('RFC 9112 §9.6: the content of the last request is still decoded, and nothing behind it', () => {
  const connection = afterHead(post('/', `Connection: close\r\nContent-Length: 2\r\n\r\nab${get('/late')}`));
  connection.beginResponse(responseStart());
  connection.endResponse();
  assert.deepEqual([connection.next(), connection.next(), connection.next()], [CONTENT, CONTENT_END, PAUSED]);
  assert.equal(connection.next(), PAUSED);
});

function rejectedAfter(raw: string, before?: (connection: ServerConnection) => void): ServerConnection {
  const connection = new ServerConnection();
  connection.receive(latin1(raw));
  let result = connection.next();
  if (result === MESSAGE_HEAD) before?.(connection);
  while (result === MESSAGE_HEAD || result === CONTENT) result = connection.next();
  assert.equal(result, REJECTED, raw);
  return connection;
}

test('RFC 9112 §9.6: a refusal says close, can be read, and ends the connection', () => {
  for (const raw of [
    'GET / HTTP/1.1\n',
    'GET / HTTP/1.1\r\n\r\n',
    post('/', 'Transfer-Encoding: chunked\r\n\r\nx'),
  ]) {
    const connection = rejectedAfter(raw);
    const [answer] = parseResponses(latin1(connection.refuse(connection.rejection, DATE)), ['POST'], true);
    assert.deepEqual([answer!.status, answer!.field('connection')], [400, 'close']);
    assert.ok(answer!.text.length > 0);
    connection.receive(latin1(get('/late')));
    assert.deepEqual([connection.next(), connection.persists, connection.isIdle], [PAUSED, false, true]);
  }
});

test('RFC 9112 §7.1: a fault in the content while the response is under way puts nothing into the response', () => {
  const connection = rejectedAfter(post('/', 'Transfer-Encoding: chunked\r\n\r\nx'), (begun) => {
    begun.beginResponse(responseStart({ contentLength: 5 }));
  });
  assert.equal(connection.refuse(connection.rejection, DATE), '');
  assert.equal(connection.persists, false);
});

test('RFC 9112 §7.1: a fault in the content after an early answer closes, and is not a second answer', () => {
  const connection = rejectedAfter(post('/', 'Transfer-Encoding: chunked\r\n\r\nx'), (begun) => {
    begun.beginResponse(responseStart());
    begun.endResponse();
  });
  assert.equal(connection.refuse(connection.rejection, DATE), '');
  assert.equal(connection.persists, false);
});

test('RFC 9110 §9.3.2: a HEAD request that is refused for its content gets no content', () => {
  const connection = rejectedAfter('HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx');
  const [answer] = parseResponses(latin1(connection.refuse(connection.rejection, DATE)), ['HEAD'], true);
  assert.equal(answer!.status, 400);
});

test('RFC 9110 §9.3.2: a HEAD request that is refused for its head gets no content', () => {
  const heads = [
    '\r\n',
    'Host: a b\r\n\r\n',
    'Host: a\r\nX : y\r\n\r\n',
    'Host: a\r\nContent-Length: x\r\n\r\n',
  ];
  for (const rest of heads) {
    const connection = rejectedAfter(`HEAD / HTTP/1.1\r\n${rest}`);
    const [answer] = parseResponses(latin1(connection.refuse(connection.rejection, DATE)), ['HEAD'], true);
    assert.equal(answer!.status, 400);
  }
});

test('RFC 9110 §9.3.2: a HEAD request that is refused for its request-line gets no content, wherever it is split', () => {
  for (const [rest, status] of [
    ['/a b HTTP/1.1', 400],
    [' / HTTP/1.1', 400],
    ['/#a HTTP/1.1', 400],
    ['/\n', 400],
    ['/ HTTP/1.1\n', 400],
    ['/ HTTP/1.1\rX', 400],
    ['/ http/1.1', 400],
    ['/ HTTP/1.1 x', 400],
    ['/ HTTP/2.0\r\n', 505],
    [`/${'a'.repeat(9_000)} HTTP/1.1`, 414],
  ] as const) {
    eachSplit(`\r\nHEAD ${rest}`, (chunks) => {
      const connection = new ServerConnection();
      let result = NEED_OCTETS;
      for (const chunk of chunks) {
        connection.receive(chunk);
        result = connection.next();
        if (result === REJECTED) break;
      }
      assert.equal(result, REJECTED);
      const [answer] = parseResponses(latin1(connection.refuse(connection.rejection, DATE)), ['HEAD'], true);
      assert.equal(answer!.status, status);
    });
  }
});

test('RFC 9110 §9.3.2: a HEAD request that does not arrive in time gets no content as soon as its method was read', () => {
  for (const [raw, method] of [
    ['HEAD', 'GET'],
    ['HEAD ', 'HEAD'],
    ['HEAD /', 'HEAD'],
    ['HEAD / HTTP/1.1\r\n', 'HEAD'],
    ['HEAD / HTTP/1.1\r\nHost: a\r\n', 'HEAD'],
  ] as const) {
    const connection = new ServerConnection();
    connection.receive(latin1(raw));
    assert.equal(connection.next(), NEED_OCTETS);
    const refusal = connection.refuse(REJECTIONS.HeadTimeout, DATE);
    assert.equal(parseResponses(latin1(refusal), [method], true)[0]!.status, 408, raw);
  }
});

test('RFC 9110 §9.3.2: a refusal before the method has been read has content', () => {
  for (const raw of ['HEAD\t/', `HEAD${'D'.repeat(40)} /`, 'HEA[D / HTTP/1.1']) {
    const connection = rejectedAfter(raw);
    const [answer] = parseResponses(latin1(connection.refuse(connection.rejection, DATE)), ['GET'], true);
    assert.ok(answer!.text.length > 0, raw);
  }
});

test('RFC 9110 §9.3.2: the method of the exchange before has no part in a refusal', () => {
  for (const behind of ['GET / HTTP/1.1\n', 'HEA[D / HTTP/1.1', '\n']) {
    const connection = afterHead(`HEAD / HTTP/1.1\r\nHost: a\r\n\r\n${behind}`);
    connection.beginResponse(responseStart());
    connection.endResponse();
    assert.equal(connection.next(), REJECTED);
    const [answer] = parseResponses(latin1(connection.refuse(connection.rejection, DATE)), ['GET'], true);
    assert.ok(answer!.text.length > 0);
  }
});

test('RFC 9110 §9.3.6: a request can be refused although its head was understood', () => {
  const connection = afterHead('CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n');
  const refusal = connection.refuse(REJECTIONS.ConnectNotImplemented, DATE);
  assert.equal(parseResponses(latin1(refusal), ['CONNECT'], true)[0]!.status, 501);
  assert.equal(connection.next(), PAUSED);
});

test('RFC 9112 §9.3: content that nobody will read to its end makes the exchange the last', () => {
  const connection = afterHead(post('/', `Content-Length: 5\r\n\r\nhello${get('/late')}`));
  connection.abandonRequest();
  assert.deepEqual(
    [connection.persists, connection.requestIsComplete, connection.next()],
    [false, true, PAUSED],
  );
  const head = connection.beginResponse(responseStart());
  assert.match(head, /\r\nConnection: close\r\n/);
});

test('RFC 9110 §7.8: a connection that becomes another protocol’s hands over the octets it has', () => {
  const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n';
  const connection = afterHead(`${upgrade}\x81\x05hello`);
  assert.equal(textOf(connection.handOver()), '\x81\x05hello');
  assert.equal(connection.next(), PAUSED);
  assert.equal(connection.persists, false);
});

test('RFC 9112 §9.3: a connection that has received nothing is idle, and waits', () => {
  const connection = new ServerConnection();
  assert.deepEqual([connection.next(), connection.isIdle, connection.persists], [NEED_OCTETS, true, true]);
  assert.deepEqual([connection.inHead, connection.buffered, connection.contentRemaining], [false, 0, 0]);
  connection.receive(latin1('GET'));
  assert.equal(connection.next(), NEED_OCTETS);
  assert.deepEqual([connection.inHead, connection.buffered, connection.isIdle], [true, 3, true]);
  connection.close();
  assert.deepEqual([connection.next(), connection.persists], [PAUSED, false]);
});
