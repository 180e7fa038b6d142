import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseKeepAlive } from '../../../src/semantics/connection/keep-alive.ts';

test('RFC 2068 §19.7.1.1: Keep-Alive says for how long, in seconds, and for how many requests', () => {
  assert.deepEqual(parseKeepAlive('timeout=5, max=100'), { timeout: 5_000, max: 100 });
  assert.deepEqual(parseKeepAlive('MAX=1,\tTimeout=0'), { timeout: 0, max: 1 });
  assert.deepEqual(parseKeepAlive('timeout=5'), { timeout: 5_000, max: undefined });
});

test('RFC 2068 §19.7.1.1: what is not understood says nothing', () => {
  const nothing = { timeout: undefined, max: undefined };
  for (const value of [
    '',
    ',',
    'timeout',
    'timeout=',
    'timeout=-1',
    'timeout=1.5',
    'timeout=0x1',
    'timeout="5"',
  ])
    assert.deepEqual(parseKeepAlive(value), nothing, value);
  for (const value of [
    'timeout= 5',
    'timeout =5',
    'timeout=1e3',
    'time=5',
    'timeout=\xb2',
    'timeout=1234567890',
  ])
    assert.deepEqual(parseKeepAlive(value), nothing, value);
});

test('RFC 2068 §19.7.1.1: of two that differ the first counts', () => {
  assert.deepEqual(parseKeepAlive('timeout=5, timeout=9, max=2, max=3'), { timeout: 5_000, max: 2 });
});
