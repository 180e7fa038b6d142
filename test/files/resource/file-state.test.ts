import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FileState, isSettled } from '../../../src/files/resource/file-state.ts';

const NOW = Date.UTC(2026, 10, 23, 6, 0, 0, 500);

/** @param changed milliseconds of Unix time; @param fraction nanoseconds more. */
const state = (changed: number, fraction = 1, seen = NOW): FileState => ({
  file: '1:2',
  version: '',
  size: 5,
  modified: 784_111_777_000_000_000n,
  changed: BigInt(changed) * 1_000_000n + BigInt(fraction),
  seen,
});

test('a file is settled when the tick of its last change is over: 50 ms, or 2 s where there are whole seconds', () => {
  assert.equal(isSettled(state(NOW - 50)), false);
  assert.equal(isSettled(state(NOW - 51)), true);
  const second = Math.floor(NOW / 1000) * 1000;
  assert.equal(isSettled(state(second, 0, second + 2000)), false);
  assert.equal(isSettled(state(second, 0, second + 2001)), true);
});

test('the clock of the file system may be ahead by a minute; beyond that it was wrong once', () => {
  assert.equal(isSettled(state(NOW + 60_000)), false);
  assert.equal(isSettled(state(NOW + 60_001)), true);
});

test('a time of modification that was set, to the past or to the future, says nothing about ticks', () => {
  const future = { ...state(NOW - 51), modified: BigInt(NOW + 86_400_000) * 1_000_000n };
  assert.equal(isSettled(future), true);
  assert.equal(isSettled({ ...state(NOW - 50), modified: 1n }), false);
});
