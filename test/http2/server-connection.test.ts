import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HTTP2_REJECTIONS } from '../../src/http2/rejections.ts';
import { Http2ServerConnection } from '../../src/http2/server-connection.ts';
import { fieldLines, limited, type Respond, responseStart, TestServer } from './conversation.ts';
import { data, get, headers, post, request, Transcript } from './frames.ts';

/** What is required is in `test/conformance/rfc9113`; here is what the user of a connection can rely on. */
const silent: Respond = () => {};

test('limits that a client has to know are in SETTINGS', () => {
  const connection = new Http2ServerConnection({
    ...limited({
      concurrentStreams: 7,
      streamWindow: 100_000,
      connectionWindow: 200_000,
      fieldSection: 9_000,
    }),
    allowsConnectProtocol: true,
  });
  assert.deepEqual(new Transcript().linesOf(connection.output()!), [
    'SETTINGS 3=7 4=100000 6=9000 8=1 9=1',
    'WINDOW_UPDATE 0 134465',
  ]);
});

test('requests are counted, refused ones among them, malformed ones not', () => {
  const server = TestServer.opened(limited({ fieldLines: 1 }));
  server.receive(get(1), get(3, '/', ['a', ''], ['b', '']), headers(5, [['X', '']]));
  assert.equal(server.connection.requestCount, 2);
});

test('heads that repeat each other are one, and requests that differ in nothing but their content are two', () => {
  const server = TestServer.opened(undefined, silent).receive(
    get(1),
    get(3),
    get(5, '/other'),
    post(7),
    post(9),
  );
  const head = (id: number) => server.streams.get(id)!.head!;
  assert.equal(head(1), head(3));
  assert.deepEqual([head(5).path, head(7).hasContent, head(1).hasContent], ['/other', true, false]);
});

test('what a user keeps with a stream is found again with each answer', () => {
  const connection = new TestServer().receive().connection;
  assert.equal(connection.stream, undefined);
  const server = TestServer.opened(undefined, silent);
  server.connection.receive(post(1));
  server.connection.next();
  const owner = {};
  server.connection.stream!.owner = owner;
  server.connection.receive(data(1, 'abc'));
  server.connection.next();
  assert.equal(server.connection.stream!.owner, owner);
});

test('all that comes of one read is one output', () => {
  const server = TestServer.opened(undefined, (connection, stream) =>
    connection.sendResponse(stream, responseStart({ contentLength: 2 }), 'ok'),
  );
  for (let id = 1; id < 200; id += 2) server.receive(get(id));
  assert.equal(server.sent().length, 200);
  assert.deepEqual(server.sent(), []);
});

test('a request can be refused by its user', () => {
  const server = TestServer.opened(undefined, silent).receive(headers(1, request('POST'), 4));
  server.connection.refuse(server.streams.get(1)!, HTTP2_REJECTIONS.Misdirected);
  const [head, content, end] = server.sent();
  assert.match(head!, /^HEADERS 1 :status=421 content-type=text\/plain content-length=\d+$/);
  assert.match(content!, /^DATA 1 END_STREAM/);
  assert.equal(end, 'RST_STREAM 1 NO_ERROR');
});

test('a refusal behind the head of a response only stops the content', () => {
  const server = TestServer.opened(undefined, silent).receive(post(1));
  const stream = server.streams.get(1)!;
  server.connection.beginResponse(stream, responseStart());
  server.connection.refuse(stream, HTTP2_REJECTIONS.ContentTooLarge);
  server.connection.sendData(stream, 'all the same', true);
  assert.deepEqual(server.sent(), [
    'HEADERS 1 :status=200',
    'DATA 1 END_STREAM all the same',
    'RST_STREAM 1 NO_ERROR',
  ]);
});

test('the same response is shorter when it is sent again', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1), get(3), get(5), get(7));
  const lengths = [1, 3, 5, 7].map((id) => {
    const start = responseStart({
      contentLength: 0,
      fields: fieldLines(['Content-Type', 'text/x-sent-again']),
    });
    server.connection.sendResponse(server.streams.get(id)!, start, null);
    return server.connection.output()!.length;
  });
  // Literal, literal that is added, index: the frame, one octet each for :status and Content-Type, four for Content-Length.
  assert.equal(lengths[2], 9 + 1 + 1 + 4);
  assert.ok(lengths[0]! > lengths[2]!);
  assert.equal(lengths[3], lengths[2]);
});
