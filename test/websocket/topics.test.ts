import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Response, serve } from '../../src/index.ts';
import { type ServerWebSocket, Topics } from '../../src/websocket/index.ts';
import { until } from '../support/until.ts';
import { BINARY, FramePeer, TEXT } from './frame-peer.ts';
import { shakeAt } from './handshakes.ts';

test('a published message goes to the subscribers of its topic, and not to the others', async () => {
  const topics = new Topics();
  const sockets: ServerWebSocket[] = [];
  const server = serve(
    (_request, ctx) => {
      sockets.push(ctx.upgradeWebSocket({ deflate: sockets.length % 2 === 1 }));
      return new Response();
    },
    { port: 0, hostname: '127.0.0.1' },
  );
  await server.ready;
  const { port } = [...server][0]!.address;
  const peers: FramePeer[] = [];
  for (let i = 0; i < 4; i++) peers.push(new FramePeer((await shakeAt(port)).socket));
  await until('all are open', () => sockets.length === 4);
  const [a, b, c, d] = sockets as [ServerWebSocket, ServerWebSocket, ServerWebSocket, ServerWebSocket];
  for (const socket of [a, b, c]) topics.subscribe('news', socket);
  topics.subscribe('news', a);
  topics.subscribe('other', d);
  assert.equal(topics.count('news'), 3);
  assert.equal(topics.publish('nothing', 'x'), 0);

  assert.equal(topics.publish('news', 'grüße', c), 2);
  assert.equal(topics.publish('news', new Uint8Array([1, 2])), 3);
  assert.equal(topics.publish('other', 'z'.repeat(70_000)), 1);
  const received = async (peer: FramePeer) => {
    const { opcode, payload } = (await peer.next())!;
    return [opcode, payload.length > 100 ? payload.length : payload.toString('latin1')];
  };
  const text = [TEXT, Buffer.from('grüße').toString('latin1')];
  const binary = [BINARY, '\x01\x02'];
  assert.deepEqual([await received(peers[0]!), await received(peers[0]!)], [text, binary]);
  assert.deepEqual([await received(peers[1]!), await received(peers[1]!)], [text, binary]);
  assert.deepEqual(await received(peers[2]!), binary);
  assert.deepEqual(await received(peers[3]!), [TEXT, 70_000]);

  topics.unsubscribe('news', b);
  peers[0]!.octets.destroy();
  await until('the one that left is forgotten', () => topics.count('news') === 1);
  assert.equal(topics.publish('news', 'last'), 1);
  assert.deepEqual(await received(peers[2]!), [TEXT, 'last']);
  c.close();
  topics.subscribe('late', c);
  assert.equal(topics.count('late'), 0);
  server.closed.catch(() => {});
  server.destroy();
  for (const peer of peers) peer.octets.destroy();
});
