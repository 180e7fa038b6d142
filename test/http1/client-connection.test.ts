import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientConnection, type RequestStart } from '../../src/http1/client-connection.ts';
import { RequestFields } from '../../src/http1/head/request-fields.ts';
import {
  CONTENT,
  CONTENT_END,
  INTERIM,
  MESSAGE_HEAD,
  NEED_OCTETS,
  PAUSED,
  REJECTED,
} from '../../src/octets/results.ts';
import { latin1 } from '../support/each-split.ts';

const EMPTY = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

function start(changes: Partial<RequestStart> = {}): RequestStart {
  return {
    method: 'GET',
    target: '/',
    authority: 'a',
    fields: new RequestFields(),
    contentLength: undefined,
    closes: false,
    ...changes,
  };
}

/** A connection that has sent a request and received this. */
function after(raw: string, changes: Partial<RequestStart> = {}): ClientConnection {
  const connection = new ClientConnection();
  connection.beginRequest(start(changes));
  connection.receive(latin1(raw));
  return connection;
}

function results(connection: ClientConnection): number[] {
  const all: number[] = [];
  do all.push(connection.next());
  while (all.at(-1)! > 0 && all.at(-1) !== PAUSED);
  return all;
}

test('RFC 9112 §9.3: a connection is free for the next request when both messages are complete', () => {
  const connection = new ClientConnection();
  for (let i = 1; i <= 3; i++) {
    assert.equal(connection.isFree, true);
    connection.beginRequest(start({ method: 'POST', contentLength: 5 }));
    assert.deepEqual([connection.isFree, connection.isIdle, connection.requestCount], [false, false, i]);
    connection.receive(latin1(EMPTY));
    assert.deepEqual(results(connection), [MESSAGE_HEAD, NEED_OCTETS]);
    // The answer came early: the request is still under way.
    assert.deepEqual([connection.isFree, connection.responseIsComplete], [false, true]);
    connection.endRequest();
  }
});

test('RFC 9112 §9.3.2: there is no second request before the first is answered', () => {
  const connection = after('');
  assert.throws(() => connection.beginRequest(start()), TypeError);
});

test('RFC 9112 §3: a request that can not be sent leaves the connection free', () => {
  const connection = new ClientConnection();
  for (const changes of [{ method: 'G T' }, { target: '/ ' }, { authority: '' }])
    assert.throws(() => connection.beginRequest(start(changes)), TypeError);
  assert.deepEqual([connection.isFree, connection.requestCount], [true, 0]);
  connection.beginRequest(start());
});

test('RFC 9110 §8.6: a request says how its content is framed, and POST, PUT and PATCH that they have none', () => {
  const framing = (method: string, contentLength: number | undefined): string => {
    const head = new ClientConnection().beginRequest(start({ method, contentLength }));
    return /(Content-Length|Transfer-Encoding): \w+/.exec(head)?.[0] ?? '';
  };
  assert.equal(framing('GET', undefined), '');
  assert.equal(framing('DELETE', undefined), '');
  for (const method of ['POST', 'PUT', 'PATCH'])
    assert.equal(framing(method, undefined), 'Content-Length: 0');
  assert.equal(framing('GET', 0), 'Content-Length: 0');
  assert.equal(framing('PUT', 7), 'Content-Length: 7');
  assert.equal(framing('PUT', -1), 'Transfer-Encoding: chunked');
});

test('RFC 9112 §9.3, §9.6: whether the connection persists is said by either side, the version and the framing', () => {
  const persists = (raw: string, changes: Partial<RequestStart> = {}): boolean => {
    const connection = after(raw, changes);
    results(connection);
    return connection.persists;
  };
  assert.equal(persists(EMPTY), true);
  assert.equal(persists(EMPTY, { closes: true }), false);
  const fields = new RequestFields();
  fields.add('Connection', 'close');
  assert.equal(persists(EMPTY, { fields }), false);
  const empty = (version: string, option: string) =>
    persists(`HTTP/${version} 200 \r\nConnection: ${option}\r\nContent-Length: 0\r\n\r\n`);
  assert.deepEqual(
    [empty('1.1', 'close'), empty('1.1', 'x'), empty('1.0', 'x'), empty('1.0', 'keep-alive')],
    [false, true, false, true],
  );
  assert.equal(persists('HTTP/1.1 200 \r\n\r\n'), false);
  assert.equal(persists('HTTP/1.1 204 \r\nContent-Length: 5\r\n\r\n'), false);
  // An interim response that says close does not say it of the final one; the final one's word counts.
  assert.equal(persists(`HTTP/1.1 103 \r\nConnection: close\r\n\r\n${EMPTY}`), true);
});

test('RFC 9110 §15.2: interim responses are told one by one, the final one last', () => {
  const connection = after(`HTTP/1.1 100 \r\n\r\nHTTP/1.1 103 \r\n\r\n${EMPTY}`);
  assert.deepEqual([connection.next(), connection.response?.status], [INTERIM, 100]);
  assert.deepEqual([connection.next(), connection.response?.status], [INTERIM, 103]);
  assert.equal(connection.isFree, false);
  assert.deepEqual([connection.next(), connection.response?.status], [MESSAGE_HEAD, 200]);
  assert.equal(connection.isFree, true);
});

test('RFC 9112 §9.2: octets that nobody asked for end the connection, and do not become an answer', () => {
  const connection = after(`${EMPTY}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`);
  assert.equal(connection.next(), MESSAGE_HEAD);
  assert.deepEqual([connection.isIdle, connection.isFree], [true, false]);
  assert.throws(() => connection.beginRequest(start()), TypeError);
  assert.equal(connection.next(), REJECTED);
  assert.deepEqual([connection.rejection.reason, connection.persists], ['Unsolicited', false]);
});

test('RFC 9112 §9.3: content that is given up leaves no connection behind', () => {
  const connection = after(EMPTY, { method: 'PUT', contentLength: -1 });
  results(connection);
  connection.abandonRequest();
  assert.deepEqual([connection.isIdle, connection.isFree], [true, false]);
});

test('RFC 9112 §8: the end of the connection completes what ends with it, and nothing else', () => {
  const until = after('HTTP/1.1 200 \r\n\r\nhello');
  assert.deepEqual(results(until), [MESSAGE_HEAD, CONTENT, NEED_OCTETS]);
  assert.deepEqual([until.receiveEnd(), until.isIdle, until.isFree], [CONTENT_END, true, false]);
  const cut = after('HTTP/1.1 200 \r\nContent-Length: 9\r\n\r\nhello');
  results(cut);
  assert.deepEqual(
    [cut.receiveEnd(), cut.rejection.reason, cut.responseIsComplete],
    [REJECTED, 'Incomplete', false],
  );
  const idle = new ClientConnection();
  assert.deepEqual([idle.receiveEnd(), idle.isFree], [NEED_OCTETS, false]);
});

test('RFC 9110 §9.2.2: whether a request can have been processed is known by its answer having begun', () => {
  assert.equal(after('').responseHasBegun, false);
  const begun = after('HTTP/1.1 1');
  begun.next();
  assert.equal(begun.responseHasBegun, true);
  const complete = after(EMPTY);
  results(complete);
  assert.equal(complete.responseHasBegun, true);
  complete.beginRequest(start());
  assert.equal(complete.responseHasBegun, false);
});

test('RFC 9110 §9.3.6: a tunnel takes the connection over, with the octets that have come', () => {
  const connection = after('HTTP/1.1 200 \r\n\r\nhello', { method: 'CONNECT', target: 'a:1' });
  assert.deepEqual(results(connection), [MESSAGE_HEAD, PAUSED]);
  assert.equal(connection.isFree, false);
  assert.deepEqual([...connection.handOver()], [...latin1('hello')]);
});

test('RFC 9112 §9.6: a connection that is closed decodes nothing more and takes no request', () => {
  const connection = after(EMPTY);
  connection.close();
  assert.deepEqual([connection.next(), connection.isIdle, connection.isFree], [NEED_OCTETS, true, false]);
});

test('RFC 9112 §6.2, §7.1: the encoder of a request frames its content as its head says', () => {
  const connection = new ClientConnection();
  connection.beginRequest(start({ method: 'PUT', contentLength: -1 }));
  const encoder = connection.contentEncoder();
  assert.equal(
    `${encoder.before(5)}hello${encoder.after}${encoder.end('X: y\r\n')}`,
    '5\r\nhello\r\n0\r\nX: y\r\n\r\n',
  );
});
