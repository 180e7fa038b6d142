import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Progress, readableSize } from '../../../src/cli/get/progress.ts';
import { milliseconds, waterfall } from '../../../src/cli/get/waterfall.ts';

test('serval get: a span is a bar at its place, of its length, and at least an eighth of a column', () => {
  const lines = waterfall(
    [
      { name: 'connect', from: 0, to: 25 },
      { name: 'wait', from: 25, to: 75 },
      { name: 'end', from: 100, to: 100 },
    ],
    8,
  );
  assert.deepEqual(lines, [
    'connect    25.0 ms  ██',
    'wait       50.0 ms    ████',
    'end        0.00 ms         ▏',
  ]);
});

test('serval get: times have as many digits as are significant', () => {
  assert.deepEqual([0.123, 9.876, 12.34, 123.4, 12_345].map(milliseconds), [
    '0.12 ms',
    '9.88 ms',
    '12.3 ms',
    '123 ms',
    '12.3 s',
  ]);
});

test('serval get: sizes have units of 1024', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 3 * 2 ** 30].map(readableSize), [
    '0 bytes',
    '1023 bytes',
    '1.0 KiB',
    '1.5 KiB',
    '3.0 GiB',
  ]);
});

test('serval get: progress is shown after a second, five times a second, and is erased', () => {
  let now = 1_000;
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const progress = new Progress({ print, total: 4_096, now: () => now });
  progress.add(1_024);
  assert.equal(printed.length, 0);
  now += 1_000;
  progress.add(1_024);
  assert.deepEqual(printed, ['\r 50 % of 4.0 KiB, 2.0 KiB/s, 0:01 left\x1b[K']);
  now += 100;
  progress.add(1);
  assert.equal(printed.length, 1);
  progress.end();
  assert.equal(printed.at(-1), '\r\x1b[K');
  const quick = new Progress({ print, total: undefined, now: () => now });
  quick.add(5);
  quick.end();
  assert.equal(printed.length, 2);
});
