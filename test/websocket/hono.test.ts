import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Hono } from 'hono';
import { logger } from 'hono/logger';
import { WebSocket as WsClient } from 'ws';
import { upgradeWebSocket } from '../../src/hono/index.ts';
import { serve } from '../../src/index.ts';

test('the WebSocket helper of Hono: open, message, close, a subprotocol, and other requests', async () => {
  const seen: string[] = [];
  const app = new Hono();
  app.use(logger(() => {}));
  app.get(
    '/room/:name',
    upgradeWebSocket(
      (c) => ({
        onOpen: (_event, ws) => ws.send(`welcome to ${c.req.param('name')}`),
        onMessage: (event, ws) => ws.send(`you said ${event.data}`),
        onClose: (event) => void seen.push(`${event.code} ${event.reason}`),
      }),
      { protocol: ['chat'] },
    ),
    (c) => c.text('connect with a WebSocket'),
  );
  const server = serve(app, { port: 0, hostname: '127.0.0.1' });
  await server.ready;
  const { port } = [...server][0]!.address;
  const client = new WsClient(`ws://127.0.0.1:${port}/room/blue`, ['chat']);
  const messages: string[] = [];
  client.on('message', (data) => messages.push(String(data)));
  await once(client, 'open');
  assert.equal(client.protocol, 'chat');
  client.send('hello');
  while (messages.length < 2) await once(client, 'message');
  assert.deepEqual(messages, ['welcome to blue', 'you said hello']);
  client.close(4000, 'bye');
  await once(client, 'close');
  assert.deepEqual(seen, ['4000 bye']);
  const plain = await fetch(`http://127.0.0.1:${port}/room/blue`);
  assert.equal(await plain.text(), 'connect with a WebSocket');
  await server.close();
});

test('an application that does not run on Serval is told so', async () => {
  const app = new Hono();
  app.onError((error) => new Response(error.message, { status: 500 }));
  app.get(
    '/',
    upgradeWebSocket(() => ({})),
  );
  const response = await app.request('/', { headers: { upgrade: 'websocket' } });
  assert.match(await response.text(), /run the app with serve\(app\)/);
});
