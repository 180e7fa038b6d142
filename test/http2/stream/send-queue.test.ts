import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SendQueue } from '../../../src/http2/stream/send-queue.ts';
import { Http2Stream } from '../../../src/http2/stream/stream.ts';

function queueOf(...priorities: readonly (readonly [urgency: number, incremental: boolean])[]) {
  const queue = new SendQueue();
  const streams = priorities.map(([urgency, incremental], i) => {
    const stream = new Http2Stream(2 * i + 1, 'GET', 1);
    stream.clientPriority = { urgency, incremental };
    queue.add(stream);
    return stream;
  });
  /** The streams that have the next turns. */
  const turns = (count: number) =>
    Array.from({ length: count }, () => {
      const stream = queue.first();
      if (stream !== undefined) queue.rotate(stream);
      return stream?.id;
    });
  return { queue, streams, turns };
}

test('RFC 9218 §10: the most urgent streams have all turns', () => {
  assert.deepEqual(queueOf([3, true], [1, true], [7, false], [1, true]).turns(4), [3, 7, 3, 7]);
});

test('RFC 9218 §10: a stream that is not incremental has all turns until it is through', () => {
  const { queue, streams, turns } = queueOf([3, false], [3, false], [3, true]);
  assert.deepEqual(turns(3), [1, 1, 1]);
  queue.remove(streams[0]!);
  assert.deepEqual(turns(2), [3, 3]);
  queue.remove(streams[1]!);
  assert.deepEqual(turns(2), [5, 5]);
});

test('a stream is in the queue once, and not when it was removed', () => {
  const { queue, streams, turns } = queueOf([3, true], [3, true]);
  queue.add(streams[0]!);
  queue.remove(streams[1]!);
  queue.remove(streams[1]!);
  assert.deepEqual(turns(2), [1, 1]);
  assert.equal(queue.isEmpty, false);
  queue.remove(streams[0]!);
  assert.deepEqual([queue.isEmpty, queue.first()], [true, undefined]);
  queue.add(streams[1]!);
  assert.deepEqual(turns(1), [3]);
});

test('an empty queue has no first stream', () => {
  const queue = new SendQueue();
  assert.deepEqual([queue.isEmpty, queue.first()], [true, undefined]);
});
