import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Resources } from '../../src/health/report.ts';

test('asks the system for the figures once a second, however many reports there are', async () => {
  let now = 0;
  let asked = 0;
  const descriptors = { count: async () => ({ open: ++asked, max: 10 }) };
  const resources = new Resources(descriptors, () => now);
  const first = await resources.read();
  assert.equal(first.descriptors?.open, 1);
  now = 999;
  assert.deepEqual(await Promise.all([resources.read(), resources.read()]), [first, first]);
  now = 1_000;
  assert.equal((await resources.read()).descriptors?.open, 2);
});

test('leaves out what the system does not provide', async () => {
  const resources = new Resources({ count: async () => undefined });
  assert.deepEqual(Object.keys(await resources.read()), ['memory']);
});
