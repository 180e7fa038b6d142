import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { attack } from '../endurance/swaps/attack.ts';

test('RFC 9110 §17.3: a folder that is swapped for a link leads out of the root in no read, listing or upload', async (t) => {
  if (process.platform !== 'linux') return t.skip('only Linux tells the path of an open file');
  const { isAtomic: _, ...kinds } = await attack(300);
  for (const [kind, { inside, leaks }] of Object.entries(kinds)) {
    assert.equal(leaks, 0, kind);
    assert.ok(inside > 0, `${kind}: the folder was never there`);
  }
});
