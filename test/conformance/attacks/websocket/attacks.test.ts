/** Each attack ends as its row says; what waits in the server stays bounded, and other WebSockets go on. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Response, type Server, type ServerContext, serve } from '../../../../src/index.ts';
import { type ServerWebSocket, Topics, type WebSocketUpgradeInit } from '../../../../src/websocket/index.ts';
import { until } from '../../../support/until.ts';
import { CLOSE, codeOf, FramePeer, frame, PING, TEXT } from '../../../websocket/frame-peer.ts';
import { handshake, shakeAt } from '../../../websocket/handshakes.ts';
import { ATTACKED_MESSAGE_SIZE, WEBSOCKET_ATTACKS, type WebSocketAttack } from './websocket-attacks.ts';

const MOST_BUFFERED = 512 * 1024;
/** What may wait for a client: its limit, and the message that was too much. */
const LARGE = 'x'.repeat(60_000);
const DEFLATE = { 'sec-websocket-extensions': 'permessage-deflate' };
const INIT: WebSocketUpgradeInit = {
  maxMessageSize: ATTACKED_MESSAGE_SIZE,
  maxBufferedAmount: MOST_BUFFERED,
  deflate: true,
};

describe('attacks on WebSockets', () => {
  let server: Server;
  let port = 0;
  let honest: FramePeer;
  let victim: { socket: ServerWebSocket; delivered: number; most: number } | undefined;
  const topics = new Topics();

  before(async () => {
    const handler = (request: Request, ctx: ServerContext): Response => {
      const { searchParams } = new URL(request.url);
      const pingInterval = Number(searchParams.get('ping') ?? 30_000);
      const socket = ctx.upgradeWebSocket({ ...INIT, pingInterval });
      const seen = { socket, delivered: 0, most: 0 };
      victim = seen;
      topics.subscribe('all', socket);
      socket.onmessage = ({ data }) => {
        seen.delivered++;
        if (data === 'echo') socket.send(LARGE);
        if (data === 'honest') socket.send('served');
        seen.most = Math.max(seen.most, socket.bufferedAmount);
      };
      return new Response();
    };
    server = serve(handler, { hostname: '127.0.0.1', port: 0 });
    await server.ready;
    port = [...server][0]!.address.port;
    honest = new FramePeer((await shakeAt(port)).socket);
  });

  after(() => {
    honest.octets.destroy();
    server.closed.catch(() => {});
    server.destroy();
  });

  async function isServed(): Promise<void> {
    honest.send(frame(TEXT, 'honest'));
    assert.equal((await honest.next())!.payload.toString(), 'served');
  }

  async function connect(path: string): Promise<{ peer: FramePeer; seen: NonNullable<typeof victim> }> {
    victim = undefined;
    const { socket } = await shakeAt(port, handshake(DEFLATE, `GET ${path} HTTP/1.1`));
    await until('it is open', () => victim !== undefined);
    return { peer: new FramePeer(socket), seen: victim! };
  }

  async function send({ octets }: FramePeer, pieces: Iterable<Uint8Array>): Promise<void> {
    for (const piece of pieces) {
      if (octets.destroyed) return;
      if (!octets.write(piece))
        await Promise.race([once(octets, 'drain').catch(() => {}), until('a while', isOver(20))]);
    }
  }

  for (const attack of WEBSOCKET_ATTACKS) {
    test(`${attack.name}: ${attack.bound}`, async () => {
      const before = external();
      const { peer, seen } = await connect('/');
      if (attack.isDeaf) peer.octets.pause();
      const closed = once(seen.socket as unknown as EventTarget, 'close');
      await send(peer, attack.pieces());
      await isServed();
      await ends(attack, peer, seen.socket, closed);
      if (attack.delivered !== Infinity) assert.equal(seen.delivered, attack.delivered);
      assert.ok(seen.most <= MOST_BUFFERED + LARGE.length + 20, `${seen.most} bytes waited`);
      assert.ok(external() - before < 24 * 1024 * 1024, 'it has not kept what was sent');
      peer.octets.destroy();
    });
  }

  async function ends(
    { end }: WebSocketAttack,
    peer: FramePeer,
    socket: ServerWebSocket,
    closed: Promise<unknown[]>,
  ): Promise<void> {
    if (end === 'cut') {
      assert.equal(((await closed)[0] as { code: number }).code, 1006);
    } else if (end === 'open') {
      peer.octets.resume();
      peer.send(frame(PING, 'still there?'));
      let answer = await peer.next();
      while (answer !== undefined && answer.payload.toString() !== 'still there?') answer = await peer.next();
      assert.ok(answer !== undefined, 'the connection has ended');
      assert.equal(socket.readyState, socket.OPEN);
    } else {
      const close = (await peer.next())!;
      assert.deepEqual([close.opcode, codeOf(close)], [CLOSE, end]);
      await peer.ended;
    }
  }

  test('half-open: a client that vanishes is cut off between one and two pingIntervals after its last octet', async () => {
    const { peer, seen } = await connect('/?ping=200');
    // It sends no FIN and reads nothing, as a client without a network.
    peer.octets.pause();
    const start = performance.now();
    const [event] = await once(seen.socket as unknown as EventTarget, 'close');
    const milliseconds = performance.now() - start;
    assert.equal((event as { code: number }).code, 1006);
    assert.ok(milliseconds > 350 && milliseconds < 2_000, `${milliseconds} ms`);
    peer.octets.destroy();
  });

  test('an unread socket among the subscribers of a topic is cut off, and the others get every message', async () => {
    const { peer, seen } = await connect('/');
    peer.octets.pause();
    const closed = once(seen.socket as unknown as EventTarget, 'close');
    let sent = 0;
    while (seen.socket.readyState === seen.socket.OPEN) {
      topics.publish('all', LARGE);
      sent++;
      assert.ok(sent < 1_000, 'nothing is cut off');
      assert.ok(seen.socket.bufferedAmount <= MOST_BUFFERED + LARGE.length + 20);
      assert.equal((await honest.next())!.payload.length, LARGE.length);
    }
    await closed;
    await isServed();
    peer.octets.destroy();
  });

  test('cross-site hijacking: a page of another origin gets 403, and the handler no WebSocket', async () => {
    const own = `http://a.example`;
    for (const origin of [
      'https://evil.example',
      'null',
      'https://a.example',
      'http://a.example:81',
      'http://a.example.evil.example',
      'http://x.a.example',
      'file://',
      `${own}, https://evil.example`,
      '',
    ]) {
      victim = undefined;
      const { status, socket } = await shakeAt(port, handshake({ origin, cookie: 'session=1' }));
      assert.equal(status, 403, origin);
      assert.equal(victim, undefined);
      socket.destroy();
    }
    const { status, socket } = await shakeAt(port, handshake({ origin: own }));
    assert.equal(status, 101);
    socket.destroy();
  });
});

/** Bytes outside of the heap: buffers of messages and of zlib. */
const external = (): number => process.memoryUsage().external;

function isOver(milliseconds: number): () => boolean {
  const end = performance.now() + milliseconds;
  return () => performance.now() > end;
}
