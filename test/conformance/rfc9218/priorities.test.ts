import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as types from '../../../src/http2/frame/frame-types.ts';
import { Http2ServerConnection } from '../../../src/http2/server-connection.ts';
import { limited, type Respond, responseStart, TestServer } from '../../http2/conversation.ts';
import {
  frame,
  get,
  priorityUpdate,
  settings,
  Transcript,
  uint32,
  windowUpdate,
} from '../../http2/frames.ts';
import { fails, gives } from '../http2-requirement.ts';

const silent: Respond = () => {};

/** Streams of GET requests with these Priority fields (empty: none), each answered with 40,000 octets. */
function answered(...priorities: readonly string[]): TestServer {
  const server = TestServer.opened(undefined, silent).receive(windowUpdate(0, 10_000_000));
  for (const [i, priority] of priorities.entries())
    server.receive(get(2 * i + 1, '/', ...(priority === '' ? [] : ([['priority', priority]] as const))));
  for (const stream of server.streams.values())
    server.connection.sendResponse(stream, responseStart(), Buffer.alloc(40_000));
  return server;
}

/** The streams of the frames of DATA that are sent, in their order. */
const order = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith('DATA')).map((line) => Number(line.split(' ')[1]));

test('RFC 9218 §2.1: the server says that it ignores the priorities of RFC 7540', () => {
  assert.match(new Transcript().linesOf(new Http2ServerConnection().output()!)[0]!, / 9=1$/);
});

gives(
  'RFC 9218 §2.1: the client may say so too, in its first SETTINGS and in later ones',
  [settings([9, 0]), get(1)],
  {
    answers: ['request 1 GET /'],
  },
);

test('RFC 9218 §4.1: the more urgent response is sent first, whichever came first', () => {
  assert.deepEqual(order(answered('u=5', 'u=0', 'u=3').sent()), [3, 3, 3, 5, 5, 5, 1, 1, 1]);
});

test('RFC 9218 §4.1: the default urgency is 3', () => {
  assert.deepEqual(order(answered('u=4', 'i=?0', 'u=2').sent()), [5, 5, 5, 3, 3, 3, 1, 1, 1]);
});

test('RFC 9218 §4.2: responses that are not incremental are sent one after the other', () => {
  assert.deepEqual(order(answered('u=3', 'u=3').sent()), [1, 1, 1, 3, 3, 3]);
});

test('RFC 9218 §4.2: incremental responses share the connection', () => {
  assert.deepEqual(order(answered('i', 'i').sent()), [1, 3, 1, 3, 1, 3]);
});

test('RFC 9218 §10: without any priority, responses share the connection', () => {
  assert.deepEqual(order(answered('', '', '').sent()), [1, 3, 5, 1, 3, 5, 1, 3, 5]);
});

test('RFC 9218 §10: a stream without a window lets the others go on', () => {
  const server = TestServer.opened(undefined, silent).receive(
    settings([4, 20_000]),
    windowUpdate(0, 1_000_000),
  );
  server.receive(get(1, '/', ['priority', 'u=0']), get(3, '/', ['priority', 'u=7']));
  for (const stream of server.streams.values())
    server.connection.sendResponse(stream, responseStart(), Buffer.alloc(40_000));
  assert.deepEqual(order(server.sent()), [1, 1, 3, 3]);
  server.receive(windowUpdate(3, 20_000), windowUpdate(1, 20_000));
  assert.deepEqual(order(server.sent()), [1, 1, 3, 3]);
});

test('RFC 9218 §7.1: PRIORITY_UPDATE changes the priority of an open stream, and `next` returns it', () => {
  const server = answered('u=1', 'u=2');
  server.receive(priorityUpdate(3, 'u=0, i'));
  assert.deepEqual(server.answers.at(-1), 'priority 3 0 true');
  assert.deepEqual(order(server.sent()), [3, 3, 3, 1, 1, 1]);
});

test('RFC 9218 §7.1: PRIORITY_UPDATE that comes before its request is kept, and counts more than its Priority field', () => {
  const server = TestServer.opened(undefined, silent);
  server.receive(priorityUpdate(3, 'u=1'), priorityUpdate(3, 'u=6, i'), get(3, '/', ['priority', 'u=0']));
  assert.deepEqual(server.streams.get(3)!.priority, { urgency: 6, incremental: true });
  assert.deepEqual(server.answers, ['request 3 GET /']);
});

test('RFC 9218 §7.1: as many PRIORITY_UPDATE are kept as there may be streams; those of more are ignored', () => {
  const server = TestServer.opened(limited({ concurrentStreams: 2 }), silent);
  server.receive(priorityUpdate(1, 'u=1'), priorityUpdate(3, 'u=1'), priorityUpdate(5, 'u=1'));
  server.receive(get(5));
  assert.equal(server.streams.get(5)!.clientPriority, undefined);
});

gives(
  'RFC 9218 §7.1: PRIORITY_UPDATE for a closed stream is ignored',
  [get(1), priorityUpdate(1, 'u=1'), get(3)],
  {
    answers: ['request 1 GET /', 'request 3 GET /'],
  },
);

gives('RFC 9218 §7.1: a value that is no dictionary is ignored', [priorityUpdate(1, 'u=,,'), get(1)], {
  answers: ['request 1 GET /'],
});

fails(
  'RFC 9218 §7.1: PRIORITY_UPDATE on a stream is a connection error PROTOCOL_ERROR',
  frame(types.PRIORITY_UPDATE, 0, 1, uint32(1)),
  'StreamNotAllowed',
  'PROTOCOL_ERROR',
);
fails(
  'RFC 9218 §7.1: PRIORITY_UPDATE for stream 0 is a connection error PROTOCOL_ERROR',
  priorityUpdate(0, 'u=1'),
  'PriorityUpdateStream',
  'PROTOCOL_ERROR',
);
fails(
  'RFC 9218 §7.1: PRIORITY_UPDATE for a push is a connection error PROTOCOL_ERROR',
  priorityUpdate(2, 'u=1'),
  'PriorityUpdateStream',
  'PROTOCOL_ERROR',
);
fails(
  'RFC 9218 §7.1: PRIORITY_UPDATE of 3 octets is a connection error FRAME_SIZE_ERROR',
  frame(types.PRIORITY_UPDATE, 0, 0, new Uint8Array(3)),
  'FrameLength',
  'FRAME_SIZE_ERROR',
);

test('RFC 9218 §8: the server may set the priority itself, and take that back', () => {
  const server = answered('u=1', 'u=2');
  const stream = server.streams.get(3)!;
  server.connection.prioritize(stream, { urgency: 0, incremental: false });
  assert.deepEqual(stream.clientPriority, { urgency: 2, incremental: false });
  server.receive(priorityUpdate(3, 'u=7'));
  assert.deepEqual(stream.priority, { urgency: 0, incremental: false });
  assert.deepEqual(order(server.sent()), [3, 3, 3, 1, 1, 1]);
  server.connection.prioritize(stream, undefined);
  assert.equal(stream.priority.urgency, 7);
});
