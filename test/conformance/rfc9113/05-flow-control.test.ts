import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limited, type Respond, responseStart, TestServer } from '../../http2/conversation.ts';
import {
  data,
  get,
  opening,
  paddedData,
  post,
  settings,
  settingsAck,
  windowUpdate,
} from '../../http2/frames.ts';

const INITIAL_WINDOW = 4;
const silent: Respond = () => {};

/** Answers with so many octets. */
const content =
  (octets: number): Respond =>
  (connection, stream) =>
    connection.sendResponse(stream, responseStart({ contentLength: octets }), Buffer.alloc(octets, 'x'));

/** Octets of DATA sent, by stream. */
function sentContent(lines: readonly string[]): Record<string, number> {
  const octets: Record<string, number> = {};
  for (const line of lines) {
    const [, stream, text] = /^DATA (\d+)(?: END_STREAM)?(?: (.*))?$/.exec(line) ?? [];
    if (stream === undefined) continue;
    const length = /^\((\d+)\)$/.exec(text ?? '')?.[1];
    octets[stream] = (octets[stream] ?? 0) + (length === undefined ? (text ?? '').length : Number(length));
  }
  return octets;
}

test('RFC 9113 §5.2.1: no more is sent on a stream than its window allows', () => {
  const server = TestServer.opened(undefined, content(100_000)).receive(get(1), windowUpdate(0, 1_000_000));
  assert.deepEqual(sentContent(server.sent()), { '1': 65_535 });
  assert.deepEqual(server.sent(), []);
  server.receive(windowUpdate(1, 10));
  assert.deepEqual(server.sent(), ['DATA 1 xxxxxxxxxx']);
  server.receive(windowUpdate(1, 100_000));
  const rest = server.sent();
  assert.deepEqual(sentContent(rest), { '1': 34_455 });
  assert.match(rest.at(-1)!, /^DATA 1 END_STREAM/);
});

test('RFC 9113 §5.2.1: no more is sent on all streams than the window of the connection allows', () => {
  const server = TestServer.opened(undefined, content(40_000)).receive(get(1), get(3));
  const sent = sentContent(server.sent());
  assert.equal(sent['1']! + sent['3']!, 65_535);
  server.receive(windowUpdate(0, 5));
  const more = sentContent(server.sent());
  assert.deepEqual(Object.values(more), [5]);
  server.receive(windowUpdate(0, 100_000));
  assert.equal(
    Object.values(sentContent(server.sent())).reduce((a, b) => a + b),
    80_000 - 65_540,
  );
});

test('RFC 9113 §5.2.2: a window of one octet is used', () => {
  const server = new TestServer({}, content(3)).receive(opening([INITIAL_WINDOW, 1]), get(1));
  assert.deepEqual(server.sent().slice(3), ['HEADERS 1 :status=200 content-length=3', 'DATA 1 x']);
  server.receive(windowUpdate(1, 1));
  assert.deepEqual(server.sent(), ['DATA 1 x']);
  server.receive(windowUpdate(1, 1));
  assert.deepEqual(server.sent(), ['DATA 1 END_STREAM x']);
});

test('RFC 9113 §5.2.2: without a window, heads, trailers and ends are sent all the same', () => {
  const server = new TestServer({}, silent).receive(opening([INITIAL_WINDOW, 0]), get(1), get(3));
  server.sent();
  const { connection, streams } = server;
  connection.beginResponse(streams.get(1)!, responseStart());
  connection.sendEnd(streams.get(1)!);
  connection.sendResponse(streams.get(3)!, responseStart(), 'abc');
  assert.deepEqual(server.sent(), ['HEADERS 1 :status=200', 'DATA 1 END_STREAM', 'HEADERS 3 :status=200']);
});

test('RFC 9113 §6.9: content that is not read keeps the window closed, and reading opens it', () => {
  const server = TestServer.opened(limited({ streamWindow: 65_535, connectionWindow: 65_535 }), silent);
  const { connection } = server;
  connection.receive(post(1));
  connection.next();
  const stream = connection.stream!;
  const piece = 'x'.repeat(16_383);
  for (let i = 0; i < 4; i++) connection.receive(data(1, piece, 0));
  let received = 0;
  while (connection.next() > 0) received += connection.content.length;
  assert.equal(received, 65_532);
  assert.deepEqual(server.sent(), []);
  connection.consumed(stream, 32_767);
  assert.deepEqual(server.sent(), []);
  connection.consumed(stream, 1);
  assert.deepEqual(server.sent(), ['WINDOW_UPDATE 1 32768', 'WINDOW_UPDATE 0 32768']);
});

test('RFC 9113 §6.9: reading more than has come opens nothing', () => {
  const server = TestServer.opened(undefined, silent).receive(post(1));
  const stream = server.streams.get(1)!;
  server.connection.consumed(stream, 1_000_000);
  server.receive(data(1, 'abc', 0));
  server.connection.consumed(stream, 1_000_000);
  assert.deepEqual(server.sent(), []);
});

test('RFC 9113 §6.9.1: DATA as large as the window of the stream is taken, one octet more is FLOW_CONTROL_ERROR', () => {
  for (const more of [0, 1]) {
    const server = TestServer.opened(limited({ streamWindow: 65_535 }), silent);
    const { connection } = server;
    // Whatever arrives stays unread.
    connection.receive(post(1));
    connection.next();
    for (let i = 0; i < 3; i++) connection.receive(data(1, 'x'.repeat(16_384), 0));
    connection.receive(data(1, 'x'.repeat(16_383 + more), 0));
    let last = 0;
    for (let answer = connection.next(); answer > 0; answer = connection.next()) last = answer;
    assert.equal(last > 0, true);
    const expected = more === 0 ? [] : ['RST_STREAM 1 FLOW_CONTROL_ERROR'];
    assert.deepEqual(
      server.sent().filter((line) => line.startsWith('RST')),
      expected,
    );
    assert.equal(connection.hasFailed, false);
  }
});

test('RFC 9113 §6.9.1: DATA beyond the window of the connection is a connection error FLOW_CONTROL_ERROR', () => {
  for (const more of [0, 1]) {
    const limits = limited({ streamWindow: 200_000, connectionWindow: 100_000 });
    const server = TestServer.opened(limits, silent);
    const { connection } = server;
    connection.receive(settingsAck());
    connection.receive(post(1));
    for (let i = 0; i < 6; i++) connection.receive(data(1, 'x'.repeat(16_384), 0));
    connection.receive(data(1, 'x'.repeat(100_000 - 6 * 16_384 + more), 0));
    while (connection.next() > 0) {}
    const expected = more === 0 ? undefined : 'GOAWAY 1 FLOW_CONTROL_ERROR';
    assert.equal(server.sent().at(-1), expected);
  }
});

test('RFC 9113 §6.9.1: padding counts for the window, and opens it again by itself', () => {
  const server = TestServer.opened(limited({ streamWindow: 65_535, connectionWindow: 65_535 }), silent);
  server.receive(post(1));
  const stream = server.streams.get(1)!;
  let sent = 0;
  for (let i = 0; i < 128; i++) {
    server.receive(paddedData(1, 'x', 254, 0));
    sent += 256;
  }
  assert.equal(stream.receiveWindow!.unconsumed, 0);
  assert.deepEqual(server.sent(), ['WINDOW_UPDATE 1 32768', 'WINDOW_UPDATE 0 32768']);
  assert.equal(sent, 32_768);
});

test('RFC 9113 §6.9: DATA of a stream that is closed opens the window of the connection again', () => {
  const server = TestServer.opened(limited({ connectionWindow: 65_535 }), silent).receive(post(1));
  server.connection.reset(server.streams.get(1)!, 8);
  for (let i = 0; i < 8; i++) server.receive(data(1, 'x'.repeat(16_384), 0));
  const sent = server.sent();
  assert.equal(sent[0], 'RST_STREAM 1 CANCEL');
  assert.deepEqual([...new Set(sent.slice(1))], ['WINDOW_UPDATE 0 32768']);
  assert.equal(sent.length, 5);
});

test('RFC 9113 §6.9: what a closed stream has not read opens the window of the connection', () => {
  const server = TestServer.opened(limited({ connectionWindow: 65_535 }), silent);
  const { connection } = server;
  connection.receive(post(1));
  connection.next();
  const stream = connection.stream!;
  for (let i = 0; i < 3; i++) connection.receive(data(1, 'x'.repeat(16_384), 0));
  while (connection.next() > 0) {}
  connection.reset(stream, 8);
  assert.deepEqual(server.sent(), ['RST_STREAM 1 CANCEL', 'WINDOW_UPDATE 0 49152']);
  connection.consumed(stream, 49_152);
  assert.deepEqual(server.sent(), []);
});

test('RFC 9113 §6.9.2: SETTINGS_INITIAL_WINDOW_SIZE changes the windows of streams that are open, and of new ones', () => {
  const server = TestServer.opened(undefined, silent).receive(
    get(1),
    settings([INITIAL_WINDOW, 100]),
    get(3),
  );
  assert.equal(server.streams.get(1)!.sendWindow, 100);
  assert.equal(server.streams.get(3)!.sendWindow, 100);
});

test('RFC 9113 §6.9.2: a window may become negative, and nothing is sent until it is positive again', () => {
  const server = TestServer.opened(undefined, content(100)).receive(get(1));
  assert.deepEqual(sentContent(server.sent()), { '1': 100 });
  const slow = TestServer.opened(undefined, content(70_000)).receive(windowUpdate(0, 1_000_000), get(1));
  assert.deepEqual(sentContent(slow.sent()), { '1': 65_535 });
  slow.receive(settings([INITIAL_WINDOW, 10]));
  assert.equal(slow.streams.get(1)!.sendWindow, 10 - 65_535);
  slow.receive(windowUpdate(1, 65_525));
  assert.deepEqual(slow.sent(), ['SETTINGS ACK']);
  slow.receive(windowUpdate(1, 3));
  assert.deepEqual(slow.sent(), ['DATA 1 xxx']);
});

test('RFC 9113 §6.9.2: SETTINGS_INITIAL_WINDOW_SIZE does not change the window of the connection', () => {
  const server = new TestServer({}, content(200_000)).receive(opening([INITIAL_WINDOW, 1_000_000]), get(1));
  assert.deepEqual(sentContent(server.sent()), { '1': 65_535 });
});

test('RFC 9113 §6.9.2: a larger SETTINGS_INITIAL_WINDOW_SIZE sends what has waited', () => {
  const server = new TestServer({}, content(5)).receive(opening([INITIAL_WINDOW, 0]), get(1));
  server.sent();
  server.receive(settings([INITIAL_WINDOW, 3]));
  assert.deepEqual(server.sent(), ['SETTINGS ACK', 'DATA 1 xxx']);
  server.receive(settings([INITIAL_WINDOW, 5]));
  assert.deepEqual(server.sent(), ['SETTINGS ACK', 'DATA 1 END_STREAM xx']);
});

test('RFC 9113 §6.9.3: before the client has acknowledged a lower window, it may use the default one', () => {
  for (const acknowledges of [false, true]) {
    const server = TestServer.opened(limited({ streamWindow: 1_000 }), silent);
    const { connection } = server;
    if (acknowledges) connection.receive(settingsAck());
    connection.receive(post(1));
    connection.receive(data(1, 'x'.repeat(1_001), 0));
    while (connection.next() > 0) {}
    const expected = acknowledges ? ['RST_STREAM 1 FLOW_CONTROL_ERROR'] : [];
    assert.deepEqual(
      server.sent().filter((line) => line.startsWith('RST')),
      expected,
    );
  }
});

test('RFC 9113 §6.9.3: with the acknowledgement the windows of open streams become lower, even negative', () => {
  const server = TestServer.opened(limited({ streamWindow: 1_000 }), silent);
  const { connection } = server;
  connection.receive(post(1));
  connection.receive(data(1, 'x'.repeat(5_000), 0));
  while (connection.next() > 0) {}
  server.receive(settingsAck());
  assert.equal(connection.hasFailed, false);
  connection.receive(data(1, 'x', 0));
  while (connection.next() > 0) {}
  assert.deepEqual(
    server.sent().filter((line) => line.startsWith('RST')),
    ['RST_STREAM 1 FLOW_CONTROL_ERROR'],
  );
});

test('RFC 9113 §5.1: DATA after END_STREAM is STREAM_CLOSED even beyond the window of the stream', () => {
  const server = TestServer.opened(limited({ streamWindow: 1_000 }), silent);
  const { connection } = server;
  connection.receive(settingsAck());
  connection.receive(get(1));
  connection.receive(data(1, 'x'.repeat(1_001), 0));
  while (connection.next() > 0) {}
  assert.deepEqual(
    server.sent().filter((line) => line.startsWith('RST')),
    ['RST_STREAM 1 STREAM_CLOSED'],
  );
});
