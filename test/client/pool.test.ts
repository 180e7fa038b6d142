import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from '../../src/client/client.ts';
import { codeOf } from '../../src/fetch/errors.ts';
import { Response as ServalResponse } from '../../src/fetch/response.ts';
import { serve } from '../../src/index.ts';
import { answering, eventually, rawServer } from './raw-server.ts';
import { withClient } from './with-client.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const textOf = async (answer: Promise<Response>): Promise<string> => (await answer).text();

test('RFC 9112 §9.3: requests to one origin that come one after the other share a connection', async () => {
  await using server = await rawServer(answering((request) => OK.replace('ok', `${request}!`)));
  await using client = new Client();
  const texts: string[] = [];
  for (let i = 0; i < 5; i++) texts.push(await textOf(client.fetch(`${server.url}/${i}`)));
  assert.deepEqual(texts, ['0!', '1!', '2!', '3!', '4!']);
  assert.deepEqual([server.accepted, client.connections], [1, 1]);
});

test('RFC 9112 §9.3: unread content does not keep its connection from the next request', async () => {
  await using server = await rawServer(answering((request) => OK.replace('ok', `${request}!`)));
  await using client = new Client({ limits: { maxConnections: 1 } });
  const responses = [await client.fetch(server.url), await client.fetch(server.url)];
  assert.deepEqual(await Promise.all(responses.map((response) => response.text())), ['0!', '1!']);
  assert.equal(server.accepted, 1);
});

test('client: too much content to buffer occupies its connection until it is read or cancelled', async () => {
  const much = 'x'.repeat(1_000_000);
  await using pair = await withClient(() => new ServalResponse(much), { limits: { maxConnections: 1 } });
  const first = await pair.client.fetch(pair.url);
  const second = textOf(pair.client.fetch(pair.url));
  assert.equal(
    await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 60, 'waits'))]),
    'waits',
  );
  await first.body!.cancel();
  assert.equal((await second).length, much.length);
  const third = await pair.client.fetch(pair.url);
  const fourth = textOf(pair.client.fetch(pair.url));
  assert.equal((await third.text()).length, much.length);
  assert.equal((await fourth).length, much.length);
});

test('RFC 9112 §9.4: requests wait when the limit of connections is reached', async () => {
  let most = 0;
  let open = 0;
  await using pair = await withClient(
    async (request) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open--;
      return new ServalResponse(new URL(request.url).pathname);
    },
    { limits: { maxConnections: 3 } },
  );
  const texts = await Promise.all(
    Array.from({ length: 40 }, (_, i) => textOf(pair.client.fetch(`${pair.url}/${i}`))),
  );
  assert.deepEqual(
    texts,
    Array.from({ length: 40 }, (_, i) => `/${i}`),
  );
  assert.deepEqual([most, pair.client.connections], [3, 3]);
});

test('client: the queue has its limit, at N and at N+1', async () => {
  let isAsked = false;
  const never = () => {
    isAsked = true;
    return new Promise<Response>(() => {});
  };
  await using pair = await withClient(never, { limits: { maxConnections: 1, maxQueue: 2 } });
  const ask = () => pair.client.fetch(pair.url).catch((error: unknown) => codeOf(error));
  const underWay = ask();
  assert.ok(await eventually(() => isAsked));
  const waiting = [ask(), ask()];
  assert.equal(await ask(), 'ERR_HTTP_QUEUE_FULL');
  await pair.client.destroy();
  assert.deepEqual(await Promise.all([underWay, ...waiting]), Array(3).fill('ERR_HTTP_CLIENT_CLOSED'));
});

test('RFC 9112 §9.6: Connection: close ends the connection after the response, and so does HTTP/1.0', async () => {
  for (const head of [
    'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok',
  ]) {
    await using server = await rawServer(answering(() => head));
    await using client = new Client();
    for (let i = 0; i < 3; i++) assert.equal(await textOf(client.fetch(server.url)), 'ok');
    assert.deepEqual([server.accepted, client.connections], [3, 0]);
    assert.ok(await eventually(() => server.open === 0));
  }
});

test('RFC 2068 §19.7.1.1: Keep-Alive limits how long a connection is idle and how many requests it carries', async () => {
  const hinted = (hint: string) => OK.replace('\r\n\r\n', `\r\nKeep-Alive: ${hint}\r\n\r\n`);
  await using short = await rawServer(answering(() => hinted('timeout=1')));
  await using client = new Client({ timeouts: { idle: 60_000, connect: 100 } });
  await textOf(client.fetch(short.url));
  // One second, less a margin of one second: it is not worth resting at all.
  assert.ok(await eventually(() => client.connections === 0));
  await using few = await rawServer(answering((request) => hinted(`timeout=60, max=${1 - request}`)));
  for (let i = 0; i < 4; i++) await textOf(client.fetch(few.url));
  assert.equal(few.accepted, 2);
});

test('client: without Keep-Alive the option limits how long a connection is idle', async () => {
  await using server = await rawServer(answering(() => OK));
  await using client = new Client({ timeouts: { idle: 80 } });
  await textOf(client.fetch(server.url));
  assert.equal(client.connections, 1);
  assert.ok(await eventually(() => client.connections === 0));
  assert.ok(await eventually(() => server.open === 0));
});

/** Answers the first request of the first connection, and ends that without a word when the second one has come. */
const stale = () =>
  rawServer((socket, text, connection) => {
    const requests = text.split('\r\n\r\n').length - 1;
    if (connection === 0 && requests > 1) socket.resetAndDestroy();
    else socket.write(OK);
  });

test('RFC 9112 §9.3.1: an idempotent request on a connection that was closed is sent again, once, on a new one', async () => {
  for (const init of [{}, { method: 'PUT', body: 'x' }, { method: 'DELETE' }]) {
    await using server = await stale();
    await using client = new Client();
    await textOf(client.fetch(server.url));
    const retries: unknown[] = [];
    const observer = { onRetry: (error: unknown) => void retries.push(codeOf(error)) };
    assert.equal(await textOf(client.fetch(server.url, { ...init, observer })), 'ok');
    assert.deepEqual([server.accepted, retries], [2, ['ERR_HTTP_CONNECTION_RESET']]);
  }
});

test('RFC 9110 §9.2.2: POST, and content that can be read only once, are not sent again', async () => {
  const once = (async function* () {
    yield new Uint8Array(1);
  })();
  for (const init of [{ method: 'POST', body: 'x' }, { method: 'PATCH' }, { method: 'PUT', body: once }]) {
    await using server = await stale();
    await using client = new Client();
    await textOf(client.fetch(server.url));
    await assert.rejects(client.fetch(server.url, init), { code: 'ERR_HTTP_CONNECTION_RESET' });
    assert.equal(server.accepted, 1);
  }
});

test('RFC 9110 §9.2.2: a request is not sent again after a new connection that was closed', async () => {
  await using server = await rawServer((socket) => socket.destroy());
  await using client = new Client();
  await assert.rejects(client.fetch(server.url), { code: 'ERR_HTTP_CONNECTION_RESET' });
  assert.equal(server.accepted, 1);
});

test('RFC 9110 §9.2.2: a request is not sent again after its response has begun', async () => {
  await using server = await rawServer((socket, text) => {
    if (text.split('\r\n\r\n').length > 2) socket.end('HTTP/1.1 1');
    else socket.write(OK);
  });
  await using client = new Client();
  await textOf(client.fetch(server.url));
  await assert.rejects(client.fetch(server.url), { code: 'ERR_HTTP_CONNECTION_RESET' });
  assert.equal(server.accepted, 1);
});

test('client: a server that closes idle connections fails no request', async () => {
  await using server = await rawServer((socket, text) => {
    socket.write(OK);
    if (text.length > 0) setTimeout(() => socket.end(), 5);
  });
  await using client = new Client();
  for (let i = 0; i < 20; i++) {
    assert.equal(await textOf(client.fetch(server.url)), 'ok');
    await new Promise((resolve) => setTimeout(resolve, i % 8));
  }
});

test('RFC 9112 §9.3.1: a POST does not meet a connection that the server closes without announcing it', async () => {
  await using server = await rawServer((socket, text) => {
    if (text.endsWith('\r\n\r\nx')) socket.end(OK);
  });
  await using client = new Client();
  for (let i = 0; i < 30; i++)
    assert.equal(await textOf(client.fetch(server.url, { method: 'POST', body: 'x' })), 'ok');
  assert.equal(server.accepted, 30);
});

test('RFC 9112 §9.3.1: a FIN in the kernel is read before a POST reuses the connection', async () => {
  const sockets: net.Socket[] = [];
  await using server = await rawServer(
    answering(() => OK),
    (socket) => void sockets.push(socket),
  );
  await using client = new Client({ limits: { maxConnections: 1 } });
  for (let i = 0; i < 3; i++) await textOf(client.fetch(server.url));
  const post = { method: 'POST', body: 'x' };
  const answered = new Promise<string[]>((resolve) => {
    // The FIN has been sent when the callback runs, and the event loop has not polled since.
    sockets[0]!.end(() => {
      resolve(Promise.all([1, 2, 3].map(() => textOf(client.fetch(server.url, post)))));
    });
  });
  assert.deepEqual(await answered, ['ok', 'ok', 'ok']);
  assert.equal(server.accepted, 2);
});

test('client: POST requests share a connection that the server keeps', async () => {
  await using server = await rawServer(answering(() => OK));
  await using client = new Client({ limits: { maxConnections: 2 } });
  const post = () => textOf(client.fetch(server.url, { method: 'POST' }));
  for (let i = 0; i < 10; i++) assert.equal(await post(), 'ok');
  assert.equal(server.accepted, 1);
  assert.deepEqual(await Promise.all(Array.from({ length: 20 }, post)), Array(20).fill('ok'));
  assert.equal(server.accepted, 2);
  const last = post();
  await client.close();
  assert.equal(await last, 'ok');
  assert.equal(client.connections, 0);
});

test('client: a unix socket replaces host and port', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'serval-client-'));
  const path = join(folder, 'socket');
  const server = serve((request) => new ServalResponse(request.url), { path });
  await server.ready;
  {
    await using client = new Client({ path });
    assert.equal(await textOf(client.fetch('http://some.example/x')), 'http://some.example/x');
    assert.equal(await textOf(client.fetch('http://other.example/y')), 'http://other.example/y');
    assert.equal(client.connections, 1);
  }
  await server.destroy();
  rmSync(folder, { recursive: true, force: true });
});

test('RFC 8305 §5: a name with addresses of both families reaches a server of either', async () => {
  for (const host of ['127.0.0.1', '::1']) {
    const server = net.createServer((socket) =>
      socket.end(OK.replace('200 OK\r\n', '200 OK\r\nConnection: close\r\n')),
    );
    const listening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(0, host, () => resolve(true));
    });
    // There are machines without IPv6.
    if (!listening) continue;
    const { port } = server.address() as net.AddressInfo;
    const both = [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    await using client = new Client({ lookup: (_name, _options, callback) => callback(null, both) });
    assert.equal(await textOf(client.fetch(`http://both.example:${port}/`)), 'ok', host);
    server.close();
  }
});

test('client: every request that waits for a connection fails when none can be made', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await using client = new Client({ limits: { maxConnections: 2 } });
  const answers = Array.from({ length: 7 }, () =>
    client.fetch(`http://127.0.0.1:${port}/`).catch((error: unknown) => codeOf(error)),
  );
  assert.deepEqual(await Promise.all(answers), Array(7).fill('ERR_HTTP_CONNECT_ERROR'));
  assert.equal(client.connections, 0);
});
