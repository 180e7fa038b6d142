import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Descriptors } from '../../src/health/descriptors.ts';

test('counts the open file descriptors', async (t) => {
  if (process.platform !== 'linux') return t.skip('Linux only');
  const descriptors = new Descriptors();
  const before = await descriptors.count();
  assert.ok(before !== undefined && before.open > 2 && before.open < before.max, JSON.stringify(before));
  const files = await Promise.all(Array.from({ length: 20 }, () => open(fileURLToPath(import.meta.url))));
  const during = await descriptors.count();
  for (const file of files) await file.close();
  // Others of this process may open and close some at the same time.
  assert.ok(during !== undefined && during.open >= before.open + 15, JSON.stringify({ before, during }));
  assert.equal(during.max, before.max);
});

test('before Linux 6.2, lists the descriptors, but only once in ten seconds', async (t) => {
  if (process.platform !== 'linux') return t.skip('Linux only');
  let now = 0;
  const descriptors = new Descriptors(
    1_000,
    () => now,
    async () => ({ size: 0 }),
  );
  const before = await descriptors.count();
  assert.ok(before !== undefined && before.open > 2);
  const files = await Promise.all(Array.from({ length: 20 }, () => open(fileURLToPath(import.meta.url))));
  try {
    now = 9_999;
    assert.deepEqual(await descriptors.count(), before);
    now = 10_000;
    assert.ok((await descriptors.count())!.open >= before.open + 15);
  } finally {
    for (const file of files) await file.close();
  }
});
