import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PriorityUpdates } from '../../../src/http2/stream/priority-updates.ts';

const urgency = (value: number) => ({ urgency: value, incremental: false });

test('RFC 9218 §7.1: the last update of a stream is kept until the stream opens', () => {
  const updates = new PriorityUpdates(10);
  updates.keep(3, urgency(1));
  updates.keep(3, urgency(2));
  assert.deepEqual([updates.take(1), updates.take(3), updates.take(3)], [undefined, urgency(2), undefined]);
});

test('RFC 9218 §7.1: updates of streams that were left out are dropped with them', () => {
  const updates = new PriorityUpdates(2);
  updates.keep(1, urgency(1));
  updates.keep(3, urgency(2));
  updates.keep(5, urgency(3));
  assert.equal(updates.take(5), undefined);
  updates.keep(7, urgency(4));
  updates.keep(9, urgency(5));
  assert.deepEqual([updates.take(7), updates.take(9)], [urgency(4), urgency(5)]);
});
