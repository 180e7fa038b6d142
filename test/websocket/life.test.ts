/** The life of a WebSocket beside its messages: other clients, the end of the server, clients that misbehave, plain handlers. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { WebSocket as WsClient } from 'ws';
import { compression } from '../../src/compression/index.ts';
import { Response, type Server, serve } from '../../src/index.ts';
import type {
  ServerWebSocket,
  WebSocketCloseEvent,
  WebSocketUpgradeInit,
} from '../../src/websocket/index.ts';
import { until } from '../support/until.ts';
import { CLOSE, codeOf, FramePeer, frame, PING, PONG, TEXT } from './frame-peer.ts';
import { shakeAt } from './handshakes.ts';

interface Running {
  readonly server: Server;
  readonly port: number;
  /** The sockets of the server, in the order of their upgrades. */
  readonly sockets: ServerWebSocket[];
}

/** A plain handler, as applications for Bun and Hono are written. */
async function withServer(
  use: (running: Running) => Promise<void>,
  init?: WebSocketUpgradeInit,
): Promise<void> {
  const sockets: ServerWebSocket[] = [];
  const handler = compression((request: Request, ctx) => {
    if (request.headers.get('upgrade') !== 'websocket') return new Response('plain');
    const socket = ctx.upgradeWebSocket(init);
    socket.onmessage = ({ data }) => socket.send(data);
    sockets.push(socket);
    return new Response('dropped');
  });
  const server = serve(handler, { port: 0, hostname: '127.0.0.1' });
  await server.ready;
  server.closed.catch(() => {});
  try {
    await use({ server, port: [...server][0]!.address.port, sockets });
  } finally {
    server.destroy();
  }
}

const closeOf = async (socket: ServerWebSocket): Promise<WebSocketCloseEvent> =>
  (await once(socket as unknown as EventTarget, 'close'))[0] as WebSocketCloseEvent;

test('a plain fetch handler upgrades, and answers other requests as before', () =>
  withServer(async ({ port, sockets }) => {
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'plain');
    const { socket } = await shakeAt(port);
    const peer = new FramePeer(socket);
    peer.send(frame(TEXT, 'hello'));
    assert.equal((await peer.next())!.payload.toString(), 'hello');
    assert.equal(sockets.length, 1);
    socket.destroy();
  }));

test('the client of ws: text, binary, a ping, compression, and a close with a reason', () =>
  withServer(
    async ({ port, sockets }) => {
      const client = new WsClient(`ws://127.0.0.1:${port}/`, ['chat']);
      await once(client, 'open');
      assert.equal(client.protocol, 'chat');
      assert.match(client.extensions, /permessage-deflate/);
      const text = 'Grüße '.repeat(10_000);
      client.send(text);
      assert.equal(String((await once(client, 'message'))[0]), text);
      client.send(Buffer.alloc(50_000, 7));
      const [binary, isBinary] = (await once(client, 'message')) as [Buffer, boolean];
      assert.deepEqual([binary.length, isBinary], [50_000, true]);
      client.ping('p');
      assert.equal(String((await once(client, 'pong'))[0]), 'p');
      const closed = closeOf(sockets[0]!);
      client.close(4001, 'done');
      assert.equal((await once(client, 'close'))[0], 4001);
      const { code, reason, wasClean } = await closed;
      assert.deepEqual([code, reason, wasClean], [4001, 'done', true]);
    },
    { protocol: ['chat'], deflate: true },
  ));

test('a client that closes while messages wait for their compression gets them, and a clean end', () =>
  withServer(
    async ({ port, sockets }) => {
      const client = new WsClient(`ws://127.0.0.1:${port}/`);
      await once(client, 'open');
      let received = 0;
      client.on('message', (data: Buffer) => {
        received += data.length;
      });
      const theirs = closeOf(sockets[0]!);
      const ended = once(client, 'close');
      for (let i = 0; i < 5; i++) sockets[0]!.send(`${i}`.repeat(1_000_000));
      client.close(4000);
      assert.equal((await ended)[0], 4000);
      assert.equal(received, 5_000_000);
      assert.equal((await theirs).wasClean, true);
    },
    { deflate: true },
  ));

for (const end of ['close', 'drain'] as const) {
  test(`server.${end}() closes with 1001 and waits for the client`, () =>
    withServer(async ({ server, port, sockets }) => {
      const { socket } = await shakeAt(port);
      const peer = new FramePeer(socket);
      await until('it is open', () => sockets.length === 1);
      let isOver = false;
      const over = server[end]().then(() => {
        isOver = true;
      });
      const received = (await peer.next())!;
      assert.deepEqual([received.opcode, codeOf(received)], [CLOSE, 1001]);
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(isOver, false);
      peer.send(frame(CLOSE, received.payload));
      await peer.ended;
      socket.end();
      await over;
    }));
}

test('server.destroy() cuts it off: 1006', () =>
  withServer(async ({ server, port, sockets }) => {
    const { socket } = await shakeAt(port);
    await until('it is open', () => sockets.length === 1);
    const closed = closeOf(sockets[0]!);
    server.destroy();
    assert.deepEqual([(await closed).code, (await closed).wasClean], [1006, false]);
    socket.destroy();
  }));

test('a reset is noticed: 1006', () =>
  withServer(async ({ port, sockets }) => {
    const { socket } = await shakeAt(port);
    await until('it is open', () => sockets.length === 1);
    const closed = closeOf(sockets[0]!);
    socket.resetAndDestroy();
    assert.equal((await closed).code, 1006);
  }));

test('a client that does not read: bufferedAmount is true, drained() waits, and maxBufferedAmount cuts it off', () =>
  withServer(
    async ({ port, sockets }) => {
      const { socket } = await shakeAt(port);
      socket.pause();
      await until('it is open', () => sockets.length === 1);
      const [ours] = sockets as [ServerWebSocket];
      const piece = new Uint8Array(256 * 1024);
      let sent = 0;
      while (ours.bufferedAmount === 0) {
        ours.send(piece);
        sent += piece.length;
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.ok(ours.bufferedAmount <= sent);
      const closed = closeOf(ours);
      let hasDrained = false;
      void ours.drained().then(() => {
        hasDrained = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(hasDrained, false);
      while (ours.readyState === ours.OPEN) ours.send(piece);
      assert.equal((await closed).code, 1006);
      // Its limit, and the message that was too much.
      assert.ok(ours.bufferedAmount <= 3 * 1024 * 1024, `${ours.bufferedAmount}`);
      socket.destroy();
    },
    { maxBufferedAmount: 2 * 1024 * 1024 },
  ));

test('a flood of pings from a client that does not read costs no memory, and the last one is answered', () =>
  withServer(async ({ port, sockets }) => {
    const { socket } = await shakeAt(port);
    socket.pause();
    await until('it is open', () => sockets.length === 1);
    const pings = Buffer.concat(Array.from({ length: 1_000 }, () => frame(PING, '*'.repeat(125))));
    let most = 0;
    for (let round = 0; round < 100; round++) {
      if (!socket.write(pings))
        await Promise.race([once(socket, 'drain'), new Promise((r) => setTimeout(r, 50))]);
      most = Math.max(most, sockets[0]!.bufferedAmount);
    }
    assert.ok(most < 256 * 1024, `${most} bytes wait`);
    const peer = new FramePeer(socket);
    peer.send(frame(PING, 'last'));
    let pong = await peer.next();
    while (pong !== undefined && pong.payload.toString() !== 'last') pong = await peer.next();
    assert.equal(pong?.opcode, PONG);
    socket.destroy();
  }));

test('a reader that is behind stops the client, and goes on with every message', () =>
  withServer(async ({ port, sockets }) => {
    const { socket } = await shakeAt(port);
    await until('it is open', () => sockets.length === 1);
    const [ours] = sockets as [ServerWebSocket];
    ours.onmessage = null;
    const { readable } = ours.streams();
    const message = frame(TEXT, 'x'.repeat(100_000));
    let isFull = false;
    let sent = 0;
    while (!isFull && sent < 1_000) {
      sent++;
      if (!socket.write(message))
        isFull = await Promise.race([
          once(socket, 'drain').then(() => false),
          new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 300)),
        ]);
    }
    assert.equal(isFull, true, 'the client could send everything although nobody read');
    socket.end(frame(CLOSE, Buffer.from([3, 232])));
    let received = 0;
    for await (const text of readable) {
      assert.equal(text.length, 100_000);
      received++;
    }
    assert.equal(received, sent);
  }));

test('a Blob that cannot be read cuts the connection off', () =>
  withServer(async ({ port, sockets }) => {
    const { socket } = await shakeAt(port);
    await until('it is open', () => sockets.length === 1);
    const closed = closeOf(sockets[0]!);
    class Changed extends Blob {
      override arrayBuffer(): Promise<ArrayBuffer> {
        return Promise.reject(new Error('the file has changed'));
      }
    }
    sockets[0]!.send(new Changed(['x']));
    sockets[0]!.send('behind it');
    assert.equal((await closed).code, 1006);
    socket.destroy();
  }));

test('options that cannot be are refused by name', () =>
  withServer(async ({ port }) => {
    const server = serve(
      (_request, ctx) => {
        const wrong: [object, RegExp][] = [
          [{ protocol: 'chat' }, /^TypeError: options\.protocol: expected an array of strings, got "chat"/],
          [
            { maxMessageSize: 0 },
            /^RangeError: options\.maxMessageSize: expected an integer from 1 to \d+, got 0/,
          ],
          [{ deflate: 1 }, /^TypeError: options\.deflate: expected a boolean, got 1/],
          [{ maxPayload: 1 }, /^TypeError: options\.maxPayload: there is no such option/],
        ];
        for (const [options, message] of wrong) assert.throws(() => ctx.upgradeWebSocket(options), message);
        return new Response('refused', { status: 418 });
      },
      { port: 0, hostname: '127.0.0.1' },
    );
    await server.ready;
    const { status, socket } = await shakeAt([...server][0]!.address.port);
    assert.equal(status, 418);
    socket.destroy();
    server.closed.catch(() => {});
    server.destroy();
    assert.ok(port > 0);
  }));

test('a connection that is not WebSocket: the upgrade throws InvalidStateError', async () => {
  const server = serve(
    (_request, ctx) => {
      assert.throws(() => ctx.upgradeWebSocket(), { name: 'InvalidStateError' });
      return new Response('no');
    },
    { port: 0, hostname: '127.0.0.1' },
  );
  await server.ready;
  const { port } = [...server][0]!.address;
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'no');
  const socket = net.connect(port, '127.0.0.1');
  socket.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n');
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 200 /);
  socket.destroy();
  await server.close();
});
