import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentLengthMismatch } from '../../../src/semantics/content-length.ts';
import { DATE, fieldLines, type Respond, responseStart, TestServer } from '../../http2/conversation.ts';
import { data, get, headers, opening, post, request, settings, windowUpdate } from '../../http2/frames.ts';

const silent: Respond = () => {};

/** A server, and the stream of a request that it has not answered. */
function asked(method = 'GET') {
  const server = TestServer.opened(undefined, silent).receive(headers(1, request(method)));
  return { server, connection: server.connection, stream: server.streams.get(1)! };
}

test('RFC 9113 §8.1: a response is HEADERS and DATA, the last one with END_STREAM', () => {
  const { server, connection, stream } = asked();
  connection.beginResponse(stream, responseStart());
  connection.sendData(stream, 'one');
  connection.sendData(stream, Buffer.from('two'));
  connection.sendEnd(stream);
  assert.deepEqual(server.sent(), ['HEADERS 1 :status=200', 'DATA 1 one', 'DATA 1 two', 'DATA 1 END_STREAM']);
});

test('RFC 9113 §8.1: trailers of a response end the stream', () => {
  const { server, connection, stream } = asked();
  connection.beginResponse(stream, responseStart());
  connection.sendData(stream, 'one');
  connection.sendEnd(stream, fieldLines(['Digest', 'abc'], ['X-Time', '5']));
  assert.deepEqual(server.sent(), [
    'HEADERS 1 :status=200',
    'DATA 1 one',
    'HEADERS 1 END_STREAM digest=abc x-time=5',
  ]);
});

test('RFC 9113 §8.1: trailers come behind content that waits for a window', () => {
  const server = new TestServer({}, silent).receive(opening([4, 2]), get(1));
  const { connection } = server;
  const stream = server.streams.get(1)!;
  connection.beginResponse(stream, responseStart());
  connection.sendData(stream, 'abcd');
  connection.sendEnd(stream, fieldLines(['X', 'y']));
  assert.deepEqual(server.sent().slice(3), ['HEADERS 1 :status=200', 'DATA 1 ab']);
  server.receive(windowUpdate(1, 10));
  assert.deepEqual(server.sent(), ['DATA 1 cd', 'HEADERS 1 END_STREAM x=y']);
});

test('RFC 9113 §8.1: interim responses come before the final one', () => {
  const { server, connection, stream } = asked();
  connection.sendInterim(stream, 103, fieldLines(['Link', '</a.css>; rel=preload']));
  connection.sendInterim(stream, 100, undefined);
  connection.sendResponse(stream, responseStart(), 'ok');
  assert.deepEqual(server.sent(), [
    'HEADERS 1 :status=103 link=</a.css>; rel=preload',
    'HEADERS 1 :status=100',
    'HEADERS 1 :status=200',
    'DATA 1 END_STREAM ok',
  ]);
});

test('RFC 9113 §8.6: there is no 101', () => {
  const { connection, stream } = asked();
  assert.throws(() => connection.sendInterim(stream, 101, undefined), /101/);
});

test('RFC 9113 §8.2.1: field names of a response are in lower case, values without white space around them', () => {
  const { server, connection, stream } = asked();
  connection.sendResponse(
    stream,
    responseStart({ fields: fieldLines(['X-Mixed-Case', '  a b\t'], ['ETag', '"x"']) }),
    'ok',
  );
  assert.equal(server.sent()[0], 'HEADERS 1 :status=200 x-mixed-case=a b etag="x"');
});

test('RFC 9113 §8.2.2: fields about the connection are left out of a response', () => {
  const { server, connection, stream } = asked();
  const fields = fieldLines(
    ['Connection', 'keep-alive'],
    ['Keep-Alive', 'timeout=5'],
    ['Transfer-Encoding', 'chunked'],
    ['Upgrade', 'h2c'],
    ['Proxy-Connection', 'close'],
    ['X', 'y'],
  );
  connection.sendResponse(stream, responseStart({ fields }), null);
  assert.deepEqual(server.sent(), ['HEADERS 1 :status=200 x=y', 'DATA 1 END_STREAM']);
});

test('RFC 9113 §8.2.2: Connection of close in a response sends GOAWAY behind it', () => {
  const { server, connection, stream } = asked();
  connection.sendResponse(stream, responseStart({ fields: fieldLines(['Connection', 'close']) }), 'ok');
  assert.deepEqual(server.sent(), [
    'HEADERS 1 :status=200',
    'DATA 1 END_STREAM ok',
    'GOAWAY 2147483647 NO_ERROR',
    'PING goingawa',
  ]);
});

test('RFC 9110 §6.6.1: a response without a Date gets one, a response with one keeps it', () => {
  const { server, connection, stream } = asked();
  server.receive(get(3));
  connection.sendResponse(stream, responseStart({ contentLength: 0, dateLine: DATE }), null);
  const own = fieldLines(['Date', 'Wed, 16 Nov 1994 08:12:31 GMT']);
  connection.sendResponse(
    server.streams.get(3)!,
    responseStart({ fields: own, contentLength: 0, dateLine: DATE }),
    null,
  );
  assert.deepEqual(server.sent(), [
    'HEADERS 1 END_STREAM :status=200 date=Tue, 15 Nov 1994 08:12:31 GMT content-length=0',
    'HEADERS 3 END_STREAM :status=200 date=Wed, 16 Nov 1994 08:12:31 GMT content-length=0',
  ]);
});

const WITHOUT_CONTENT: readonly { method: string; status: number; length: number; sent: string }[] = [
  { method: 'HEAD', status: 200, length: 5, sent: ':status=200 content-length=5' },
  { method: 'HEAD', status: 200, length: -1, sent: ':status=200' },
  { method: 'GET', status: 204, length: 5, sent: ':status=204' },
  { method: 'HEAD', status: 204, length: 5, sent: ':status=204' },
  { method: 'GET', status: 304, length: 5, sent: ':status=304 content-length=5' },
  { method: 'GET', status: 205, length: -1, sent: ':status=205 content-length=0' },
  { method: 'GET', status: 200, length: 0, sent: ':status=200 content-length=0' },
];

for (const { method, status, length, sent } of WITHOUT_CONTENT) {
  test(`RFC 9110 §6.4.1: ${status} to ${method} with a length of ${length} has no DATA`, () => {
    const { server, connection, stream } = asked(method);
    assert.equal(connection.beginResponse(stream, responseStart({ status, contentLength: length })), false);
    assert.deepEqual(server.sent(), [`HEADERS 1 END_STREAM ${sent}`]);
    assert.equal(stream.isClosed, true);
  });
}

test('RFC 9113 §8.1.1: content longer or shorter than its Content-Length is not sent', () => {
  const longer = asked();
  longer.connection.beginResponse(longer.stream, responseStart({ contentLength: 3 }));
  longer.connection.sendData(longer.stream, 'ab');
  assert.throws(() => longer.connection.sendData(longer.stream, 'cd'), ContentLengthMismatch);
  assert.throws(() => longer.connection.sendEnd(longer.stream), ContentLengthMismatch);
  assert.throws(() => longer.connection.sendData(longer.stream, '', true), ContentLengthMismatch);
  longer.connection.sendData(longer.stream, 'c', true);
  assert.deepEqual(longer.server.sent().at(-1), 'DATA 1 END_STREAM c');
});

test('RFC 9113 §5.1: after the end nothing more may be sent, and sending it is a mistake of the caller', () => {
  const { connection, stream } = asked('POST');
  const open = TestServer.opened(undefined, silent).receive(post(1));
  const half = open.streams.get(1)!;
  open.connection.sendResponse(half, responseStart(), 'ok');
  assert.throws(() => open.connection.sendData(half, 'more'), TypeError);
  assert.throws(() => open.connection.beginResponse(half, responseStart()), TypeError);
  // A stream that is closed was closed by both: there it is a race.
  connection.sendResponse(stream, responseStart(), 'ok');
  connection.sendData(stream, 'more');
  assert.equal(connection.beginResponse(stream, responseStart()), false);
});

test('RFC 9113 §5.1: behind content that waits, the end has been sent as well', () => {
  const { connection, stream } = asked();
  connection.sendResponse(stream, responseStart(), Buffer.alloc(100_000));
  assert.throws(() => connection.sendData(stream, 'more'), TypeError);
  assert.throws(() => connection.sendEnd(stream), TypeError);
});

test('RFC 9113 §4.2: large content leaves in frames of 16,384 octets', () => {
  const { server, connection, stream } = asked();
  connection.sendResponse(stream, responseStart(), Buffer.alloc(40_000, 'x'));
  assert.deepEqual(server.sent(), [
    'HEADERS 1 :status=200',
    'DATA 1 (16384)',
    'DATA 1 (16384)',
    'DATA 1 END_STREAM (7232)',
  ]);
});

test('RFC 9113 §4.2: SETTINGS_MAX_FRAME_SIZE above that changes nothing', () => {
  const { server, connection, stream } = asked();
  server.receive(settings([5, 1_000_000]));
  connection.sendResponse(stream, responseStart(), Buffer.alloc(20_000, 'x'));
  assert.deepEqual(server.sent().slice(-2), ['DATA 1 (16384)', 'DATA 1 END_STREAM (3616)']);
});

test('RFC 9113 §8.1: a response may begin and end before its request has', () => {
  const server = TestServer.opened(undefined, silent).receive(post(1));
  server.connection.sendResponse(server.streams.get(1)!, responseStart(), 'early');
  server.receive(data(1, 'late', 0), data(1, 'r'));
  assert.deepEqual(server.answers, ['request 1 POST /', 'content 1 later', 'end 1']);
  assert.deepEqual(server.sent(), ['HEADERS 1 :status=200', 'DATA 1 END_STREAM early']);
});

test('RFC 7541 §4.2: a header table that the client makes smaller is announced in the next response', () => {
  const server = TestServer.opened(undefined, silent).receive(settings([1, 0]), get(1), get(3));
  const { connection } = server;
  for (const id of [1, 3])
    connection.sendResponse(
      server.streams.get(id)!,
      responseStart({ fields: fieldLines(['X-Same', 'same']) }),
      null,
    );
  // The transcript's decoder would refuse a block that does not follow the rule; what it shows is that both are understood.
  assert.deepEqual(server.sent().slice(1), [
    'HEADERS 1 :status=200 x-same=same',
    'DATA 1 END_STREAM',
    'HEADERS 3 :status=200 x-same=same',
    'DATA 3 END_STREAM',
  ]);
});
