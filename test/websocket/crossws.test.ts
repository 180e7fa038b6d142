/** The hooks of crossws and of h3 on Serval, with the client of `ws`. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import { test } from 'node:test';
import { defineHooks, type Hooks, type SyncMessage } from 'crossws';
import { defineWebSocketHandler, H3 } from 'h3';
import { WebSocket as WsClient } from 'ws';
import { type CrosswsOptions, crossws } from '../../src/crossws/index.ts';
import { type ConnectContext, PROTOCOL_MARKER, type ServerContext } from '../../src/index.ts';
import { until } from '../support/until.ts';
import { FramePeer, frame, TEXT } from './frame-peer.ts';
import { withApp } from './with-app.ts';

/** A client, and the messages that it has got. */
async function connect(port: number, path = '/', protocols: string[] = [], headers = {}) {
  const client = new WsClient(`ws://127.0.0.1:${port}${path}`, protocols, { headers });
  const messages: string[] = [];
  client.on('message', (data) => messages.push(String(data)));
  const [response] = (await Promise.race([
    once(client, 'upgrade'),
    once(client, 'unexpected-response').then(([, r]) => [r]),
  ])) as [{ statusCode: number; headers: Record<string, string | string[]> }];
  if (response.statusCode === 101 && client.readyState !== WsClient.OPEN) await once(client, 'open');
  client.on('error', () => {});
  return {
    client,
    messages,
    response,
    async until(...wanted: string[]): Promise<void> {
      await until(`it has ${wanted}`, () => messages.length >= wanted.length);
      assert.deepEqual(messages, wanted);
      messages.length = 0;
    },
  };
}

function appOf(options: CrosswsOptions) {
  const ws = crossws(options);
  return { ws, handler: (request: Request, ctx: ServerContext) => ws.handleUpgrade(request, ctx) };
}

test('crossws: open, message in all forms, close, the id, the address and the request of a peer', async () => {
  const seen: unknown[] = [];
  const hooks = defineHooks({
    open: (peer) => {
      seen.push([
        'open',
        typeof peer.id,
        peer.remoteAddress,
        new URL(peer.request.url).pathname,
        peer.namespace,
      ]);
      peer.send({ hello: 'you' });
      peer.send(7);
    },
    message(peer, message) {
      if (message.text() === 'bye') peer.close(4001, 'as you wish');
      else if (message.text() === 'cut') peer.terminate();
      else peer.send(message.text().startsWith('{') ? message.json<{ a: number }>().a : message.uint8Array());
    },
    close: (_peer, details) => void seen.push(['close', details.code, details.reason]),
  });
  const { ws, handler } = appOf({ hooks });
  await withApp(handler, async (port) => {
    const one = await connect(port, '/chat?x=1');
    await one.until('{"hello":"you"}', '7');
    one.client.send('{"a":5}');
    await one.until('5');
    one.client.send(Buffer.from('bytes'));
    await one.until('bytes');
    assert.equal(ws.peers.get('/chat')?.size, 1);
    one.client.send('bye');
    const [code, reason] = await once(one.client, 'close');
    assert.deepEqual([code, String(reason)], [4001, 'as you wish']);
    await until('it is forgotten', () => ws.peers.get('/chat')?.size === 0);
    const two = await connect(port);
    two.client.send('cut');
    assert.equal((await once(two.client, 'close'))[0], 1006);
    await until('both are closed', () => seen.length === 4);
    assert.deepEqual(seen, [
      ['open', 'string', '127.0.0.1', '/chat', '/chat'],
      ['close', 4001, 'as you wish'],
      ['open', 'string', '127.0.0.1', '/', '/'],
      ['close', 1006, ''],
    ]);
  });
});

test('crossws: the upgrade hook refuses, gives fields, a subprotocol, a namespace and a context', async () => {
  const hooks: Partial<Hooks> = {
    upgrade(request) {
      if (request.headers.get('x-key') === 'wrong') throw new Response('not you', { status: 401 });
      return {
        headers: { 'set-cookie': 'a=1' },
        protocol: 'v2',
        namespace: 'room',
        context: { user: 'ann' },
      };
    },
    open: (peer) => void peer.send(`${peer.namespace} ${peer.context['user']}`),
  };
  await withApp(appOf({ hooks }).handler, async (port) => {
    const { client, response, until } = await connect(port, '/', ['v1', 'v2']);
    assert.deepEqual([client.protocol, response.headers['set-cookie']], ['v2', ['a=1']]);
    await until('room ann');
    client.terminate();
    const refused = await connect(port, '/', [], { 'x-key': 'wrong' });
    assert.equal(refused.response.statusCode, 401);
  });
});

test('crossws: handleProtocols chooses, and a hook that throws is answered with 500', async () => {
  const seen: string[][] = [];
  const { handler } = appOf({
    handleProtocols: (offered) => {
      seen.push([...offered]);
      return offered.has('b') && 'b';
    },
    hooks: {
      upgrade(request) {
        if (request.url.endsWith('/broken')) throw new Error('a fault');
      },
    },
  });
  await withApp(handler, async (port) => {
    const { client } = await connect(port, '/', ['a', 'b']);
    assert.equal(client.protocol, 'b');
    assert.deepEqual(seen, [['a', 'b']]);
    client.terminate();
    assert.equal((await connect(port, '/broken')).response.statusCode, 500);
  });
});

test('crossws: publish reaches the other peers of the namespace, adapter.publish all; ping, pong and drain', async () => {
  const control: string[] = [];
  const { ws, handler } = appOf({
    hooks: {
      open: (peer) => peer.subscribe('news'),
      message(peer, message) {
        if (message.text() === 'leave') peer.unsubscribe('news');
        else if (message.text() === 'ping') peer.ping('x');
        else peer.publish('news', message.text());
      },
      ping: (_peer, data) => void control.push(`ping ${Buffer.from(data)}`),
      pong: (_peer, data) => void control.push(`pong ${Buffer.from(data)}`),
    },
  });
  await withApp(handler, async (port) => {
    const [a, b, c] = [await connect(port, '/a'), await connect(port, '/a'), await connect(port, '/c')];
    a.client.send('hi');
    await b.until('hi');
    ws.publish('news', { to: 'all' });
    for (const each of [a, b, c]) await each.until('{"to":"all"}');
    ws.publish('news', 'c only', { namespace: '/c' });
    await c.until('c only');
    b.client.send('leave');
    b.client.ping('y');
    b.client.send('ping');
    await until('both have come', () => control.length === 2);
    assert.deepEqual(control, ['ping y', 'pong x']);
    ws.publish('news', 'again');
    await a.until('again');
    assert.deepEqual([a.messages, b.messages, c.messages], [[], [], ['again']]);
    const [first] = ws.peers.get('/a')!;
    await first!.waitForDrain();
    await ws.close(4000, 'over');
    assert.equal((await once(a.client, 'close'))[0], 4000);
  });
});

test('crossws: over HTTP/2 the hooks see the handshake that they know, and drain follows a full connection', async () => {
  const seen: string[] = [];
  const ws = crossws({
    handleProtocols: (offered) => [...offered][0],
    hooks: {
      upgrade: ({ method, headers }) => void seen.push(`${method} ${headers.get('upgrade')}`),
      message: (peer) => void peer.send('x'.repeat(200_000)),
      drain: (peer) => void seen.push(`drained ${peer.bufferedAmount < 200_000}`),
    },
  });
  const handler = {
    [PROTOCOL_MARKER]: 1 as const,
    fetch: () => new Response('none'),
    connect: (ctx: ConnectContext) => ws.handleUpgrade(ctx.request, ctx),
  };
  await withApp(handler, async (port) => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    await once(session, 'remoteSettings');
    const stream = session.request({
      ...{ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat', 'sec-websocket-version': '13' },
      'sec-websocket-protocol': 'chat',
    });
    const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
    assert.deepEqual([head[':status'], head['sec-websocket-protocol']], [200, 'chat']);
    const peer = new FramePeer(stream);
    peer.send(frame(TEXT, 'hi'));
    assert.equal((await peer.next())!.payload.length, 200_000);
    await until('it has drained', () => seen.length === 2);
    assert.deepEqual(seen, ['GET websocket', 'drained true']);
    session.destroy();
  });
});

test('crossws: a backplane gets what is published, and delivers what others publish', async () => {
  const sent: SyncMessage[] = [];
  let deliver!: (message: SyncMessage) => void;
  const errors: string[] = [];
  const { ws, handler } = appOf({
    sync: () => ({
      subscribe: (to) => {
        deliver = to;
      },
      publish: (message) => {
        sent.push(message);
        throw new Error('the backplane is down');
      },
      close: () => void sent.push({ namespace: 'closed', topic: '', data: '' }),
    }),
    onError: (error, { stage }) => void errors.push(`${stage}: ${(error as Error).message}`),
    hooks: {
      open: (peer) => peer.subscribe('news'),
      message: (peer, message) => peer.publish('news', message.text()),
    },
  });
  await withApp(handler, async (port) => {
    const { client, until } = await connect(port, '/a');
    client.send('hi');
    deliver({ namespace: '/a', topic: 'news', data: 'from afar' });
    await until('from afar');
    ws.publish('news', new Uint8Array([0x33]).buffer);
    await until('3');
    assert.deepEqual(
      sent.map(({ namespace, data }) => [namespace, String(data)]),
      [
        ['/a', 'hi'],
        ['', '51'],
      ],
    );
    assert.deepEqual(errors, ['publish: the backplane is down', 'publish: the backplane is down']);
    await ws.close();
    assert.equal(sent.at(-1)!.namespace, 'closed');
  });
});

test('h3: a WebSocket route beside others, found by resolve; what has no hooks is answered as it is', async () => {
  const app = new H3()
    .get('/', () => 'a page')
    .get(
      '/rooms/:room',
      defineWebSocketHandler((event) => ({
        message: (peer, message) => void peer.send(`${event.context.params!['room']}: ${message}`),
      })),
    );
  const ws = crossws({ resolve: (request) => app.fetch(request) });
  const handler = (request: Request, ctx: ServerContext) =>
    request.headers.get('upgrade') === 'websocket' ? ws.handleUpgrade(request, ctx) : app.fetch(request);
  await withApp(handler, async (port) => {
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'a page');
    const { client, until } = await connect(port, '/rooms/blue');
    client.send('hi');
    await until('blue: hi');
    client.terminate();
    assert.equal((await connect(port, '/')).response.statusCode, 200);
    assert.equal((await connect(port, '/none')).response.statusCode, 404);
  });
});
