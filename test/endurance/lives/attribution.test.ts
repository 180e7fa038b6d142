import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attribute } from './attribution.ts';

const on = (worker: string | undefined) => ({ worker, isIdempotent: true, sentAt: 0 });
const lost = (worker: string | undefined) => ({ ...on(worker), kind: 'closed' });

test('attribution: requests in flight on the killed worker or on a new connection may be lost', () => {
  const inFlight = [on('7.0'), on('7.0'), on('8.0'), on(undefined)];
  const loss = attribute(7, inFlight, [lost('7.0'), lost(undefined)]);
  assert.deepEqual(loss, {
    own: { inFlight: 2, lost: 1 },
    fresh: { inFlight: 1, lost: 1 },
    strange: [],
  });
});

test('attribution: a loss of another worker, and more losses than requests in flight, are reported', () => {
  assert.deepEqual(attribute(7, [on('7.0'), on('8.0')], [lost('8.0')]).strange, [lost('8.0')]);
  assert.equal(attribute(7, [on('7.0')], [lost('7.0'), lost('7.0'), lost(undefined)]).strange.length, 2);
  // Another process whose number begins with the same digit.
  assert.equal(attribute(7, [on('77.0')], [lost('77.0')]).strange.length, 1);
});
