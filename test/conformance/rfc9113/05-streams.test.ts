import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CANCEL } from '../../../src/http2/error-codes.ts';
import * as types from '../../../src/http2/frame/frame-types.ts';
import { limited, type Respond, responseStart, TestServer } from '../../http2/conversation.ts';
import {
  block,
  continuation,
  data,
  frame,
  get,
  headers,
  post,
  priority,
  request,
  reset,
  windowUpdate,
} from '../../http2/frames.ts';
import { fails, gives, resets } from '../http2-requirement.ts';

const { END_HEADERS } = types;
const OK = (id: number) => `HEADERS ${id} END_STREAM :status=200 content-length=0`;

/** Answers nothing: the stream stays half-closed (remote). */
const silent: Respond = () => {};

// --- §5.1: idle ---

for (const [title, octets] of [
  ['RFC 9113 §5.1: DATA on an idle stream is a connection error PROTOCOL_ERROR', data(1, 'x')],
  ['RFC 9113 §5.1: RST_STREAM on an idle stream is a connection error PROTOCOL_ERROR', reset(1, CANCEL)],
  ['RFC 9113 §5.1: WINDOW_UPDATE on an idle stream is a connection error PROTOCOL_ERROR', windowUpdate(1, 1)],
  [
    'RFC 9113 §5.1: DATA on an even stream is a connection error PROTOCOL_ERROR: none was pushed',
    data(2, 'x'),
  ],
  ['RFC 9113 §5.1: WINDOW_UPDATE on an even stream is a connection error PROTOCOL_ERROR', windowUpdate(2, 1)],
] as const)
  fails(title, octets, 'FrameOnIdleStream', 'PROTOCOL_ERROR');

fails(
  'RFC 9113 §5.1: CONTINUATION on an idle stream is a connection error PROTOCOL_ERROR',
  continuation(1, block(request())),
  'ContinuationUnexpected',
  'PROTOCOL_ERROR',
);

gives(
  'RFC 9113 §5.1: PRIORITY on an idle stream is allowed, and opens nothing',
  [priority(3, 0), get(1), get(3)],
  {
    answers: ['request 1 GET /', 'request 3 GET /'],
    sent: [OK(1), OK(3)],
  },
);

// --- §5.1: open ---

gives(
  'RFC 9113 §5.1: HEADERS open a stream, and END_STREAM half-closes it',
  [post(1), data(1, 'a', 0), data(1, 'b')],
  {
    answers: ['request 1 POST /', 'content 1 ab', 'end 1'],
    sent: [OK(1)],
  },
);

gives('RFC 9113 §5.1: RST_STREAM closes an open stream', [post(1), reset(1, CANCEL), get(3)], {
  answers: ['request 1 POST /', 'reset 1 CANCEL', 'request 3 GET /'],
  sent: [OK(3)],
});

// --- §5.1: half-closed (remote) ---

for (const [title, octets] of [
  ['RFC 9113 §5.1: DATA on a half-closed (remote) stream is a stream error STREAM_CLOSED', data(1, 'x')],
  ['RFC 9113 §5.1: HEADERS on a half-closed (remote) stream are a stream error STREAM_CLOSED', get(1)],
] as const) {
  test(title, () => {
    const server = TestServer.opened(undefined, silent).receive(get(1), octets, get(3));
    assert.deepEqual(server.answers, [
      'request 1 GET /',
      'reset 1 STREAM_CLOSED FrameAfterEnd',
      'request 3 GET /',
    ]);
    assert.deepEqual(server.sent(), ['RST_STREAM 1 STREAM_CLOSED']);
  });
}

fails(
  'RFC 9113 §5.1: CONTINUATION on a half-closed (remote) stream is a connection error',
  [get(1), continuation(1, block(request()))],
  'ContinuationUnexpected',
  'PROTOCOL_ERROR',
  1,
);

test('RFC 9113 §5.1: WINDOW_UPDATE, PRIORITY and RST_STREAM are allowed on a half-closed (remote) stream', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1), windowUpdate(1, 10), priority(1, 0));
  assert.equal(server.streams.get(1)!.sendWindow, 65_545);
  server.receive(reset(1, CANCEL));
  assert.deepEqual(server.answers, ['request 1 GET /', 'reset 1 CANCEL']);
});

// --- §5.1: half-closed (local) ---

test('RFC 9113 §5.1: a half-closed (local) stream still receives content, WINDOW_UPDATE, PRIORITY and RST_STREAM', () => {
  const server = TestServer.opened(undefined, silent).receive(post(1));
  const stream = server.streams.get(1)!;
  server.connection.beginResponse(stream, responseStart({ contentLength: 0 }));
  assert.equal(stream.state, 'half-closed (local)');
  server.receive(windowUpdate(1, 1), priority(1, 3), data(1, 'abc', 0), data(1, 'd'));
  assert.deepEqual(server.answers, ['request 1 POST /', 'content 1 abcd', 'end 1']);
  assert.equal(stream.state, 'closed');
});

// --- §5.1: closed ---

fails(
  'RFC 9113 §5.1: HEADERS on a stream that both ends have ended are a connection error STREAM_CLOSED',
  [get(1), get(1)],
  'HeadersOnClosedStream',
  'STREAM_CLOSED',
  1,
);

gives(
  'RFC 9113 §5.1: DATA on a stream that both ends have ended is a stream error STREAM_CLOSED',
  [get(1), data(1, 'x'), get(3)],
  {
    answers: ['request 1 GET /', 'request 3 GET /'],
    sent: [OK(1), 'RST_STREAM 1 STREAM_CLOSED', OK(3)],
  },
);

gives(
  'RFC 9113 §5.1: WINDOW_UPDATE, RST_STREAM and PRIORITY on a closed stream are ignored',
  [get(1), windowUpdate(1, 1), reset(1, CANCEL), priority(1, 0), get(3)],
  {
    answers: ['request 1 GET /', 'request 3 GET /'],
    sent: [OK(1), OK(3)],
  },
);

gives(
  'RFC 9113 §5.1: DATA on a stream that the client has reset is a stream error STREAM_CLOSED',
  [post(1), reset(1, CANCEL), data(1, 'x'), get(3)],
  {
    answers: ['request 1 POST /', 'reset 1 CANCEL', 'request 3 GET /'],
    sent: ['RST_STREAM 1 STREAM_CLOSED', OK(3)],
  },
);

gives(
  'RFC 9113 §5.1: HEADERS on a stream that the client has reset are a stream error STREAM_CLOSED',
  [post(1), reset(1, CANCEL), get(1), get(3)],
  {
    answers: ['request 1 POST /', 'reset 1 CANCEL', 'request 3 GET /'],
    sent: ['RST_STREAM 1 STREAM_CLOSED', OK(3)],
  },
);

fails(
  'RFC 9113 §5.1: CONTINUATION on a stream that the client has reset is a connection error',
  [post(1), reset(1, CANCEL), continuation(1, block(request()))],
  'ContinuationUnexpected',
  'PROTOCOL_ERROR',
  1,
);

test('RFC 9113 §5.1: what comes on a stream that the server has reset is ignored, trailers decoded', () => {
  const server = TestServer.opened(undefined, silent).receive(post(1));
  server.connection.reset(server.streams.get(1)!, CANCEL);
  server.receive(
    data(1, 'abc', 0),
    headers(1, Uint8Array.of(0x40, 1, 0x61, 1, 0x62)),
    windowUpdate(1, 1),
    reset(1, CANCEL),
    get(3, '/', ['b', 'c']),
  );
  assert.deepEqual(server.answers, ['request 1 POST /', 'request 3 GET /']);
  assert.deepEqual(server.sent(), ['RST_STREAM 1 CANCEL']);
  // The table has the entry: 62 is `a: b`.
  server.receive(headers(5, Buffer.concat([block(request()), Uint8Array.of(0xbe)])));
  assert.equal(server.streams.get(5)!.head!.fields.get('a'), 'b');
});

// --- §5.1.1 ---

for (const [title, octets] of [
  ['RFC 9113 §5.1.1: HEADERS with an even stream identifier are a connection error PROTOCOL_ERROR', get(2)],
  ['RFC 9113 §5.1.1: HEADERS with a great even stream identifier are a connection error', get(0x7fff_fffe)],
] as const)
  fails(title, octets, 'StreamIdentifierEven', 'PROTOCOL_ERROR');

fails(
  'RFC 9113 §5.1.1: HEADERS on stream 0 are a connection error PROTOCOL_ERROR',
  get(0),
  'StreamNeeded',
  'PROTOCOL_ERROR',
);

fails(
  'RFC 9113 §5.1.1: a stream identifier below one that was used is a connection error PROTOCOL_ERROR',
  [get(5), get(3)],
  'StreamIdentifierReused',
  'PROTOCOL_ERROR',
  5,
);

gives('RFC 9113 §5.1.1: stream identifiers may be left out', [get(1), get(7), get(0x7fff_ffff)], {
  answers: ['request 1 GET /', 'request 7 GET /', 'request 2147483647 GET /'],
});

fails(
  'RFC 9113 §5.1.1: of the streams that were left out, DATA is a stream error and HEADERS are a connection error',
  [get(7), data(5, 'x'), get(3)],
  'StreamIdentifierReused',
  'PROTOCOL_ERROR',
  7,
);

// --- §5.1.2 ---

test('RFC 9113 §5.1.2: as many streams as SETTINGS_MAX_CONCURRENT_STREAMS says are served, one more is refused', () => {
  const server = TestServer.opened(limited({ concurrentStreams: 3 }), silent);
  server.receive(get(1), post(3), get(5), get(7));
  assert.deepEqual(server.answers.slice(3), ['reset - REFUSED_STREAM TooManyStreams']);
  assert.deepEqual(server.sent(), ['RST_STREAM 7 REFUSED_STREAM']);
  // DATA of the refused one is ignored, and when another has ended, the next is served.
  server.receive(data(7, 'x'), reset(1, CANCEL), get(9));
  assert.deepEqual(server.answers.slice(4), ['reset 1 CANCEL', 'request 9 GET /']);
  assert.deepEqual(server.sent(), []);
});

test('RFC 9113 §5.1.2: a stream that was answered counts no more, one that was reset counts until it is released', () => {
  const server = TestServer.opened(limited({ concurrentStreams: 1 }), silent);
  const { connection } = server;
  server.receive(get(1));
  connection.beginResponse(server.streams.get(1)!, responseStart({ contentLength: 0 }));
  server.receive(get(3));
  const stream = server.streams.get(3)!;
  connection.reset(stream, CANCEL);
  server.receive(get(5));
  connection.release(stream);
  connection.release(stream);
  server.receive(get(7), get(9));
  assert.deepEqual(server.answers, [
    'request 1 GET /',
    'request 3 GET /',
    'reset - REFUSED_STREAM TooManyStreams',
    'request 7 GET /',
    'reset - REFUSED_STREAM TooManyStreams',
  ]);
});

// --- §5.3 ---

gives(
  'RFC 9113 §5.3.2: a dependency and a weight in HEADERS are ignored',
  frame(types.HEADERS, 0x25, 3, Buffer.concat([Uint8Array.of(0x80, 0, 0, 1, 200), block(request())])),
  { answers: ['request 3 GET /'], sent: [OK(3)] },
);

resets(
  'RFC 7540 §5.3.1: HEADERS that depend on their own stream are a stream error PROTOCOL_ERROR',
  frame(types.HEADERS, 0x25, 1, Buffer.concat([Uint8Array.of(0, 0, 0, 1, 200), block(request())])),
  1,
  'SelfDependency',
);

test('RFC 7540 §5.3.1: PRIORITY of a stream that depends on itself is a stream error PROTOCOL_ERROR', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1), priority(1, 1));
  assert.deepEqual(server.answers, ['request 1 GET /', 'reset 1 PROTOCOL_ERROR SelfDependency']);
  assert.deepEqual(server.sent(), ['RST_STREAM 1 PROTOCOL_ERROR']);
});

fails(
  'RFC 7540 §5.3.1: of an idle stream it is a connection error: an idle stream can not be reset',
  priority(1, 1),
  'SelfDependency',
  'PROTOCOL_ERROR',
);

// --- §5.4 ---

test('RFC 9113 §5.4.1: after a connection error GOAWAY names the last stream, and nothing is looked at any more', () => {
  const server = TestServer.opened().receive(get(1), get(3), get(4), get(5));
  assert.deepEqual(server.answers, ['request 1 GET /', 'request 3 GET /', 'failed StreamIdentifierEven']);
  assert.deepEqual(server.sent(), [OK(1), OK(3), 'GOAWAY 3 PROTOCOL_ERROR']);
  server.receive(get(7));
  assert.deepEqual(server.sent(), []);
});

test('RFC 9113 §5.4.1: the GOAWAY of a connection error is the last frame, even if the server goes away then', () => {
  const server = TestServer.opened().receive(get(2));
  server.connection.drain();
  server.connection.finishDrain();
  assert.deepEqual(server.sent(), ['GOAWAY 0 PROTOCOL_ERROR']);
});

test('RFC 9113 §5.4.1: after a connection error nothing is sent on streams that were open', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1), get(2));
  const stream = server.streams.get(1)!;
  assert.equal(stream.isClosed, true);
  assert.equal(server.connection.beginResponse(stream, responseStart()), false);
  server.connection.sendData(stream, 'late', true);
  assert.deepEqual(server.sent(), ['GOAWAY 1 PROTOCOL_ERROR']);
});

test('RFC 9113 §5.4.2: RST_STREAM is not answered with RST_STREAM', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1), reset(1, CANCEL));
  server.connection.reset(server.streams.get(1)!, CANCEL);
  assert.deepEqual(server.sent(), []);
});

test('RFC 9113 §5.1: a stream that was reset is not reset again, whatever comes on it', () => {
  const server = TestServer.opened(undefined, silent).receive(headers(1, [['X', 'y']]));
  server.receive(frame(types.PRIORITY_FRAME, 0, 1, new Uint8Array(4)), priority(1, 1), data(1, 'x'));
  assert.deepEqual(server.sent(), ['RST_STREAM 1 PROTOCOL_ERROR']);
});

test('RFC 9113 §5.4.2: after RST_STREAM only the first DATA that comes too late is answered', () => {
  const server = TestServer.opened(undefined, silent).receive(post(1), reset(1, CANCEL));
  server.receive(data(1, 'x', 0), data(1, 'y', 0), data(1, 'z'));
  assert.deepEqual(server.sent(), ['RST_STREAM 1 STREAM_CLOSED']);
});

// --- §5.5 ---

gives(
  'RFC 9113 §5.5: unknown frames on any stream are ignored: idle, open and closed',
  [
    frame(0xbe, 0, 9, new Uint8Array(3)),
    frame(0xbe, 0xff, 1),
    post(1),
    frame(0xbe, END_HEADERS, 1, new Uint8Array(100)),
    data(1, 'x'),
    frame(0xbe, 0, 1),
  ],
  { answers: ['request 1 POST /', 'content 1 x', 'end 1'] },
);
