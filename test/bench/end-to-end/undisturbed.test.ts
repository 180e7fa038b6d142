import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Measured } from '../../../bench/end-to-end/measured.ts';
import { undisturbed } from '../../../bench/end-to-end/undisturbed.ts';

const QUIET: Measured = { figures: { cpu: 1 }, invalid: [], disturbed: [], loadBound: false };
const NOISY: Measured = { ...QUIET, disturbed: ['core 0 was used by others'] };

/** Returns one outcome after the other, and counts the attempts. */
function attempts(...outcomes: Measured[]) {
  let made = 0;
  const attempt = async () => [outcomes[made++]!];
  return { attempt, made: () => made };
}

test('an undisturbed sample is taken at once', async () => {
  const { attempt, made } = attempts(QUIET);
  assert.deepEqual(await undisturbed(attempt, false), [QUIET]);
  assert.equal(made(), 1);
});

test('a disturbed sample is repeated, at most twice', async () => {
  const second = attempts(NOISY, QUIET);
  assert.deepEqual(await undisturbed(second.attempt, false), [QUIET]);
  const never = attempts(NOISY, NOISY, NOISY, QUIET);
  assert.deepEqual((await undisturbed(never.attempt, false))[0]?.invalid, ['core 0 was used by others']);
  assert.equal(never.made(), 3);
});

test('on shared cores a disturbed sample counts and is marked', async () => {
  const { attempt, made } = attempts(NOISY);
  assert.deepEqual(await undisturbed(attempt, true), [NOISY]);
  assert.equal(made(), 1);
});
