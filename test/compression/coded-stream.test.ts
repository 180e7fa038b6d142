import assert from 'node:assert/strict';
import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { compression } from '../../src/compression/index.ts';
import { until } from '../support/until.ts';
import { CODINGS, gunzipSoFar, octetsOf, requestFor, restored, TEXT } from './restore.ts';

const context = undefined as never;

async function coded(body: ReadableStream<Uint8Array>, fields: Record<string, string> = {}, coding = 'gzip') {
  const headers = { 'content-type': 'text/plain', ...fields };
  const handler = compression(() => new Response(body, { headers }));
  const response = await handler(requestFor(coding), context, context);
  assert.equal(response.headers.get('content-encoding'), coding);
  return response;
}

const eventStream = { 'content-type': 'text/event-stream' };
const noise = (length: number): Buffer => {
  const octets = Buffer.alloc(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    octets[i] = state >>> 16;
  }
  return octets;
};

/** A source that is fed by hand. */
function handFed(): { body: ReadableStream<Uint8Array>; feed: ReadableStreamDefaultController<Uint8Array> } {
  let feed: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      feed = controller;
    },
  });
  return { body, feed: feed! };
}

for (const coding of CODINGS) {
  test(`each event of a text/event-stream arrives before the next is made: ${coding}`, {
    timeout: 60_000,
  }, async () => {
    const { body, feed } = handFed();
    const response = await coded(body, eventStream, coding);
    const reader = response.body!.getReader();
    const chunks: Uint8Array[] = [];
    for (let i = 0; i < 3; i++) {
      feed.enqueue(Buffer.from(`data: ${i}\n\n`));
      const { value } = await reader.read();
      chunks.push(value!);
      if (coding === 'gzip') assert.ok(gunzipSoFar(chunks).endsWith(`data: ${i}\n\n`));
    }
    feed.close();
    for (let r = await reader.read(); !r.done; r = await reader.read()) chunks.push(r.value);
    const whole = new Response(Buffer.concat(chunks), { headers: { 'content-encoding': coding } });
    assert.equal(await restored(whole), 'data: 0\n\ndata: 1\n\ndata: 2\n\n');
  });

  test(`a stream that pauses is flushed: ${coding}`, { timeout: 60_000 }, async () => {
    const { body, feed } = handFed();
    feed.enqueue(Buffer.from('the beginning'));
    const response = await coded(body, {}, coding);
    const reader = response.body!.getReader();
    const chunks: Uint8Array[] = [];
    const collecting = (async () => {
      for (let r = await reader.read(); !r.done; r = await reader.read()) chunks.push(r.value);
    })();
    await until('it is flushed', () =>
      coding === 'gzip' ? gunzipSoFar(chunks) === 'the beginning' : Buffer.concat(chunks).length >= 13,
    );
    feed.enqueue(Buffer.from(', the end'));
    feed.close();
    await collecting;
    const whole = new Response(Buffer.concat(chunks), { headers: { 'content-encoding': coding } });
    assert.equal(await restored(whole), 'the beginning, the end');
  });
}

test('chunks that follow each other closely are coded together', async () => {
  let left = 1000;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(Buffer.from('chunk of a stream '));
      else controller.close();
    },
  });
  const octets = await octetsOf(await coded(body));
  // With a flush after each chunk there would be 4 octets or more for each.
  assert.ok(octets.length < 1000, `${octets.length} octets`);
});

test('nothing is read from the source before the coded body is read', async () => {
  let pulls = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulls++;
        controller.enqueue(noise(65_536));
      },
    },
    { highWaterMark: 0 },
  );
  const response = await coded(body, { 'content-length': '100000000' });
  await delay(30);
  assert.equal(pulls, 0);
  await response.body!.cancel();
});

test('back-pressure: a consumer that stops reading stops the source', async () => {
  let pulls = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulls++;
        controller.enqueue(noise(65_536));
      },
    },
    { highWaterMark: 0 },
  );
  const reader = (await coded(body)).body!.getReader();
  for (let i = 0; i < 5; i++) assert.equal((await reader.read()).done, false);
  let before = -1;
  await until('it has stopped', async () => {
    const isSame = pulls === before;
    before = pulls;
    await delay(50);
    return isSame;
  });
  assert.ok(before < 8, `${before} chunks were read for 5`);
  await reader.cancel();
});

test('cancelling the coded body cancels the source with the same reason', { timeout: 60_000 }, async () => {
  const reason = new Error('gone');
  for (const chunksRead of [0, 1, 3]) {
    for (const isWaiting of [false, true]) {
      let cancelledWith: unknown;
      let left = isWaiting ? chunksRead : Number.POSITIVE_INFINITY;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (left-- <= 0) return new Promise(() => {});
          controller.enqueue(noise(65_536));
          return undefined;
        },
        cancel(given) {
          cancelledWith = given;
        },
      });
      const reader = (await coded(body, eventStream)).body!.getReader();
      for (let i = 0; i < chunksRead; i++) await reader.read();
      const reading = isWaiting ? drain(reader) : undefined;
      await delay(5);
      await reader.cancel(reason);
      assert.equal(cancelledWith, reason);
      await reading;
    }
  }
});

async function drain(reader: { read(): Promise<{ done: boolean }> }): Promise<void> {
  while (!(await reader.read()).done);
}

test('an error of the source reaches the consumer as the same error', { timeout: 60_000 }, async () => {
  const fault = new Error('disk on fire');
  for (const fields of [{}, eventStream, { 'content-length': '100000' }]) {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (++pulls > 3) controller.error(fault);
        else controller.enqueue(Buffer.from(TEXT));
      },
    });
    const response = await coded(body, fields);
    await assert.rejects(drain(response.body!.getReader()), (error) => error === fault);
  }
});

test('an error of a source at its very beginning is a fault of the handler', async () => {
  const fault = new Error('no disk');
  const body = new ReadableStream<Uint8Array>({
    pull() {
      throw fault;
    },
  });
  await assert.rejects(coded(body), (error) => error === fault);
});

test('a chunk that is no Uint8Array is an error, and the source is cancelled', async () => {
  let cancelledWith: unknown;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue('text' as never);
    },
    cancel(reason) {
      cancelledWith = reason;
    },
  });
  const response = await coded(body, eventStream);
  await assert.rejects(response.text(), TypeError);
  assert.ok(cancelledWith instanceof TypeError);
});

for (const declared of [TEXT.length - 1, TEXT.length + 1]) {
  test(`RFC 9110 §8.6: a body of ${TEXT.length} octets that should have ${declared} is an error`, async () => {
    const { body, feed } = handFed();
    feed.enqueue(Buffer.from(TEXT));
    feed.close();
    const response = await coded(body, { 'content-length': String(declared) });
    await assert.rejects(response.arrayBuffer(), /Content-Length is \d+, the response body has \d+ bytes/);
  });
}

test('a chunk much larger than the encoder’s buffers comes through', async () => {
  const { body, feed } = handFed();
  const octets = noise(5_000_000);
  feed.enqueue(octets);
  feed.close();
  const response = await coded(body, eventStream);
  assert.equal(await restored(response), octets.toString());
});

test('a hundred streams at once', async () => {
  const texts = Array.from({ length: 100 }, (_, i) => `${i} ${TEXT.repeat(10)}`);
  const responses = texts.map(async (text) => {
    const { body, feed } = handFed();
    const response = await coded(body, eventStream);
    feed.enqueue(Buffer.from(text));
    feed.close();
    return restored(response);
  });
  assert.deepEqual(await Promise.all(responses), texts);
});

test('so many streams are coded at the same time and not one more; a place is free again however a stream ends', async () => {
  const ways: ((response: Response) => Promise<unknown>)[] = [
    (response) => response.arrayBuffer(),
    (response) => response.body!.cancel(),
    async (response) => {
      const reader = response.body!.getReader();
      await reader.read();
      await reader.cancel();
    },
  ];
  for (const end of ways) {
    const handler = compression(
      () => new Response(new Blob([noise(50_000)]).stream(), { headers: { 'content-type': 'text/plain' } }),
      { streams: 2 },
    );
    const answer = async () => handler(requestFor('br'), context, context);
    const codingOf = (response: Response) => response.headers.get('content-encoding');
    const [first, second, third] = [await answer(), await answer(), await answer()];
    assert.deepEqual([first, second, third].map(codingOf), ['br', 'br', null]);
    assert.equal(third!.headers.get('vary'), 'Accept-Encoding');
    assert.equal((await third!.arrayBuffer()).byteLength, 50_000);
    await end(first!);
    await until('a free place', async () => {
      const next = await answer();
      const coding = codingOf(next);
      await next.body!.cancel();
      return coding === 'br';
    });
    await second!.body!.cancel();
  }
  const none = compression(() => new Response('x'.repeat(5000)), { streams: 0 });
  assert.equal((await none(requestFor('br'), context, context)).headers.get('content-encoding'), null);
});
