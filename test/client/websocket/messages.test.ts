/** Messages of a client's WebSocket, over both versions of HTTP. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from '../../../src/client/index.ts';
import type { ServerWebSocket } from '../../../src/websocket/index.ts';
import { until } from '../../support/until.ts';
import { BINARY, CONTINUATION, frame, PING, PONG, TEXT } from '../../websocket/frame-peer.ts';
import { closeOf, failure, messageOf, opened } from './events.ts';
import { accepting, fromServer, rawWebSocketServer } from './raw-websocket-server.ts';
import { testEach } from './with-socket.ts';

testEach('text and binary go both ways, whatever their length', async (using) => {
  await using running = await using({ maxMessageSize: 5_000_000 });
  const socket = await running.open();
  assert.equal(socket.readyState, WebSocket.OPEN);
  for (const text of ['', 'a', 'x'.repeat(125), 'y'.repeat(126), 'ü'.repeat(40_000), 'z'.repeat(4_000_000)]) {
    const message = messageOf(socket);
    socket.send(text);
    assert.equal(await message, text);
  }
  const octets = Uint8Array.from({ length: 70_000 }, (_, i) => i);
  let message = messageOf(socket);
  socket.send(octets);
  const blob = (await message) as Blob;
  assert.deepEqual(new Uint8Array(await blob.arrayBuffer()), octets);
  assert.equal(octets[1], 1, 'masking has changed the octets of the caller');
  socket.binaryType = 'arraybuffer';
  message = messageOf(socket);
  socket.send(new Blob(['b', 'lob']));
  assert.equal(Buffer.from((await message) as ArrayBuffer).toString(), 'blob');
});

testEach(
  'messages in a row keep their order, and the first may follow the open event at once',
  async (using) => {
    await using running = await using();
    const socket = new WebSocket(running.url, { client: running.client });
    assert.throws(() => socket.send('early'), { name: 'InvalidStateError' });
    const received: unknown[] = [];
    socket.onmessage = ({ data }) => void received.push(data);
    socket.onopen = () => {
      for (let i = 0; i < 1_000; i++) socket.send(String(i));
    };
    await until('all have come back', () => received.length === 1_000);
    assert.deepEqual(
      received,
      Array.from({ length: 1_000 }, (_, i) => String(i)),
    );
  },
);

testEach(
  'a message that the server sends at once is not lost by a listener that comes a turn later',
  async (using) => {
    await using running = await using({}, (socket) => socket.send('welcome'));
    const socket = await running.open();
    await Promise.resolve();
    assert.equal(await messageOf(socket), 'welcome');
  },
);

testEach('the origin of a message is that of the URL', async (using) => {
  await using running = await using();
  const socket = await running.open();
  socket.send('?');
  const [{ origin }] = (await once(socket as unknown as EventTarget, 'message')) as [MessageEvent];
  assert.equal(origin, running.url.slice(0, -1));
});

testEach('RFC 7692: messages are compressed if both want it', async (using) => {
  await using running = await using({ deflate: true, maxMessageSize: 3_000_000 });
  const socket = await running.open({ deflate: true });
  assert.match(socket.extensions, /^permessage-deflate/);
  for (const text of ['short', 'text '.repeat(500_000), '', 'ü'.repeat(5_000)]) {
    const message = messageOf(socket);
    socket.send(text);
    assert.equal(await message, text);
  }
  assert.equal((await running.open()).extensions, '');
});

testEach('a message beyond maxMessageSize: the WebSocket fails, and the server gets 1009', async (using) => {
  for (const deflate of [false, true]) {
    let server!: ServerWebSocket;
    await using running = await using({ deflate }, (socket) => {
      server = socket;
      socket.onmessage = ({ data }) => socket.send('x'.repeat(Number(data)));
    });
    const socket = await running.open({ maxMessageSize: 10_000, deflate });
    const message = messageOf(socket);
    socket.send('10000');
    assert.equal(((await message) as string).length, 10_000);
    const failed = failure(socket);
    const closed = once(server as unknown as EventTarget, 'close');
    socket.send('10001');
    assert.deepEqual([(await failed).code, (await failed).wasClean], [1006, false]);
    assert.equal((await closed)[0].code, 1009);
  }
});

testEach('a server that does not read: bufferedAmount is true, and drained() waits', async (using) => {
  let release!: () => void;
  let received = 0;
  await using running = await using({}, (socket) => {
    const { readable } = socket.streams();
    const take = new WritableStream<string | Uint8Array>({
      write: (message) => {
        received += message.length;
      },
    });
    release = () => void readable.pipeTo(take).catch(() => {});
  });
  const socket = await running.open();
  const piece = 'x'.repeat(100_000);
  let sent = 0;
  const deadline = performance.now() + 10_000;
  while (socket.bufferedAmount < 1_000_000 && performance.now() < deadline) {
    socket.send(piece);
    sent += piece.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(socket.bufferedAmount >= 1_000_000 && socket.bufferedAmount <= sent + 1_000);
  let hasDrained = false;
  const drained = socket.drained().then(() => {
    hasDrained = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(hasDrained, false);
  release();
  await drained;
  await until('all has come', () => received === sent);
  assert.equal(socket.bufferedAmount, 0);
});

testEach('streams(): a reader that is behind stops the server, which loses nothing', async (using) => {
  let most = 0;
  await using running = await using({}, (socket) => {
    const writer = socket.streams().writable.getWriter();
    void (async () => {
      for (let i = 0; i < 200; i++) {
        await writer.write('y'.repeat(100_000));
        most = i;
      }
      await writer.close();
    })().catch(() => {});
  });
  // The streams are there before it is open.
  const socket = new WebSocket(running.url, { client: running.client });
  const { readable } = socket.streams();
  await opened(socket);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const heldAt = most;
  assert.ok(heldAt < 190, `the server could send ${heldAt} messages although nobody read`);
  let received = 0;
  for await (const text of readable) received += text.length;
  assert.equal(received, 20_000_000);
  assert.equal(socket.readyState, WebSocket.CLOSED);
});

testEach(
  'streams(): what is written before it is open is sent then, and the end of writing closes it',
  async (using) => {
    await using running = await using();
    const socket = new WebSocket(running.url, { client: running.client });
    const { readable, writable } = socket.streams();
    const writer = writable.getWriter();
    void writer.write('one');
    void writer.write(new Uint8Array([2]));
    const reader = readable.getReader();
    assert.equal((await reader.read()).value, 'one');
    assert.deepEqual((await reader.read()).value, new Uint8Array([2]));
    const closed = closeOf(socket);
    await writer.close();
    assert.deepEqual([(await closed).code, (await closed).wasClean], [1000, true]);
    assert.equal((await reader.read()).done, true);
  },
);

testEach(
  'messages behind close(): no events, but streams() have them until the server answers',
  async (using) => {
    for (const takes of ['events', 'streams'] as const) {
      await using running = await using();
      const socket = await running.open();
      const received: unknown[] = [];
      if (takes === 'events') socket.onmessage = ({ data }) => void received.push(data);
      const streams = takes === 'streams' ? socket.streams() : undefined;
      const closed = closeOf(socket);
      for (const text of ['one', 'two']) socket.send(text);
      socket.close();
      for await (const text of streams?.readable ?? []) received.push(text);
      assert.equal((await closed).wasClean, true);
      assert.deepEqual(received, takes === 'events' ? [] : ['one', 'two']);
    }
  },
);

testEach('streams(): whoever cancels the reading gets no more, and closes it', async (using) => {
  await using running = await using({}, (socket) => {
    for (let i = 0; i < 100; i++) socket.send('x'.repeat(10_000));
  });
  const socket = await running.open();
  const closed = closeOf(socket);
  const reader = socket.streams().readable.getReader();
  await reader.read();
  await reader.cancel();
  assert.deepEqual([(await closed).code, (await closed).wasClean], [1005, true]);
});

test('RFC 6455 §5.1, §5.5.3: frames of the client are masked, each with another mask, and a ping is answered', async () => {
  await using server = await rawWebSocketServer();
  const socket = await opened(new WebSocket(server.address));
  const peer = server.peers[0]!;
  socket.send('text');
  socket.send(new Uint8Array([1, 2, 3]));
  const text = (await peer.next())!;
  assert.deepEqual([text.opcode, text.isMasked, text.payload.toString()], [TEXT, true, 'text']);
  const binary = (await peer.next())!;
  assert.deepEqual([binary.opcode, binary.isMasked, [...binary.payload]], [BINARY, true, [1, 2, 3]]);
  peer.send(fromServer(PING, 'are you there?'));
  const pong = (await peer.next())!;
  assert.deepEqual([pong.opcode, pong.isMasked, pong.payload.toString()], [PONG, true, 'are you there?']);
});

const faults: [title: string, octets: Uint8Array, code: number][] = [
  ['§5.1: a masked frame', frame(TEXT, 'a'), 1002],
  ['§5.2: a reserved bit', fromServer(TEXT, 'a', { reserved: 4 }), 1002],
  ['§5.2: an unknown opcode', fromServer(3, 'a'), 1002],
  ['§5.4: a continuation of nothing', fromServer(CONTINUATION, 'a'), 1002],
  ['§5.5: a ping of 126 bytes', fromServer(PING, 'x'.repeat(126)), 1002],
  ['§8.1: text that is not UTF-8', fromServer(TEXT, Buffer.from([0xff])), 1007],
];
for (const [title, octets, code] of faults) {
  test(`RFC 6455 ${title}: the WebSocket fails with ${code}, and 1006 for the application`, async () => {
    await using server = await rawWebSocketServer();
    const socket = await opened(new WebSocket(server.address));
    const peer = server.peers[0]!;
    const failed = failure(socket);
    peer.send(octets, fromServer(TEXT, 'not read'));
    socket.onmessage = () => assert.fail('a message came');
    const close = (await peer.next())!;
    assert.deepEqual([close.opcode, close.payload.readUInt16BE()], [8, code]);
    await peer.ended;
    peer.octets.end();
    assert.deepEqual([(await failed).code, (await failed).wasClean], [1006, false]);
  });
}

test('frames that come with the answer to the handshake are read', async () => {
  await using server = await rawWebSocketServer((head) =>
    Buffer.concat([Buffer.from(accepting(head)), fromServer(TEXT, 'first')]),
  );
  const socket = await opened(new WebSocket(server.address));
  assert.equal(await messageOf(socket), 'first');
});
