import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rush } from '../endurance/coding-rush/rush.ts';

test('clients that ask for large files to be coded and leave delay no small page', async () => {
  const { waited, coding, large } = await rush(60);
  // Coding 60 such files takes some ten seconds.
  assert.ok(waited < 3000, `${Math.round(waited)} ms, ${coding}`);
  assert.ok(large.waited < 6000 && large.octets === 6 * 1024 * 1024, `${Math.round(large.waited)} ms`);
});
