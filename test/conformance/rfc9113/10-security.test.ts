import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CANCEL, NO_ERROR } from '../../../src/http2/error-codes.ts';
import * as types from '../../../src/http2/frame/frame-types.ts';
import { RATES } from '../../../src/http2/limits.ts';
import { limited, type Respond, responseStart, TestServer } from '../../http2/conversation.ts';
import {
  block,
  continuation,
  data,
  frame,
  get,
  goAway,
  headers,
  join,
  paddedData,
  ping,
  post,
  priority,
  priorityUpdate,
  request,
  reset,
  settings,
  windowUpdate,
} from '../../http2/frames.ts';

const { END_STREAM } = types;
const silent: Respond = () => {};

/** Sends so many, one by one and reading the answers; then one more. */
function floods(server: TestServer, times: number, octets: (i: number) => Uint8Array, reason: string): void {
  for (let i = 0; i < times; i++) {
    server.receive(octets(i));
    server.sent();
    assert.equal(server.connection.hasFailed, false, `${reason} after ${i + 1}`);
  }
  server.receive(octets(times));
  assert.equal(server.answers.at(-1), `failed ${reason}`);
  assert.match(server.sent().at(-1)!, /^GOAWAY \d+ ENHANCE_YOUR_CALM$/);
}

test('RFC 9113 §10.5: 1,000 streams may be opened and reset at once, one more is ENHANCE_YOUR_CALM (rapid reset)', () => {
  const server = TestServer.opened();
  floods(server, RATES.resets.burst, (i) => join(post(2 * i + 1), reset(2 * i + 1, CANCEL)), 'TooManyResets');
});

test('RFC 9113 §10.5: streams that were reset count as running until they are released', () => {
  const server = TestServer.opened(limited({ concurrentStreams: 2 }), silent);
  const { connection } = server;
  const next = () => {
    let answer = connection.next();
    while (answer > 0) answer = connection.next();
  };
  for (const id of [1, 3, 5]) {
    connection.receive(join(get(id), reset(id, CANCEL)));
    next();
  }
  assert.equal(connection.running, 2);
  assert.deepEqual(server.sent(), ['RST_STREAM 5 REFUSED_STREAM']);
});

test('RFC 9113 §10.5: 1,000 streams may have to be reset by the server, one more is ENHANCE_YOUR_CALM (made-you-reset)', () => {
  const server = TestServer.opened(undefined, silent);
  floods(
    server,
    RATES.streamErrors.burst,
    (i) => join(get(2 * i + 1), windowUpdate(2 * i + 1, 0)),
    'TooManyStreamErrors',
  );
});

test('RFC 9113 §10.5: malformed requests count as well', () => {
  floods(
    TestServer.opened(),
    RATES.streamErrors.burst,
    (i) => headers(2 * i + 1, [['X', 'y']]),
    'TooManyStreamErrors',
  );
});

test('RFC 9113 §10.5: with time, more resets are allowed', () => {
  const server = TestServer.opened();
  const { connection } = server;
  let id = 1;
  const resetAt = (now: number) => {
    connection.receive(join(post(id), reset(id, CANCEL)), now);
    id += 2;
    for (let answer = connection.next(); answer > 0; answer = connection.next())
      if (connection.stream !== undefined) connection.release(connection.stream);
    connection.output();
  };
  for (let i = 0; i < 1_000; i++) resetAt(0);
  for (let i = 0; i < 33; i++) resetAt(1_000);
  assert.equal(connection.hasFailed, false);
  resetAt(1_000);
  assert.equal(connection.error!.reason, 'TooManyResets');
});

test('RFC 9113 §10.5: 100 SETTINGS may come at once, one more is ENHANCE_YOUR_CALM (settings flood)', () => {
  // The first one came with the preface.
  floods(TestServer.opened(), RATES.settings.burst - 1, () => settings(), 'TooManySettings');
});

test('RFC 9113 §10.5: 32 settings may be in a frame, one more is ENHANCE_YOUR_CALM', () => {
  const many = (count: number) => settings(...Array.from({ length: count }, () => [0x77, 1] as const));
  floods(TestServer.opened(), 1, (i) => many(32 + i), 'TooManySettings');
});

test('RFC 9113 §10.5: 1,000 PING may come at once, one more is ENHANCE_YOUR_CALM (ping flood)', () => {
  floods(TestServer.opened(), RATES.pings.burst, () => ping(), 'TooManyPings');
});

test('RFC 9113 §10.5: 100 empty DATA may come at once, one more is ENHANCE_YOUR_CALM (empty frames)', () => {
  floods(
    TestServer.opened().receive(post(1)),
    RATES.emptyFrames.burst,
    () => data(1, '', 0),
    'TooManyEmptyFrames',
  );
});

test('RFC 9113 §10.5: 1,000 PRIORITY may come at once, one more is ENHANCE_YOUR_CALM (priority flood)', () => {
  floods(TestServer.opened(), RATES.priorities.burst, (i) => priority(2 * i + 1, 0), 'TooManyPriorities');
});

test('RFC 9113 §10.5: 1,000 PRIORITY_UPDATE may come at once, one more is ENHANCE_YOUR_CALM', () => {
  floods(
    TestServer.opened(),
    RATES.priorityUpdates.burst,
    () => priorityUpdate(1, 'u=1'),
    'TooManyPriorityUpdates',
  );
});

test('RFC 9113 §10.5: 1,000 unknown frames may come at once, one more is ENHANCE_YOUR_CALM', () => {
  floods(TestServer.opened(), RATES.unknownFrames.burst, () => frame(0x77, 0, 0), 'TooManyUnknownFrames');
});

test('RFC 9113 §10.5: 10 GOAWAY may come at once, one more is ENHANCE_YOUR_CALM', () => {
  floods(TestServer.opened(), RATES.goAways.burst, () => goAway(0, NO_ERROR), 'TooManyGoAways');
});

test('RFC 9113 §10.5: 1,000 HEADERS or empty DATA may come on a stream that was reset, one more is ENHANCE_YOUR_CALM', () => {
  const again = [post(1), data(1, ''), paddedData(1, '', 7, 0)];
  for (const octets of again) {
    // The first error has reset the stream.
    const server = TestServer.opened().receive(post(1), windowUpdate(1, 0));
    floods(server, RATES.streamErrors.burst - 1, () => octets, 'TooManyStreamErrors');
  }
});

test('RFC 9113 §10.5: content that is under way to a stream that was reset may have any number of frames', () => {
  const server = TestServer.opened().receive(post(1), windowUpdate(1, 0));
  server.sent();
  for (let i = 0; i < 2_000; i++) server.receive(data(1, 'x', 0));
  assert.equal(server.connection.hasFailed, false);
});

test('RFC 9113 §10.5: 1,000 WINDOW_UPDATE may come at once for nothing, one more is ENHANCE_YOUR_CALM', () => {
  floods(TestServer.opened(), RATES.windowUpdates.burst, () => windowUpdate(0, 1), 'TooManyWindowUpdates');
});

test('RFC 9113 §10.5: content that is taken octet by octet ends in ENHANCE_YOUR_CALM (data dribble)', () => {
  const server = TestServer.opened(undefined, silent).receive(settings([4, 0]), get(1));
  server.connection.sendResponse(server.streams.get(1)!, responseStart(), Buffer.alloc(10_000));
  server.sent();
  floods(server, RATES.windowUpdates.burst, () => windowUpdate(1, 1), 'TooManyWindowUpdates');
});

test('RFC 9113 §10.5: a client that takes frames of the usual size may open windows for each of them, without end', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1));
  const stream = server.streams.get(1)!;
  server.connection.beginResponse(stream, responseStart());
  for (let i = 0; i < 5_000; i++) {
    server.connection.sendData(stream, Buffer.alloc(16_384));
    server.sent();
    server.receive(windowUpdate(1, 16_384), windowUpdate(0, 16_384));
  }
  assert.equal(server.connection.hasFailed, false);
});

test('RFC 9113 §10.5: a client may open each window in four pieces for each frame, without end', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1));
  const stream = server.streams.get(1)!;
  server.connection.beginResponse(stream, responseStart());
  for (let i = 0; i < 2_000; i++) {
    server.connection.sendData(stream, Buffer.alloc(16_384));
    server.sent();
    for (const id of [1, 0]) {
      for (const octets of [56, 16_200, 64, 64]) server.receive(windowUpdate(id, octets));
    }
  }
  assert.equal(server.connection.hasFailed, false);
});

test('RFC 9113 §10.5: a client may open the window of the connection for each of many short responses', () => {
  const server = TestServer.opened(undefined, (connection, stream) =>
    connection.sendResponse(stream, responseStart(), 'Hello'),
  );
  for (let i = 0; i < 5_000; i++) {
    server.receive(get(2 * i + 1), windowUpdate(0, 5));
    server.sent();
  }
  assert.equal(server.connection.hasFailed, false);
});

test('RFC 9113 §10.5: 1,000 answers to the client may wait to be read, one more is ENHANCE_YOUR_CALM', () => {
  const server = TestServer.opened(limited({ waitingControlFrames: 50 }));
  for (let i = 0; i < 50; i++) server.receive(ping());
  assert.equal(server.connection.hasFailed, false);
  server.receive(ping());
  assert.equal(server.answers.at(-1), 'failed TooManyAcknowledgements');
  // Those that are read count no more.
  const reading = TestServer.opened(limited({ waitingControlFrames: 50 }));
  for (let i = 0; i < 500; i++) {
    reading.receive(ping());
    reading.sent();
  }
  assert.equal(reading.connection.hasFailed, false);
});

// --- §10.5.1 ---

test('RFC 9113 §10.5.1: a field block of four times the field section is decoded, one octet more is ENHANCE_YOUR_CALM', () => {
  for (const more of [0, 1]) {
    const server = TestServer.opened(limited({ fieldSection: 1_000 }));
    const start = block(request());
    const octets = join(start, block([['x', 'y'.repeat(4_000 + more - start.length - 6)]]));
    assert.equal(octets.length, 4_000 + more);
    server.receive(
      headers(1, octets.subarray(0, 3_000), END_STREAM),
      continuation(1, octets.subarray(3_000)),
      get(3),
    );
    assert.deepEqual(
      server.answers,
      more === 0 ? ['refused 1 431 FieldSectionTooLarge', 'request 3 GET /'] : ['failed HeaderBlockTooLarge'],
    );
  }
});

test('RFC 9113 §10.5.1: so it is in a single frame', () => {
  const server = TestServer.opened(limited({ fieldSection: 1_000 })).receive(
    headers(1, new Uint8Array(4_001).fill(0x82)),
  );
  assert.deepEqual(server.answers, ['failed HeaderBlockTooLarge']);
});

test('RFC 9113 §10.5.1: a block of many CONTINUATION frames is ENHANCE_YOUR_CALM (CONTINUATION flood)', () => {
  const octets = block(request('GET', '/', ['x', 'y'.repeat(200)]));
  for (const frames of [64, 65]) {
    const server = TestServer.opened().receive(headers(1, octets.subarray(0, 100), END_STREAM));
    for (let i = 1; i < frames; i++) server.receive(continuation(1, octets.subarray(99 + i, 100 + i), 0));
    server.receive(continuation(1, octets.subarray(99 + frames)));
    assert.deepEqual(server.answers, frames === 64 ? ['request 1 GET /'] : ['failed TooManyContinuations']);
  }
});

test('RFC 9113 §10.5.1: one empty CONTINUATION that ends nothing is allowed, a second one is ENHANCE_YOUR_CALM', () => {
  const server = TestServer.opened().receive(headers(1, block(request()), END_STREAM));
  server.receive(continuation(1, new Uint8Array(0), 0));
  assert.equal(server.connection.hasFailed, false);
  server.receive(continuation(1, new Uint8Array(0), 0));
  assert.deepEqual(server.answers, ['failed TooManyContinuations']);
});

test('RFC 9113 §10.5.1: a field that is repeated by indexes is counted each time (HPACK bomb)', () => {
  const server = TestServer.opened();
  server.receive(
    headers(1, join(block(request()), Uint8Array.of(0x40), block([['bomb', 'b'.repeat(3_000)]]).subarray(1))),
  );
  const bomb = new Uint8Array(16_000).fill(0xbe);
  server.receive(headers(3, join(block(request()), bomb)), get(5));
  assert.deepEqual(server.answers, [
    'request 1 GET /',
    'refused 3 431 FieldSectionTooLarge',
    'request 5 GET /',
  ]);
});

test('RFC 9113 §10.5.1: fields of no octets are counted each with 32, and malformed anyway (zero-length headers)', () => {
  const empty = block(Array.from({ length: 600 }, () => ['', ''] as const));
  const server = TestServer.opened().receive(
    headers(1, join(block(request()), empty)),
    headers(3, join(block(request()), empty.subarray(0, 3))),
  );
  assert.deepEqual(server.answers, [
    'refused 1 431 FieldSectionTooLarge',
    'reset - PROTOCOL_ERROR FieldNameSyntax',
  ]);
});

test('RFC 9113 §10.5: a client that opens no window holds nothing but its own content', () => {
  const server = TestServer.opened(undefined, silent).receive(settings([4, 0]));
  for (let i = 0; i < 100; i++) server.receive(get(2 * i + 1));
  const content = Buffer.alloc(100_000);
  for (const stream of server.streams.values())
    server.connection.sendResponse(stream, responseStart(), content);
  const sent = server.sent();
  assert.equal(sent.filter((line) => line.startsWith('DATA')).length, 0);
  assert.equal(sent.filter((line) => line.startsWith('HEADERS')).length, 100);
});
