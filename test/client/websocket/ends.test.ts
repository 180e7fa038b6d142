/** How a client's WebSocket ends: closing handshakes, aborts, timeouts, lost connections, the end of its client. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Client, WebSocket } from '../../../src/client/index.ts';
import type { ServerWebSocket } from '../../../src/websocket/index.ts';
import { until } from '../../support/until.ts';
import { CLOSE, codeOf, PING, PONG, TEXT } from '../../websocket/frame-peer.ts';
import { eventually, rawServer } from '../raw-server.ts';
import { closeOf, failure, opened } from './events.ts';
import { accepting, fromServer, rawWebSocketServer } from './raw-websocket-server.ts';
import { testEach } from './with-socket.ts';

testEach('close(): the server gets code and reason, and the end is clean', async (using) => {
  await using running = await using();
  const socket = await running.open();
  const [server] = running.sockets as [ServerWebSocket];
  const closed = once(server as unknown as EventTarget, 'close');
  const ours = closeOf(socket);
  socket.close(3001, 'enough');
  assert.equal(socket.readyState, WebSocket.CLOSING);
  socket.send('too late');
  assert.ok(socket.bufferedAmount >= 8);
  const [theirs] = await closed;
  assert.deepEqual([theirs.code, theirs.reason, theirs.wasClean], [3001, 'enough', true]);
  assert.deepEqual([(await ours).code, (await ours).wasClean], [3001, true]);
  assert.equal(socket.readyState, WebSocket.CLOSED);
  socket.close();
});

testEach('the server closes: the event has its code and reason', async (using) => {
  await using running = await using();
  const socket = await running.open();
  const closed = closeOf(socket);
  running.sockets[0]!.close(4000, 'bye');
  const { code, reason, wasClean } = await closed;
  assert.deepEqual([code, reason, wasClean], [4000, 'bye', true]);
});

testEach('both close at once: the end is clean', async (using) => {
  await using running = await using();
  const socket = await running.open();
  const theirs = once(running.sockets[0] as unknown as EventTarget, 'close');
  const ours = closeOf(socket);
  running.sockets[0]!.close(4001);
  socket.close(4002);
  assert.deepEqual([(await ours).code, (await ours).wasClean], [4001, true]);
  assert.deepEqual([(await theirs)[0].code, (await theirs)[0].wasClean], [4002, true]);
});

testEach('the server drains: 1001', async (using) => {
  await using running = await using();
  const socket = await running.open();
  const closed = closeOf(socket);
  void running.server.drain();
  assert.deepEqual([(await closed).code, (await closed).wasClean], [1001, true]);
});

testEach('the server is destroyed: the end of the connection is the end of the WebSocket', async (using) => {
  await using running = await using();
  const socket = await running.open();
  const closed = closeOf(socket);
  void running.server.destroy();
  // Its close frame may have come before the connection was cut.
  assert.ok([1001, 1006].includes((await closed).code));
});

testEach(
  'client.close(): the server gets 1001, and it fulfils when the WebSocket has ended',
  async (using) => {
    await using running = await using();
    const socket = await running.open();
    const closed = once(running.sockets[0] as unknown as EventTarget, 'close');
    await running.client.close();
    assert.equal(socket.readyState, WebSocket.CLOSED);
    assert.equal((await closed)[0].code, 1001);
    await assert.rejects(running.open(), { code: 'ERR_HTTP_CLIENT_CLOSED' });
  },
);

testEach('client.destroy(): it is cut off at once', async (using) => {
  await using running = await using();
  const socket = await running.open();
  const closed = closeOf(socket);
  const theirs = once(running.sockets[0] as unknown as EventTarget, 'close');
  await running.client.destroy();
  assert.equal((await closed).code, 1006);
  assert.equal((await theirs)[0].code, 1006);
});

testEach('close() before it is open: error, then close with 1006, in a later turn', async (using) => {
  await using running = await using();
  const socket = new WebSocket(running.url, { client: running.client });
  const events: string[] = [];
  for (const type of ['open', 'error', 'close'])
    socket.addEventListener(type, () => void events.push(`${type} ${socket.readyState}`));
  socket.close();
  assert.equal(socket.readyState, WebSocket.CLOSING);
  assert.deepEqual(events, []);
  await until('it is closed', () => socket.readyState === WebSocket.CLOSED);
  assert.deepEqual(events, ['error 3', 'close 3']);
});

testEach('signal: it ends the handshake, and nothing later', async (using) => {
  await using running = await using();
  const early = new WebSocket(running.url, { client: running.client, signal: AbortSignal.abort() });
  assert.equal((await failure(early)).error.name, 'AbortError');
  const controller = new AbortController();
  const during = new WebSocket(running.url, { client: running.client, signal: controller.signal });
  const failed = failure(during);
  controller.abort(new Error('not any more'));
  assert.deepEqual([(await failed).error.message, (await failed).code], ['not any more', 1006]);
  const later = new AbortController();
  const socket = await running.open({ signal: later.signal });
  later.abort();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(socket.readyState, WebSocket.OPEN);
});

test('handshakeTimeout: for a server that does not answer, and one that does not accept', async () => {
  await using server = await rawServer(() => {});
  const socket = new WebSocket(server.url, { handshakeTimeout: 50 });
  const { error, code } = await failure(socket);
  assert.equal((error as Error & { code: string }).code, 'ERR_HTTP_TIMEOUT');
  assert.match(error.message, /handshakeTimeout/);
  assert.equal(code, 1006);
  assert.equal(await eventually(() => server.open === 0), true);
});

test('a server that is not there', async () => {
  const server = await rawServer(() => {});
  await server[Symbol.asyncDispose]();
  const { error } = await failure(new WebSocket(server.url));
  assert.equal((error as Error & { code: string }).code, 'ERR_HTTP_CONNECT_ERROR');
});

test('the handshake is repeated once on a connection that the server was closing', async () => {
  let requests = 0;
  await using server = await rawServer((socket, text, connection) => {
    requests++;
    if (connection === 1) socket.write(accepting(text));
    else if (text.includes('/socket')) socket.destroy();
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  });
  const client = new Client();
  await (await client.fetch(`${server.url}/first`)).text();
  await opened(new WebSocket(`${server.url}/socket`, { client }));
  assert.deepEqual([requests, server.accepted], [3, 2]);
  await client.destroy();
});

test('RFC 6455 §7.1.1: the client waits for the server to end the connection, and then ends its side', async () => {
  await using server = await rawWebSocketServer();
  const socket = await opened(new WebSocket(server.address));
  const peer = server.peers[0]!;
  let hasEnded = false;
  void peer.ended.then(() => {
    hasEnded = true;
  });
  peer.send(fromServer(CLOSE, Buffer.from([3, 232])));
  const answer = (await peer.next())!;
  assert.deepEqual([answer.opcode, answer.isMasked, codeOf(answer)], [CLOSE, true, 1000]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([hasEnded, socket.readyState], [false, WebSocket.CLOSING]);
  const closed = closeOf(socket);
  peer.octets.end();
  assert.deepEqual([(await closed).code, (await closed).wasClean], [1000, true]);
  await peer.ended;
});

test('closeTimeout: a server that does not answer a close, and one that answers but does not end the connection', async () => {
  for (const answers of [false, true]) {
    await using server = await rawWebSocketServer();
    const socket = await opened(new WebSocket(server.address, { closeTimeout: 40 }));
    const closed = closeOf(socket);
    socket.close(4000);
    const peer = server.peers[0]!;
    assert.equal(codeOf((await peer.next())!), 4000);
    if (answers) peer.send(fromServer(CLOSE, Buffer.from([15, 160])));
    const { code, wasClean } = await closed;
    // RFC 6455 §7.1.4, §7.1.5: both have sent a close frame.
    assert.deepEqual([code, wasClean], answers ? [4000, true] : [1006, false]);
    await peer.ended;
  }
});

test('a connection that is lost: 1006, and no error', async () => {
  for (const end of ['end', 'resetAndDestroy'] as const) {
    await using server = await rawWebSocketServer();
    const socket = await opened(new WebSocket(server.address));
    socket.onerror = () => assert.fail('an error was reported');
    const closed = closeOf(socket);
    (server.peers[0]!.octets as unknown as Record<typeof end, () => void>)[end]();
    assert.deepEqual([(await closed).code, (await closed).wasClean], [1006, false]);
  }
});

test('pingInterval: a server that is silent gets a ping, and is cut off when it does not answer', async () => {
  await using server = await rawWebSocketServer();
  const socket = await opened(new WebSocket(server.address, { pingInterval: 40 }));
  const peer = server.peers[0]!;
  const closed = closeOf(socket);
  assert.equal((await peer.next())!.opcode, PING);
  peer.send(fromServer(PONG));
  assert.equal((await peer.next())!.opcode, PING);
  assert.deepEqual([(await closed).code, (await closed).wasClean], [1006, false]);
});

test('messages behind a close frame do not count', async () => {
  await using server = await rawWebSocketServer();
  const socket = await opened(new WebSocket(server.address));
  socket.onmessage = () => assert.fail('a message came');
  const closed = closeOf(socket);
  server.peers[0]!.send(fromServer(CLOSE), fromServer(TEXT, 'late'));
  server.peers[0]!.octets.end();
  assert.deepEqual([(await closed).code, (await closed).wasClean], [1005, true]);
});

testEach('a hundred WebSockets leave nothing behind', async (using, version) => {
  await using running = await using();
  for (let round = 0; round < 4; round++) {
    const sockets = await Promise.all(Array.from({ length: 25 }, () => running.open()));
    const closed = sockets.map(closeOf);
    for (const [i, socket] of sockets.entries()) {
      socket.send('x'.repeat(i * 100));
      socket.close();
    }
    for (const event of await Promise.all(closed)) assert.equal(event.wasClean, true);
  }
  await until('the server has none', () => {
    const { requestsStarted, requestsFinished } = running.server.counts;
    return requestsStarted === 100 && requestsFinished === 100;
  });
  // Over HTTP/2 they share one connection, which is idle now; over HTTP/1.1 each had one that is gone.
  assert.equal(running.client.connections, version === '2' ? 1 : 0);
  await running.client.close();
});
