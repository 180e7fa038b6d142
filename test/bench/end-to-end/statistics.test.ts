import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, ratios, spread } from '../../../bench/end-to-end/statistics.ts';

test('the median is the middle value, or the mean of the two middle values', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 7]), 6);
  assert.equal(median([3]), 3);
  assert.equal(median([]), Number.NaN);
});

test('the median does not reorder the values', () => {
  const values = [3, 1, 2];
  median(values);
  assert.deepEqual(values, [3, 1, 2]);
});

test('a spread has median, range and the number of rounds; an empty list has none', () => {
  assert.deepEqual(spread([4, 2, 9]), { median: 4, min: 2, max: 9, rounds: 3 });
  assert.equal(spread([]), undefined);
});

test('a ratio is taken within each round, so a slow round changes nothing', () => {
  const ours = new Map([
    [1, 10],
    [2, 20],
    [3, 12],
  ]);
  const theirs = new Map([
    [1, 20],
    [2, 40],
    [3, 16],
  ]);
  assert.deepEqual(ratios(ours, theirs), { median: 0.5, min: 0.5, max: 0.75, rounds: 3 });
});

test('a round that only one of the two has does not count', () => {
  const ours = new Map([
    [1, 10],
    [2, 30],
  ]);
  assert.deepEqual(ratios(ours, new Map([[2, 10]])), { median: 3, min: 3, max: 3, rounds: 1 });
  assert.equal(ratios(ours, new Map([[3, 10]])), undefined);
  assert.equal(ratios(ours, new Map([[1, 0]])), undefined);
});
