import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CANCEL, NO_ERROR } from '../../../src/http2/error-codes.ts';
import * as types from '../../../src/http2/frame/frame-types.ts';
import { Http2ServerConnection } from '../../../src/http2/server-connection.ts';
import { type Respond, responseStart, TestServer } from '../../http2/conversation.ts';
import {
  block,
  continuation,
  data,
  frame,
  get,
  goAway,
  headers,
  join,
  opening,
  paddedData,
  ping,
  post,
  priority,
  request,
  reset,
  settings,
  settingsAck,
  Transcript,
  uint32,
  windowUpdate,
} from '../../http2/frames.ts';
import { latin1 } from '../../support/each-split.ts';
import { fails, gives } from '../http2-requirement.ts';

const { ACK, END_HEADERS, END_STREAM, PADDED } = types;
const OK = (id: number) => `HEADERS ${id} END_STREAM :status=200 content-length=0`;
const silent: Respond = () => {};

// --- §6.1 DATA ---

fails(
  'RFC 9113 §6.1: DATA on stream 0 is a connection error PROTOCOL_ERROR',
  data(0, 'x'),
  'StreamNeeded',
  'PROTOCOL_ERROR',
);

gives(
  'RFC 9113 §6.1: content is what is left of DATA without its padding',
  [post(1), paddedData(1, 'abc', 10, 0), paddedData(1, 'd', 0, 0), paddedData(1, '', 3)],
  {
    answers: ['request 1 POST /', 'content 1 abcd', 'end 1'],
  },
);

gives(
  'RFC 9113 §6.1: padding may take up all of the frame but its own length',
  [post(1), frame(types.DATA, PADDED | END_STREAM, 1, join(Uint8Array.of(5), new Uint8Array(5)))],
  {
    answers: ['request 1 POST /', 'end 1'],
  },
);

for (const [title, payload] of [
  [
    'RFC 9113 §6.1: padding as long as the payload of DATA is a connection error PROTOCOL_ERROR',
    Uint8Array.of(6, 1, 2, 3, 4, 5),
  ],
  [
    'RFC 9113 §6.1: padding longer than the payload of DATA is a connection error PROTOCOL_ERROR',
    Uint8Array.of(255, 1, 2, 3, 4, 5),
  ],
  ['RFC 9113 §6.1: padding of one octet in a payload of one octet is a connection error', Uint8Array.of(1)],
] as const)
  fails(title, [post(1), frame(types.DATA, PADDED, 1, payload)], 'PaddingTooLong', 'PROTOCOL_ERROR', 1);

fails(
  'RFC 9113 §6.1: PADDED in DATA without any payload is FRAME_SIZE_ERROR',
  [post(1), frame(types.DATA, PADDED, 1)],
  'FrameLength',
  'FRAME_SIZE_ERROR',
  1,
);

gives(
  'RFC 9113 §6.1: padding that is not zero is accepted',
  [post(1), frame(types.DATA, PADDED | END_STREAM, 1, Uint8Array.of(2, 0x61, 7, 7))],
  {
    answers: ['request 1 POST /', 'content 1 a', 'end 1'],
  },
);

gives(
  'RFC 9113 §6.1: an empty DATA with END_STREAM ends the request',
  [post(1), data(1, 'a', 0), data(1, '')],
  {
    answers: ['request 1 POST /', 'content 1 a', 'end 1'],
  },
);

// --- §6.2 HEADERS ---

const BLOCK = block(request());

gives(
  'RFC 9113 §6.2: padding and priority are no part of the field block',
  frame(types.HEADERS, 0x2d, 1, join(Uint8Array.of(4, 0, 0, 0, 3, 255), BLOCK, new Uint8Array(4))),
  {
    answers: ['request 1 GET /'],
    sent: [OK(1)],
  },
);

gives(
  'RFC 9113 §6.2: padding without priority is no part of the field block',
  frame(types.HEADERS, 0x0d, 1, join(Uint8Array.of(3), BLOCK, new Uint8Array(3))),
  {
    answers: ['request 1 GET /'],
  },
);

for (const [title, flags, payload] of [
  [
    'RFC 9113 §6.2: padding longer than what is left of HEADERS is a connection error PROTOCOL_ERROR',
    0x0d,
    join(Uint8Array.of(BLOCK.length + 1), BLOCK),
  ],
  [
    'RFC 9113 §6.2: padding that reaches into the priority is a connection error PROTOCOL_ERROR',
    0x2d,
    Uint8Array.of(1, 0, 0, 0, 3, 255),
  ],
] as const)
  fails(title, frame(types.HEADERS, flags, 1, payload), 'PaddingTooLong', 'PROTOCOL_ERROR');

gives('RFC 9113 §6.2: a block without END_HEADERS waits for its end', headers(1, BLOCK, END_STREAM), {
  answers: [],
  sent: [],
});

// --- §6.3 PRIORITY ---

fails(
  'RFC 9113 §6.3: PRIORITY on stream 0 is a connection error PROTOCOL_ERROR',
  priority(0, 1),
  'StreamNeeded',
  'PROTOCOL_ERROR',
);

for (const length of [4, 6]) {
  const titles: Record<number, string> = {
    4: 'RFC 9113 §6.3: PRIORITY of 4 octets is a stream error FRAME_SIZE_ERROR',
    6: 'RFC 9113 §6.3: PRIORITY of 6 octets is a stream error FRAME_SIZE_ERROR',
  };
  test(titles[length]!, () => {
    const server = TestServer.opened(undefined, silent);
    server.receive(get(1), frame(types.PRIORITY_FRAME, 0, 1, new Uint8Array(length)), get(3));
    assert.deepEqual(server.answers, [
      'request 1 GET /',
      'reset 1 FRAME_SIZE_ERROR PriorityLength',
      'request 3 GET /',
    ]);
    assert.deepEqual(server.sent(), ['RST_STREAM 1 FRAME_SIZE_ERROR']);
  });
}

// --- §6.4 RST_STREAM ---

fails(
  'RFC 9113 §6.4: RST_STREAM on stream 0 is a connection error PROTOCOL_ERROR',
  reset(0, CANCEL),
  'StreamNeeded',
  'PROTOCOL_ERROR',
);

gives('RFC 9113 §6.4: an unknown error code is no error by itself', [post(1), reset(1, 0xffff), get(3)], {
  answers: ['request 1 POST /', 'reset 1 0xffff', 'request 3 GET /'],
});

test('RFC 9113 §6.4: after RST_STREAM nothing more is sent on the stream', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1));
  const stream = server.streams.get(1)!;
  server.connection.sendResponse(stream, responseStart(), Buffer.alloc(100_000));
  server.sent(1);
  server.receive(reset(1, CANCEL), windowUpdate(0, 1_000_000));
  server.connection.sendData(stream, 'more');
  server.connection.sendEnd(stream);
  assert.deepEqual(server.sent(), []);
});

// --- §6.5 SETTINGS ---

fails(
  'RFC 9113 §6.5: SETTINGS on a stream are a connection error PROTOCOL_ERROR',
  frame(types.SETTINGS, 0, 1),
  'StreamNotAllowed',
  'PROTOCOL_ERROR',
);
fails(
  'RFC 9113 §6.5: SETTINGS with ACK and a payload are a connection error FRAME_SIZE_ERROR',
  frame(types.SETTINGS, ACK, 0, new Uint8Array(6)),
  'SettingsAckLength',
  'FRAME_SIZE_ERROR',
);

gives('RFC 9113 §6.5: an acknowledgement is not acknowledged', [settingsAck(), settingsAck()], {
  answers: [],
  sent: [],
});

for (const [title, identifier, value, reason, code] of [
  [
    'RFC 9113 §6.5.2: SETTINGS_ENABLE_PUSH of 2 is a connection error PROTOCOL_ERROR',
    2,
    2,
    'SettingValue',
    'PROTOCOL_ERROR',
  ],
  [
    'RFC 9113 §6.5.2: SETTINGS_ENABLE_PUSH of 2^32-1 is a connection error PROTOCOL_ERROR',
    2,
    0xffff_ffff,
    'SettingValue',
    'PROTOCOL_ERROR',
  ],
  [
    'RFC 9113 §6.5.2: SETTINGS_INITIAL_WINDOW_SIZE of 2^31 is a connection error FLOW_CONTROL_ERROR',
    4,
    0x8000_0000,
    'InitialWindowTooLarge',
    'FLOW_CONTROL_ERROR',
  ],
  [
    'RFC 9113 §6.5.2: SETTINGS_MAX_FRAME_SIZE of 16,383 is a connection error PROTOCOL_ERROR',
    5,
    16_383,
    'SettingValue',
    'PROTOCOL_ERROR',
  ],
  [
    'RFC 9113 §6.5.2: SETTINGS_MAX_FRAME_SIZE of 2^24 is a connection error PROTOCOL_ERROR',
    5,
    0x100_0000,
    'SettingValue',
    'PROTOCOL_ERROR',
  ],
  [
    'RFC 8441 §3: SETTINGS_ENABLE_CONNECT_PROTOCOL of 2 is a connection error PROTOCOL_ERROR',
    8,
    2,
    'SettingValue',
    'PROTOCOL_ERROR',
  ],
  [
    'RFC 9218 §2.1: SETTINGS_NO_RFC7540_PRIORITIES of 2 is a connection error PROTOCOL_ERROR',
    9,
    2,
    'SettingValue',
    'PROTOCOL_ERROR',
  ],
  [
    'RFC 9218 §2.1: a later SETTINGS_NO_RFC7540_PRIORITIES that differs from the first is a connection error',
    9,
    1,
    'PrioritySettingChanged',
    'PROTOCOL_ERROR',
  ],
] as const)
  fails(title, settings([identifier, value]), reason, code);

for (const [title, identifier, value] of [
  ['RFC 9113 §6.5.2: SETTINGS_ENABLE_PUSH may be 0', 2, 0],
  ['RFC 9113 §6.5.2: SETTINGS_ENABLE_PUSH may be 1', 2, 1],
  ['RFC 9113 §6.5.2: SETTINGS_INITIAL_WINDOW_SIZE may be 2^31-1', 4, 0x7fff_ffff],
  ['RFC 9113 §6.5.2: SETTINGS_MAX_FRAME_SIZE may be 16,384', 5, 16_384],
  ['RFC 9113 §6.5.2: SETTINGS_MAX_FRAME_SIZE may be 2^24-1', 5, 0xff_ffff],
  ['RFC 9113 §6.5.2: SETTINGS_MAX_CONCURRENT_STREAMS may be 0', 3, 0],
  ['RFC 9113 §6.5.2: SETTINGS_HEADER_TABLE_SIZE may be 2^32-1', 1, 0xffff_ffff],
  ['RFC 9113 §6.5.2: an unknown setting is ignored', 0xbeef, 0xffff_ffff],
] as const)
  gives(title, [settings([identifier, value]), get(1)], { sent: ['SETTINGS ACK', OK(1)] });

gives(
  'RFC 9113 §6.5.3: settings are processed in their order, and acknowledged once',
  settings([4, 100], [4, 200], [4, 300]),
  { sent: ['SETTINGS ACK'] },
);

test('RFC 9113 §6.5.3: of settings that stand twice the last one holds', () => {
  const server = TestServer.opened(undefined, silent).receive(settings([4, 100], [4, 300]), get(1));
  assert.equal(server.streams.get(1)!.sendWindow, 300);
});

test('RFC 9113 §6.5.3: the server knows when its SETTINGS have been acknowledged', () => {
  const server = TestServer.opened();
  assert.equal(server.connection.settingsAreAcknowledged, false);
  server.receive(settingsAck());
  assert.equal(server.connection.settingsAreAcknowledged, true);
});

// --- §6.6 PUSH_PROMISE ---

fails(
  'RFC 9113 §6.6: PUSH_PROMISE of a client is a connection error PROTOCOL_ERROR',
  [get(1), frame(types.PUSH_PROMISE, END_HEADERS, 1, join(uint32(2), BLOCK))],
  'PushByClient',
  'PROTOCOL_ERROR',
  1,
);

// --- §6.7 PING ---

gives('RFC 9113 §6.7: PING is answered with its own octets', ping('\x00\x01abcd\xfe\xff'), {
  sent: ['PING ACK \x00\x01abcd\xfe\xff'],
});
gives('RFC 9113 §6.7: PING with ACK is not answered', ping('pingpong', ACK), { sent: [] });
fails(
  'RFC 9113 §6.7: PING on a stream is a connection error PROTOCOL_ERROR',
  frame(types.PING, 0, 1, new Uint8Array(8)),
  'StreamNotAllowed',
  'PROTOCOL_ERROR',
);

test('RFC 9113 §6.7: the answer to PING comes before content that waits', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1));
  server.connection.sendResponse(server.streams.get(1)!, responseStart(), Buffer.alloc(60_000));
  server.receive(ping());
  const sent = server.sent();
  assert.deepEqual(sent.slice(0, 2), ['HEADERS 1 :status=200', 'PING ACK pingpong']);
  assert.match(sent[2]!, /^DATA 1/);
});

// --- §6.8 GOAWAY ---

fails(
  'RFC 9113 §6.8: GOAWAY on a stream is a connection error PROTOCOL_ERROR',
  frame(types.GOAWAY_FRAME, 0, 1, new Uint8Array(8)),
  'StreamNotAllowed',
  'PROTOCOL_ERROR',
);

gives(
  'RFC 9113 §6.8: GOAWAY of the client is given out, and its requests are still served',
  [post(1), goAway(0, NO_ERROR, 'bye'), data(1, 'x')],
  {
    answers: ['request 1 POST /', 'goaway 0 NO_ERROR', 'content 1 x', 'end 1'],
    sent: [OK(1)],
  },
);

test('RFC 9113 §6.8: a server that drains says so first without a last stream, and still serves what comes', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1));
  const { connection } = server;
  connection.drain();
  assert.deepEqual(server.sent(), ['GOAWAY 2147483647 NO_ERROR', 'PING goingawa']);
  assert.deepEqual([connection.isDraining, connection.isDone], [true, false]);
  server.receive(get(3));
  assert.deepEqual(server.answers, ['request 1 GET /', 'request 3 GET /']);
});

test('RFC 9113 §6.8: when the client has seen it, the last stream is named, and later ones are ignored', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1));
  const { connection } = server;
  connection.drain();
  server.sent();
  server.receive(get(3), ping('goingawa', ACK));
  assert.deepEqual(server.sent(), ['GOAWAY 3 NO_ERROR']);
  // Its block changes the table all the same; what follows on it is ignored too.
  server.receive(
    headers(5, join(BLOCK, Uint8Array.of(0x40, 1, 0x61, 1, 0x62)), END_HEADERS),
    data(5, 'x'),
    windowUpdate(5, 1),
    reset(5, CANCEL),
  );
  assert.deepEqual(server.answers, ['request 1 GET /', 'request 3 GET /']);
  for (const id of [1, 3])
    connection.beginResponse(server.streams.get(id)!, responseStart({ contentLength: 0 }));
  assert.deepEqual(server.sent(), [OK(1), OK(3)]);
  assert.equal(connection.isDone, true);
});

test('RFC 9113 §6.8: other answers to PING do not end a drain; a second one changes nothing', () => {
  const server = TestServer.opened();
  server.connection.drain();
  server.connection.drain();
  assert.equal(server.sent().length, 2);
  server.receive(ping('whatever', ACK));
  assert.deepEqual(server.sent(), []);
  server.connection.finishDrain();
  server.connection.finishDrain();
  server.receive(ping('goingawa', ACK));
  assert.deepEqual(server.sent(), ['GOAWAY 0 NO_ERROR']);
});

test('RFC 9113 §6.8: content of streams beyond the last one still opens the window of the connection', () => {
  const server = TestServer.opened();
  server.connection.finishDrain();
  server.sent();
  server.receive(post(1));
  for (let i = 0; i < 40; i++) server.receive(data(1, 'x'.repeat(16_384), 0));
  assert.deepEqual(server.sent(), ['WINDOW_UPDATE 0 524288']);
});

// --- §6.9 WINDOW_UPDATE ---

fails(
  'RFC 9113 §6.9: an increment of 0 on the connection is a connection error PROTOCOL_ERROR',
  windowUpdate(0, 0),
  'ConnectionIncrementZero',
  'PROTOCOL_ERROR',
);

test('RFC 9113 §6.9: an increment of 0 on a stream is a stream error PROTOCOL_ERROR', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1), windowUpdate(1, 0), get(3));
  assert.deepEqual(server.answers, [
    'request 1 GET /',
    'reset 1 PROTOCOL_ERROR StreamIncrementZero',
    'request 3 GET /',
  ]);
  assert.deepEqual(server.sent(), ['RST_STREAM 1 PROTOCOL_ERROR']);
});

gives('RFC 9113 §6.9: the reserved bit of the increment is ignored', [windowUpdate(0, 0x8000_0001), get(1)], {
  sent: [OK(1)],
});

test('RFC 9113 §6.9.1: a window of the connection of 2^31-1 is allowed, one octet more is FLOW_CONTROL_ERROR', () => {
  const server = TestServer.opened().receive(windowUpdate(0, 0x7fff_ffff - 65_535));
  assert.equal(server.connection.hasFailed, false);
  server.receive(windowUpdate(0, 1));
  assert.deepEqual(server.sent(), ['GOAWAY 0 FLOW_CONTROL_ERROR']);
});

test('RFC 9113 §6.9.1: a window of a stream of 2^31-1 is allowed, one octet more resets it with FLOW_CONTROL_ERROR', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1), windowUpdate(1, 0x7fff_ffff - 65_535));
  assert.equal(server.streams.get(1)!.isClosed, false);
  server.receive(windowUpdate(1, 1));
  assert.deepEqual(server.answers, ['request 1 GET /', 'reset 1 FLOW_CONTROL_ERROR StreamWindowOverflow']);
  assert.deepEqual(server.sent(), ['RST_STREAM 1 FLOW_CONTROL_ERROR']);
});

test('RFC 9113 §6.9.2: SETTINGS that open a stream beyond 2^31-1 are a connection error FLOW_CONTROL_ERROR', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1), windowUpdate(1, 1));
  server.receive(settings([4, 0x7fff_ffff]));
  assert.deepEqual(server.sent(), ['GOAWAY 1 FLOW_CONTROL_ERROR']);
});

// --- §6.10 CONTINUATION ---

fails(
  'RFC 9113 §6.10: CONTINUATION behind a block that has ended is a connection error PROTOCOL_ERROR',
  [get(1), continuation(1, BLOCK)],
  'ContinuationUnexpected',
  'PROTOCOL_ERROR',
  1,
);
fails(
  'RFC 9113 §6.10: CONTINUATION behind the end of a block is a connection error PROTOCOL_ERROR',
  [headers(1, BLOCK.subarray(0, 9), END_STREAM), continuation(1, BLOCK.subarray(9)), continuation(1, BLOCK)],
  'ContinuationUnexpected',
  'PROTOCOL_ERROR',
  1,
);
fails(
  'RFC 9113 §6.10: CONTINUATION behind DATA is a connection error PROTOCOL_ERROR',
  [post(1), data(1, 'x', 0), continuation(1, BLOCK)],
  'ContinuationUnexpected',
  'PROTOCOL_ERROR',
  1,
);
fails(
  'RFC 9113 §6.10: CONTINUATION on stream 0 is a connection error PROTOCOL_ERROR',
  continuation(0, BLOCK),
  'StreamNeeded',
  'PROTOCOL_ERROR',
);

gives(
  'RFC 9113 §6.10: an empty CONTINUATION may end a block',
  [headers(1, BLOCK, END_STREAM), continuation(1, new Uint8Array(0))],
  { answers: ['request 1 GET /'] },
);

gives(
  'RFC 9113 §6.10: END_STREAM is a flag of HEADERS, not of CONTINUATION',
  [
    headers(1, BLOCK.subarray(0, 9), 0),
    continuation(1, BLOCK.subarray(9), END_HEADERS | END_STREAM),
    data(1, 'x'),
  ],
  {
    answers: ['request 1 GET /', 'content 1 x', 'end 1'],
  },
);

test('RFC 9113 §6.10: a field block of the server that is larger than a frame is continued', () => {
  const connection = new Http2ServerConnection();
  connection.receive(join(opening(), get(1)));
  connection.next();
  const start = responseStart({ contentLength: 0 });
  start.fields.add('x', '{'.repeat(40_000));
  const transcript = new Transcript();
  transcript.linesOf(connection.output()!);
  connection.beginResponse(connection.stream!, start);
  const output = connection.output()!;
  const lengths: number[] = [];
  const view = Buffer.from(output);
  for (let at = 0; at < output.length; at += 9 + lengths.at(-1)!) lengths.push(view.readUIntBE(at, 3));
  assert.deepEqual(lengths.slice(0, 2), [16_384, 16_384]);
  assert.equal(lengths.length, 3);
  assert.equal(
    transcript.linesOf(output)[0],
    `HEADERS 1 END_STREAM :status=200 x=${'{'.repeat(40_000)} content-length=0`,
  );
});

test('RFC 9113 §6.8: GOAWAY of an error says in words what was wrong', () => {
  const connection = new Http2ServerConnection();
  connection.receive(latin1('GET / HTTP/1.1\r\n\r\n'));
  connection.next();
  assert.match(
    Buffer.from(connection.output()!).toString('latin1'),
    /The connection does not begin with the preface\.$/,
  );
});
