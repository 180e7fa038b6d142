import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, missing } from '../../../bench/check/comparison.ts';

const verdict = (value: number, baseline: number) => compare({ a: value }, { a: baseline })[0]?.verdict;

test('15 % more is accepted, and anything beyond is worse', () => {
  assert.equal(verdict(115, 100), 'ok');
  assert.equal(verdict(115.1, 100), 'worse');
});

test('a figure that is more than 15 % better is reported', () => {
  assert.equal(verdict(85, 100), 'ok');
  assert.equal(verdict(84.9, 100), 'better');
});

test('one more write for each response is worse', () => {
  assert.equal(verdict(2, 1), 'worse');
  assert.equal(verdict(1, 1), 'ok');
});

test('a figure without a baseline is new and does not fail', () => {
  assert.equal(compare({ a: 1 }, {})[0]?.verdict, 'new');
});

test('a figure that only the baseline has is missing', () => {
  assert.deepEqual(missing({ a: 1 }, { a: 1, b: 2 }), ['b']);
});
