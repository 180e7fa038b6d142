/** An abort rejects with its reason at every moment of an exchange, leaves nothing open, and affects no other exchange. */
import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { codeOf } from '../../src/fetch/errors.ts';
import { Response as ServalResponse } from '../../src/fetch/response.ts';
import { abortAtRandom } from './abort-at-random.ts';
import { eventually, rawServer } from './raw-server.ts';
import { testEach, withClient } from './with-client.ts';

const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => /^(TCP|Pipe)SocketWrap$/.test(name)).length;

testEach(
  'client aborts: before sending, while waiting for a connection, before the head, within the content, and after it',
  async (withClient) => {
    await using pair = await withClient(
      async (request) => {
        if (request.url.endsWith('/never')) return new Promise(() => {});
        return new ServalResponse(request.url.endsWith('/much') ? 'x'.repeat(1_000_000) : 'ok');
      },
      { limits: { maxConnections: 1, maxConcurrentStreams: 1 } },
    );
    const reason = new RangeError('mine');
    const isMine = (error: unknown) => error === reason;
    const aborted = AbortSignal.abort(reason);
    await assert.rejects(pair.client.fetch(pair.url, { signal: aborted }), isMine);
    assert.equal(pair.client.connections, 0);

    const head = new AbortController();
    const line = new AbortController();
    const never = pair.client.fetch(`${pair.url}/never`, { signal: head.signal });
    const waiting = pair.client.fetch(pair.url, { signal: line.signal });
    const behind = pair.client.fetch(pair.url);
    setTimeout(() => line.abort(reason), 20);
    await assert.rejects(waiting, isMine);
    head.abort(reason);
    await assert.rejects(never, isMine);
    assert.equal(await (await behind).text(), 'ok');

    const content = new AbortController();
    const much = await pair.client.fetch(`${pair.url}/much`, { signal: content.signal });
    const reader = much.body!.getReader();
    await reader.read();
    content.abort(reason);
    await assert.rejects(async () => {
      while (!(await reader.read()).done);
    }, isMine);

    const late = new AbortController();
    const complete = await pair.client.fetch(pair.url, { signal: late.signal });
    assert.equal(await complete.text(), 'ok');
    late.abort(reason);
    assert.equal(await (await pair.client.fetch(pair.url)).text(), 'ok');
  },
);

test('client aborts: the source of the content is cancelled, even if it was not read yet', async () => {
  await using server = await rawServer(() => {});
  await using pair = await withClient(() => new ServalResponse('x'));
  const reason = new RangeError('mine');
  for (const expectContinue of [false, true]) {
    let cancelled: unknown;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(new Uint8Array(8));
        return new Promise((resolve) => setTimeout(resolve, 5));
      },
      cancel: (given) => {
        cancelled = given;
      },
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 40);
    const init = { method: 'PUT', body, signal: controller.signal, expectContinue };
    await assert.rejects(pair.client.fetch(server.url, init), (error) => error === reason);
    assert.equal(cancelled, reason);
  }
});

test('client aborts: the source of a request that never had a connection is cancelled', async () => {
  await using server = await rawServer(() => {});
  await using pair = await withClient(() => new ServalResponse('x'), {
    limits: { maxConnections: 1, maxQueue: 1 },
  });
  const reason = new RangeError('mine');
  const put = async (signal: AbortSignal): Promise<{ error: unknown; cancelled: unknown }> => {
    let cancelled: unknown;
    const body = new ReadableStream<Uint8Array>({
      cancel: (given) => {
        cancelled = given;
      },
    });
    const error = await pair.client
      .fetch(server.url, { method: 'PUT', body, signal })
      .catch((thrown: unknown) => thrown);
    return { error, cancelled };
  };
  const both = { error: reason, cancelled: reason };
  assert.deepEqual(await put(AbortSignal.abort(reason)), both);

  const first = new AbortController();
  const never = pair.client.fetch(server.url, { signal: first.signal });
  const waiting = new AbortController();
  const waits = put(waiting.signal);
  const { error, cancelled } = await put(new AbortController().signal);
  assert.equal(codeOf(error), 'ERR_HTTP_QUEUE_FULL');
  assert.equal(cancelled, error);
  waiting.abort(reason);
  assert.deepEqual(await waits, both);
  first.abort(reason);
  await assert.rejects(never, (thrown) => thrown === reason);
});

testEach('client aborts: an observer can abort at every callback', async (withClient) => {
  await using pair = await withClient(() => new ServalResponse(new Blob(['hello']).stream()));
  for (const event of [
    'onConnection',
    'onRequestHead',
    'onRequestEnd',
    'onResponseHead',
    'onContent',
    'onResponseEnd',
  ] as const) {
    const controller = new AbortController();
    const observer = { [event]: () => controller.abort() };
    const answered = pair.client
      .fetch(pair.url, { signal: controller.signal, observer })
      .then((answer) => answer.text());
    await answered.then(
      (text) => assert.equal(text, 'hello', event),
      (error: Error) => assert.equal(error.name, 'AbortError', event),
    );
    assert.equal(await (await pair.client.fetch(pair.url)).text(), 'hello', event);
  }
});

testEach(
  'client aborts: a thousand at random moments leave no socket open and mix up no responses',
  async (_using, _version, options) => {
    const before = sockets();
    const { completed, aborted, wrong } = await abortAtRandom(1_000, 9112, options);
    assert.deepEqual(wrong, []);
    assert.ok(completed > 50 && aborted > 300, `${completed} completed, ${aborted} aborted`);
    assert.ok(await eventually(() => sockets() <= before), `${before} sockets before, ${sockets()} after`);
  },
);

test('client aborts: a reset within the content is an error, after the content that arrived before it', async () => {
  await using server = await rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello');
    setTimeout(() => socket.resetAndDestroy(), 30);
  });
  await using pair = await withClient(() => new ServalResponse('x'));
  const response = await pair.client.fetch(server.url);
  const reader = response.body!.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), 'hello');
  const error = await reader.read().catch((thrown: unknown) => thrown);
  assert.equal(codeOf(error), 'ERR_HTTP_CONNECTION_RESET');
});
