import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit } from '../../src/limit/index.ts';
import { settingsFor } from '../../src/limit/options.ts';

test('settingsFor fills in what is missing', () => {
  assert.deepEqual(settingsFor({ concurrency: 7 }), {
    concurrency: 7,
    queue: 7,
    maxWait: 5_000,
    retryAfter: 1,
  });
  const given = { concurrency: 1, queue: 0, maxWait: 0, retryAfter: 0 };
  assert.deepEqual(settingsFor(given), given);
});

const WRONG: [options: unknown, error: RegExp][] = [
  [undefined, /^TypeError: options: expected an object, got undefined/],
  [10, /^TypeError: options: expected an object, got 10/],
  [{}, /^TypeError: options\.concurrency: expected an integer from 1, got undefined/],
  [{ concurrency: '8' }, /^TypeError: options\.concurrency: expected .* got "8"/],
  [{ concurrency: 0 }, /^RangeError: options\.concurrency: .* from 1 to .*, got 0$/],
  [{ concurrency: 1.5 }, /^RangeError: options\.concurrency: .*1\.5/],
  [{ concurrency: Infinity }, /^RangeError: options\.concurrency: .*Infinity/],
  [{ concurrency: 1, queue: -1 }, /^RangeError: options\.queue: .*-1/],
  [{ concurrency: 1, maxWait: 2 ** 31 }, /^RangeError: options\.maxWait: .*2147483648/],
  [{ concurrency: 1, retryAfter: 'soon' }, /^TypeError: options\.retryAfter: .*soon/],
  [{ concurrency: 1, wait: 1 }, /^TypeError: options\.wait: there is no such option/],
];
for (const [options, error] of WRONG) {
  test(`limit refuses ${JSON.stringify(options)}, at once`, () => {
    assert.throws(() => limit(() => new Response(), options as never), error);
  });
}
