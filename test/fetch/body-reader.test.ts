import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BodyReader, PAUSED } from '../../src/fetch/body-reader.ts';

const octets = (text: string) => new TextEncoder().encode(text);
const bodyOf = (text: string) => new Response(text).body as never;

/** A stream that gives one chunk at once and the next after a time. */
const slow = (milliseconds: number) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(octets('first')),
    async pull(controller) {
      await sleep(milliseconds);
      controller.enqueue(octets('second'));
      controller.close();
    },
  }) as never;

describe('BodyReader', () => {
  test('the runtime makes a stream of a string: one chunk, and its end is seen without waiting', async () => {
    const body = new BodyReader(bodyOf('hello'));
    assert.deepEqual(await body.next(), octets('hello'));
    assert.equal(await body.next(0), undefined);
  });

  test('a source that takes its time is paused, and loses nothing', async () => {
    const body = new BodyReader(slow(300));
    assert.deepEqual(await body.next(0), octets('first'));
    assert.equal(await body.next(0), PAUSED);
    assert.equal(await body.next(1), PAUSED);
    assert.deepEqual(await body.next(), octets('second'));
    assert.equal(await body.next(), undefined);
  });

  test('whole() gives a body that ends below the limit and in time; next() gives the others', async () => {
    assert.deepEqual(await new BodyReader(bodyOf('hello')).whole(6, 1000), Buffer.from('hello'));
    for (const [source, limit, patience] of [
      [bodyOf('hello'), 5, 1000],
      [slow(50), 100, 1],
    ] as const) {
      const body = new BodyReader(source);
      assert.equal(await body.whole(limit, patience), undefined);
      let text = '';
      for (;;) {
        const chunk = await body.next();
        if (chunk === undefined) break;
        text += Buffer.from(chunk as Uint8Array).toString();
      }
      assert.ok(text === 'hello' || text === 'firstsecond', text);
    }
  });

  test('refuses a body that is not as long as declared, and chunks that are not Uint8Arrays', async () => {
    const short = new BodyReader(bodyOf('hello'), 6);
    await short.next();
    await assert.rejects(() => short.next(), /Content-Length is 6, the response body has 5 bytes/);
    const strange = new ReadableStream({ start: (controller) => controller.enqueue('text') }) as never;
    await assert.rejects(() => new BodyReader(strange).next(), /not a Uint8Array/);
  });
});
