/** What an idle WebSocket holds. `npm run bench:websocket` compares it with `ws`. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type net from 'node:net';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { handshake, shakeAt } from './handshakes.ts';

/** 1.9 KB on Node 20 and 2.2 on 24, of which the runtime's socket has half; with the connection and the exchange it was 5. */
const MOST_OCTETS = 2_400;
const FIRST = 200;
const SOCKETS = 1_000;

/** As a browser sends it, whose fields must not be held. */
const HANDSHAKE = handshake(
  {
    'user-agent': `Mozilla/5.0 ${'x'.repeat(100)}`,
    origin: 'http://a.example',
    cookie: `session=${'c'.repeat(400)}`,
    'sec-websocket-protocol': 'graphql-transport-ws',
  },
  `GET /rooms/${'r'.repeat(40)} HTTP/1.1`,
);

test(`an idle WebSocket holds at most ${MOST_OCTETS} octets of heap, whatever its handshake was`, async () => {
  const server = new Worker(new URL('./idle-server.js', import.meta.url));
  const clients: net.Socket[] = [];
  const answer = async (): Promise<number> => (await once(server, 'message'))[0] as number;
  const heap = (): Promise<number> => {
    server.postMessage('heap');
    return answer();
  };
  try {
    const port = await answer();
    const open = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const { status, socket } = await shakeAt(port, HANDSHAKE);
        assert.equal(status, 101);
        clients.push(socket);
      }
    };
    await open(FIRST);
    const before = await heap();
    await open(SOCKETS);
    const each = ((await heap()) - before) / SOCKETS;
    assert.ok(each < MOST_OCTETS, `${Math.round(each)} octets`);
  } finally {
    for (const client of clients) client.destroy();
    await server.terminate();
  }
});
