import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasClosed } from '../../../src/fetch/content/closed-stream.ts';
import { IS_NODE } from '../../../src/io/shared-reading.ts';

test('a stream with a piece left has not closed, one that was read has', { skip: !IS_NODE }, async () => {
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue('a');
      controller.close();
    },
  });
  assert.equal(hasClosed(stream), false);
  await stream.getReader().read();
  assert.equal(hasClosed(stream), true);
});

test('a stream that is open or has failed has not closed', () => {
  assert.equal(hasClosed(new ReadableStream()), false);
  const fail = (controller: ReadableStreamDefaultController) => controller.error(new Error('failed'));
  assert.equal(hasClosed(new ReadableStream({ start: fail })), false);
});
