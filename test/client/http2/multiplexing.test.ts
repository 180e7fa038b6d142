/** Many requests over one HTTP/2 connection: how many at once, what waits, and what an unread response costs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../../src/client/client.ts';
import type { ClientOptions } from '../../../src/client/options.ts';
import { codeOf } from '../../../src/fetch/errors.ts';
import { Response as ServalResponse } from '../../../src/fetch/response.ts';
import { data, headers, settings } from '../../http2/frames.ts';
import { rawHttp2Server, streamOf } from '../raw-http2-server.ts';
import { eventually } from '../raw-server.ts';
import { withClient } from '../with-client.ts';

const HTTP2: ClientOptions = { http2: 'prior-knowledge' };
const MAX_CONCURRENT_STREAMS = 3;
const OK = [[':status', '200']] as const;
const END_HEADERS = 4;
const textOf = async (answer: Promise<Response>): Promise<string> => (await answer).text();

test('RFC 9113 §5: requests at once share one connection, and each gets its own response', async () => {
  await using pair = await withClient(
    async (request) => {
      const number = Number(new URL(request.url).pathname.slice(1));
      await new Promise((resolve) => setTimeout(resolve, number % 7));
      return new ServalResponse(`${number};`.repeat(number));
    },
    HTTP2,
    { limits: { maxConcurrentStreams: 500 } },
  );
  const numbers = Array.from({ length: 300 }, (_, i) => i);
  const texts = await Promise.all(numbers.map((i) => textOf(pair.client.fetch(`${pair.url}/${i}`))));
  assert.deepEqual(
    texts,
    numbers.map((i) => `${i};`.repeat(i)),
  );
  assert.equal(pair.client.connections, 1);
});

test('RFC 9113 §5.1.2: no more requests are open than SETTINGS_MAX_CONCURRENT_STREAMS, and the others wait', async () => {
  let open = 0;
  let most = 0;
  await using server = await rawHttp2Server(
    (peer, line) => {
      const stream = streamOf(line);
      if (stream === 0) return;
      most = Math.max(most, ++open);
      setImmediate(() => {
        open--;
        peer.send(headers(stream, OK));
      });
    },
    [MAX_CONCURRENT_STREAMS, 3],
  );
  await using client = new Client(HTTP2);
  // The first one is answered after the SETTINGS.
  await client.fetch(server.url);
  await Promise.all(Array.from({ length: 40 }, () => client.fetch(server.url)));
  assert.deepEqual([most, server.accepted], [3, 1]);
});

test('RFC 9113 §6.5.2: a server that allows no request gets none until it allows one', async () => {
  await using server = await rawHttp2Server(
    (peer, line) => {
      const stream = streamOf(line);
      if (stream > 0) peer.send(headers(stream, OK), settings([MAX_CONCURRENT_STREAMS, 0]));
    },
    [MAX_CONCURRENT_STREAMS, 1],
  );
  await using client = new Client(HTTP2);
  await client.fetch(server.url);
  assert.ok(await eventually(() => server.peers[0]!.lines.includes('SETTINGS ACK')));
  const second = client.fetch(server.url);
  assert.ok(
    await eventually(() => server.peers[0]!.lines.filter((line) => line === 'SETTINGS ACK').length === 2),
  );
  assert.equal(server.peers[0]!.lines.filter((line) => streamOf(line) > 0).length, 1);
  server.peers[0]!.send(settings([MAX_CONCURRENT_STREAMS, 1]));
  assert.equal((await second).status, 200);
});

test('client: limits.maxConcurrentStreams and limits.maxQueue hold over HTTP/2, at N and at N+1', async () => {
  let open = 0;
  const never = () => {
    open++;
    return new Promise<Response>(() => {});
  };
  await using pair = await withClient(never, {
    ...HTTP2,
    limits: { maxConcurrentStreams: 2, maxQueue: 3 },
  });
  const ask = () => pair.client.fetch(pair.url).catch((error: unknown) => codeOf(error));
  const running = [ask(), ask()];
  assert.ok(await eventually(() => open === 2));
  const waiting = [ask(), ask(), ask()];
  assert.equal(await ask(), 'ERR_HTTP_QUEUE_FULL');
  assert.equal(open, 2);
  await pair.client.destroy();
  assert.deepEqual(await Promise.all([...running, ...waiting]), Array(5).fill('ERR_HTTP_CLIENT_CLOSED'));
});

test('RFC 9113 §8.7: requests beyond a limit that was not known yet are refused, and sent again on the connection', async () => {
  let most = 0;
  let open = 0;
  await using pair = await withClient(
    async (request) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open--;
      return new ServalResponse(await request.text());
    },
    HTTP2,
    { limits: { maxConcurrentStreams: 4 } },
  );
  const retries: unknown[] = [];
  const observer = { onRetry: (error: unknown) => void retries.push(codeOf(error)) };
  const numbers = Array.from({ length: 30 }, (_, i) => i);
  const texts = numbers.map((i) =>
    textOf(pair.client.fetch(pair.url, { method: 'POST', body: `${i}`, observer })),
  );
  assert.deepEqual(await Promise.all(texts), numbers.map(String));
  assert.ok(most <= 4 && retries.length >= 26, `${most} at once, ${retries.length} refused`);
  assert.equal(pair.client.connections, 1);
});

test('RFC 9113 §5.2: unread responses stop at their windows, and stop no other request', async () => {
  let written = 0;
  const much = () =>
    new ServalResponse(
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          written += 16_384;
          controller.enqueue(new Uint8Array(16_384));
        },
      }),
    );
  const window = 128 * 1024;
  await using pair = await withClient(
    (request) => (request.url.endsWith('/much') ? much() : new ServalResponse('ok')),
    { ...HTTP2, limits: { streamWindow: window } },
  );
  const unread = await Promise.all(Array.from({ length: 20 }, () => pair.client.fetch(`${pair.url}/much`)));
  for (let i = 0; i < 10; i++) assert.equal(await textOf(pair.client.fetch(pair.url)), 'ok');
  // A server holds a little more than it sends.
  assert.ok(await eventually(() => written >= 20 * window));
  for (let i = 0; i < 10; i++) assert.equal(await textOf(pair.client.fetch(pair.url)), 'ok');
  assert.ok(written <= 20 * (window + 3 * 16_384), `${written} bytes written`);
  const reader = unread[0]!.body!.getReader();
  let read = 0;
  while (read < 4 * window) read += (await reader.read()).value!.length;
  await reader.cancel();
  assert.equal(pair.client.connections, 1);
});

test('RFC 9113 §6.9: a response that is not read opens no window, and one that is read does', async () => {
  await using server = await rawHttp2Server((peer, line) => {
    const stream = streamOf(line);
    if (stream > 0) peer.send(headers(stream, OK, END_HEADERS), data(stream, 'x'.repeat(4_000), 0));
  });
  await using client = new Client({ ...HTTP2, limits: { streamWindow: 4_000 } });
  const response = await client.fetch(server.url);
  const [peer] = server.peers;
  // The peer has said all that it has to say before: a second request shows that.
  await client.fetch(server.url);
  const windows = () => peer!.lines.filter((line) => line.startsWith('WINDOW_UPDATE 1 '));
  assert.deepEqual(windows(), []);
  const reader = response.body!.getReader();
  assert.equal((await reader.read()).value!.length, 4_000);
  assert.ok(await eventually(() => windows().length > 0));
  assert.deepEqual(windows(), ['WINDOW_UPDATE 1 4000']);
  await client.destroy();
});

test('RFC 9113 §6.9: content is sent as the windows allow, from memory and from a source', async () => {
  await using pair = await withClient(
    async (request) => new ServalResponse(String((await request.arrayBuffer()).byteLength)),
    HTTP2,
    { limits: { streamWindow: 4_096 } },
  );
  const octets = new Uint8Array(1_000_000);
  const put = (body: Uint8Array | ReadableStream<Uint8Array>) =>
    textOf(pair.client.fetch(pair.url, { method: 'PUT', body }));
  const source = () => new Blob([octets]).stream() as ReadableStream<Uint8Array>;
  assert.deepEqual(
    await Promise.all([put(octets), put(source()), put(octets), put(source())]),
    Array(4).fill('1000000'),
  );
});

test('RFC 9113 §6.9: a source is not read while the server opens no window', async () => {
  await using server = await rawHttp2Server(() => {});
  await using client = new Client(HTTP2);
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 16_384;
      controller.enqueue(new Uint8Array(16_384));
    },
  });
  const answer = client.fetch(server.url, { method: 'PUT', body }).catch((error: unknown) => codeOf(error));
  const received = () => server.peers[0]?.lines.filter((line) => line.startsWith('DATA')).length ?? 0;
  assert.ok(await eventually(() => received() >= 4));
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.ok(pulled <= 65_535 + 4 * 16_384, `${pulled} bytes`);
  await client.destroy();
  assert.equal(await answer, 'ERR_HTTP_CLIENT_CLOSED');
});
