import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disturbance, parseCoreUsage } from '../../../bench/end-to-end/core-usage.ts';

const STAT = `cpu  900 0 900 9000 0 90 90 9 0 0
cpu0 100 20 300 4000 50 60 70 8 0 0
cpu1 1000 0 0 5000 0 0 0 0 0 0
cpu10 1 0 0 0 0 0 0 0 0 0
intr 12345
`;

test('a core is busy with processes and steal time, and not with waiting or interrupts', () => {
  // In ticks of 10 ms: user, nice, system and steal.
  assert.equal(parseCoreUsage(STAT, '0').busy, 4.28);
  assert.equal(parseCoreUsage(STAT, '1').busy, 10);
  assert.equal(parseCoreUsage(STAT, '10').busy, 0.01);
  assert.throws(() => parseCoreUsage(STAT, '2'), /no core 2/);
});

test('other processes on a core are reported from 6 % of the time on', () => {
  assert.equal(disturbance('0', 4, 4, 4), undefined);
  assert.equal(disturbance('0', 3.23, 3, 4), undefined);
  assert.equal(disturbance('0', 3.4, 3, 4), 'core 0 was used by other processes for 10 % of the time');
});
