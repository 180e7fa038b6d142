import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { WebSocketFrame } from '../../../src/client/index.ts';
import { WebSocketFrameWatch } from '../../../src/client/websocket/frame-watch.ts';
import { eachSplit } from '../../support/each-split.ts';
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  closeFrame,
  frame,
  PING,
  PONG,
  TEXT,
} from '../../websocket/frame-peer.ts';
import { fromServer } from './raw-websocket-server.ts';
import { testEach } from './with-socket.ts';

const lineOf = ({ type, flags, length, detail }: WebSocketFrame): string =>
  [type, length, flags.join(' '), detail].join(' ').trimEnd();

test('an observer sees each frame once, wherever the octets are cut', () => {
  const octets = Buffer.concat([
    fromServer(TEXT, 'hello'),
    fromServer(TEXT, '', { isFinal: false }),
    fromServer(CONTINUATION, 'x'.repeat(126), { reserved: 4 }),
    fromServer(BINARY, 'y'.repeat(200), { lengthOctets: 8 }),
    frame(PING, 'a'),
    frame(PONG),
    fromServer(5, 'a', { reserved: 3 }),
    closeFrame(4000, 'grüß dich'),
    fromServer(CLOSE),
  ]);
  const expected = [
    'text 5 FIN',
    'text 0',
    'continuation 126 FIN RSV1',
    'binary 200 FIN',
    'ping 1 FIN MASK',
    'pong 0 FIN MASK',
    'opcode 5 1 FIN RSV2 RSV3',
    'close 13 FIN MASK 4000 grüß dich',
    'close 0 FIN',
  ];
  eachSplit(new Uint8Array(octets), (chunks) => {
    const seen: string[] = [];
    const watch = new WebSocketFrameWatch('received', (one) => seen.push(lineOf(one)));
    for (const chunk of chunks) watch.pass(chunk);
    assert.deepEqual(seen, expected);
  });
});

testEach('an observer of a WebSocket sees what it sends and receives', async (using) => {
  await using running = await using({ deflate: true });
  const seen: string[] = [];
  const observer = {
    onWebSocketFrame: (one: WebSocketFrame) => void seen.push(`${one.direction} ${lineOf(one)}`),
  };
  const socket = await running.open({ observer, deflate: true });
  socket.send('short');
  await once(socket as unknown as EventTarget, 'message');
  socket.send('long'.repeat(10_000));
  await once(socket as unknown as EventTarget, 'message');
  socket.close(4000, 'done');
  await once(socket as unknown as EventTarget, 'close');
  assert.deepEqual(
    seen.map((line) => line.replace(/ \d+ FIN RSV1/, ' N FIN RSV1')),
    [
      'sent text 5 FIN MASK',
      'received text 5 FIN',
      'sent text N FIN RSV1 MASK',
      'received text N FIN RSV1',
      'sent close 6 FIN MASK 4000 done',
      'received close 2 FIN 4000',
    ],
  );
});
