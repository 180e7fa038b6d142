/** A client's WebSocket over HTTP/2 (RFC 8441), and the choice between the versions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, type ClientOptions, WebSocket, type WireConnection } from '../../../src/client/index.ts';
import {
  type ConnectContext,
  type FetchFunction,
  PROTOCOL_MARKER,
  Response,
  serve,
} from '../../../src/index.ts';
import { data, goAway, headers, reset, settings, windowUpdate } from '../../http2/frames.ts';
import { certificateAuthority } from '../../support/certificates.ts';
import { until } from '../../support/until.ts';
import { CLOSE, TEXT } from '../../websocket/frame-peer.ts';
import { RawPeer, rawHttp2Server } from '../raw-http2-server.ts';
import { eventually, rawServer } from '../raw-server.ts';
import { closeOf, failure, messageOf, opened } from './events.ts';
import { fromServer } from './raw-websocket-server.ts';

const authority = certificateAuthority();
const { cert, key } = authority.issue(['localhost', '127.0.0.1']);
const tls: ClientOptions['tls'] = { ca: authority.cert };

const ENABLE_CONNECT_PROTOCOL = [8, 1] as const;
const PRIOR: ClientOptions = { http2: 'prior-knowledge' };

/** A Serval with TLS that echoes, and says over which version each WebSocket came. */
async function secureEcho(hasConnect: boolean, protocols?: 'http/1.1') {
  const versions: string[] = [];
  const echo = (ctx: Pick<ConnectContext, 'upgradeWebSocket' | 'alpnProtocol'>) => {
    const socket = ctx.upgradeWebSocket();
    versions.push(ctx.alpnProtocol);
    socket.onmessage = ({ data: message }) => socket.send(message);
  };
  const plain: FetchFunction = (request, ctx) => {
    if (request.headers.get('upgrade') === 'websocket') echo(ctx);
    return new Response('plain');
  };
  const marked = { [PROTOCOL_MARKER]: 1 as const, fetch: () => new Response('plain'), connect: echo };
  const server = serve(hasConnect ? marked : plain, {
    port: 0,
    hostname: '127.0.0.1',
    tls: { cert, key, ...(protocols !== undefined && { alpn: [protocols] }) },
  });
  await server.ready;
  return {
    versions,
    url: `//127.0.0.1:${[...server][0]!.address.port}/`,
    async [Symbol.asyncDispose]() {
      await server.destroy();
    },
  };
}

async function echoed(socket: WebSocket): Promise<void> {
  const message = messageOf(socket);
  socket.send('hello');
  assert.equal(await message, 'hello');
}

test('RFC 8441: where ALPN gives h2 and the server allows it, WebSockets and requests share one connection', async () => {
  await using server = await secureEcho(true);
  await using client = new Client({ tls });
  assert.equal(await (await client.fetch(`https:${server.url}`)).text(), 'plain');
  const sockets = await Promise.all(
    Array.from({ length: 20 }, () => opened(new WebSocket(`wss:${server.url}`, { client }))),
  );
  await Promise.all(sockets.map(echoed));
  assert.equal(await (await client.fetch(`https:${server.url}`)).text(), 'plain');
  assert.deepEqual(new Set(server.versions), new Set(['h2']));
  assert.equal(client.connections, 1);
});

test('RFC 8441 §3: where an h2 server does not allow it, a connection of HTTP/1.1 is made', async () => {
  await using server = await secureEcho(false);
  await using client = new Client({ tls });
  assert.equal(await (await client.fetch(`https:${server.url}`)).text(), 'plain');
  const connections: WireConnection[] = [];
  const observer = { onConnection: (connection: WireConnection) => void connections.push(connection) };
  const socket = await opened(new WebSocket(`wss:${server.url}`, { client, observer }));
  await echoed(socket);
  assert.deepEqual(server.versions, ['http/1.1']);
  assert.deepEqual(
    connections.map(({ security }) => security?.alpnProtocol),
    ['http/1.1'],
  );
  // Requests go on over HTTP/2.
  assert.equal((await client.fetch(`https:${server.url}`)).httpVersion, '2');
});

test('wss: a server that speaks only HTTP/1.1, and a client that offers nothing else', async () => {
  for (const [protocols, http2] of [
    ['http/1.1', true],
    [undefined, false],
  ] as const) {
    await using server = await secureEcho(true, protocols);
    const socket = await opened(new WebSocket(`wss:${server.url}`, { tls, http2 }));
    await echoed(socket);
    assert.deepEqual(server.versions, ['http/1.1']);
    const closed = closeOf(socket);
    socket.close();
    assert.equal((await closed).wasClean, true);
  }
});

test('wss: the options of TLS, and a certificate that cannot be verified', async () => {
  await using server = await secureEcho(true);
  const { error } = await failure(new WebSocket(`wss:${server.url}`));
  assert.equal((error as Error & { code: string }).code, 'ERR_HTTP_TLS_CERTIFICATE');
  const insecure = await opened(new WebSocket(`wss:${server.url}`, { tls: { rejectUnauthorized: false } }));
  await echoed(insecure);
  assert.deepEqual(server.versions, ['h2']);
  insecure.close();
});

/** Answers CONNECT with the given frames, once the SETTINGS have gone out. */
async function rawServerAnswering(answer: (peer: RawPeer, stream: number) => void) {
  return rawHttp2Server((peer, line) => {
    const stream = Number(/^HEADERS (\d+) .*:method=CONNECT/.exec(line)?.[1] ?? 0);
    if (stream > 0) answer(peer, stream);
  }, ENABLE_CONNECT_PROTOCOL);
}

const OK = [[':status', '200']] as const;

test('RFC 8441 §4, §5: the request', async () => {
  await using server = await rawServerAnswering((peer, stream) => peer.send(headers(stream, OK, 4)));
  await using client = new Client(PRIOR);
  const url = `${server.url.replace('http', 'ws')}/chat?a=1`;
  await opened(new WebSocket(url, { client, headers: { origin: 'https://a.example' } }));
  assert.equal(
    server.peers[0]!.lines.find((line) => line.startsWith('HEADERS')),
    `HEADERS 1 :method=CONNECT :scheme=http :authority=127.0.0.1:${server.port} :path=/chat?a=1 ` +
      ':protocol=websocket sec-websocket-version=13 origin=https://a.example user-agent=serval',
  );
  await client.destroy();
});

test('RFC 8441 §3: no CONNECT is sent before the SETTINGS of the server have come, and requests do not wait for it', async () => {
  let peer: RawPeer | undefined;
  await using server = await rawServer(
    () => {},
    (socket, number) => {
      peer = new RawPeer(socket, number);
      socket.on('data', (octets: Uint8Array) => void peer?.receive(new Uint8Array(octets)));
    },
  );
  const client = new Client(PRIOR);
  const socket = new WebSocket(server.url, { client });
  const failed = failure(socket);
  const fetched = client.fetch(server.url).catch(() => {});
  const hasCome = (method: string) => peer?.lines.some((line) => line.includes(`:method=${method}`));
  await until('the request has come', () => hasCome('GET') === true);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(hasCome('CONNECT'), false);
  peer!.send(settings(ENABLE_CONNECT_PROTOCOL));
  await until('CONNECT has come', () => hasCome('CONNECT') === true);
  await client.destroy();
  await failed;
  await fetched;
});

const refusals: [title: string, answer: (peer: RawPeer, stream: number) => void, message: RegExp][] = [
  ['404', (peer, stream) => peer.send(headers(stream, [[':status', '404']], 5)), /it answered 404/],
  [
    'an extension that was not offered',
    (peer, stream) =>
      peer.send(headers(stream, [...OK, ['sec-websocket-extensions', 'permessage-deflate']], 4)),
    /an extension that was not offered/,
  ],
  [
    'a subprotocol that was not offered',
    (peer, stream) => peer.send(headers(stream, [...OK, ['sec-websocket-protocol', 'chat']], 4)),
    /a subprotocol that was not offered/,
  ],
  ['a reset', (peer, stream) => peer.send(reset(stream, 1)), /PROTOCOL_ERROR/],
];
for (const [title, answer, message] of refusals) {
  test(`RFC 8441 §5, the answer: ${title}: the WebSocket fails, and the connection goes on`, async () => {
    await using server = await rawServerAnswering(answer);
    const client = new Client(PRIOR);
    const { error, code } = await failure(new WebSocket(server.url, { client }));
    assert.match(error.message, message);
    assert.equal(code, 1006);
    assert.equal(client.connections, 1);
    assert.equal(
      await eventually(() => server.peers[0]!.lines.some((line) => /^(RST_STREAM|HEADERS)/.test(line))),
      true,
    );
    await client.destroy();
  });
}

test('RFC 8441 §5: END_STREAM is the end of the tunnel, and RST_STREAM its loss; other streams go on', async () => {
  await using server = await rawServerAnswering((peer, stream) => peer.send(headers(stream, OK, 4)));
  const client = new Client(PRIOR);
  const sockets = await Promise.all([0, 1, 2].map(() => opened(new WebSocket(server.url, { client }))));
  const peer = server.peers[0]!;
  const [first, second, third] = sockets as [WebSocket, WebSocket, WebSocket];
  const closed = [closeOf(first), closeOf(second)];
  peer.send(data(1, fromServer(CLOSE, Buffer.from([3, 232])), 1), reset(3, 8));
  assert.deepEqual([(await closed[0]!).code, (await closed[0]!).wasClean], [1000, true]);
  assert.deepEqual([(await closed[1]!).code, (await closed[1]!).wasClean], [1006, false]);
  const message = messageOf(third);
  peer.send(data(5, fromServer(TEXT, 'still here'), 0));
  assert.equal(await message, 'still here');
  // RFC 9113 §6.8: streams up to the last one that GOAWAY names go on.
  peer.send(goAway(5, 0), data(5, fromServer(TEXT, 'and now'), 0));
  assert.equal(await messageOf(third), 'and now');
  const end = closeOf(third);
  peer.socket.destroy();
  assert.equal((await end).code, 1006);
  await client.destroy();
});

test('RFC 9113 §5.2: what the client sends waits for the window of the stream', async () => {
  await using server = await rawServerAnswering((peer, stream) => peer.send(headers(stream, OK, 4)));
  const client = new Client(PRIOR);
  const socket = await opened(new WebSocket(server.url, { client }));
  const peer = server.peers[0]!;
  socket.send('x'.repeat(200_000));
  socket.close();
  const sent = (): number =>
    peer.lines.reduce(
      (sum, line) => sum + Number(/^DATA 1(?: END_STREAM)? \((\d+)\)$/.exec(line)?.[1] ?? 0),
      0,
    );
  const WINDOW = 65_535;
  // The frame with its head and mask. The close is too short to be counted here.
  const WHOLE = 200_000 + 14;
  await until('the window is used up', () => sent() === WINDOW);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(sent(), WINDOW);
  assert.ok(socket.bufferedAmount > 100_000, `${socket.bufferedAmount}`);
  peer.send(windowUpdate(0, 1_000_000), windowUpdate(1, 1_000_000));
  await until('the rest has come', () => sent() === WHOLE && socket.bufferedAmount === 0);
  await client.destroy();
});
