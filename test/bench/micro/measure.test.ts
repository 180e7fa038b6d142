import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measure } from '../../../bench/micro/measure.ts';

/** A clock that moves only with an operation, by `nanoseconds` each time. */
function handClock(nanoseconds: (call: number) => number) {
  let now = 0;
  let calls = 0;
  return {
    now: () => now,
    run: (times: number) => {
      now += (nanoseconds(calls++) * times) / 1e6;
      return times;
    },
    calls: () => calls,
  };
}

test('an operation takes the time of a batch by the number of operations in it', () => {
  const clock = handClock(() => 250);
  const { nanoseconds, octetsPerSecond } = measure(
    { about: 'a', what: 'b', octets: 500, run: clock.run },
    clock.now,
  );
  assert.ok(Math.abs(nanoseconds.median - 250) < 0.001);
  assert.ok(Math.abs(octetsPerSecond! - 2e9) < 1e4);
  assert.equal(nanoseconds.rounds, 15);
});

test('slow first operations are not counted: 400 ms are warm-up', () => {
  let elapsed = 0;
  const clock = handClock(() => (elapsed < 400 ? 10_000 : 100));
  const run = (times: number) => {
    const before = clock.now();
    const result = clock.run(times);
    elapsed += clock.now() - before;
    return result;
  };
  const { nanoseconds } = measure({ about: 'a', what: 'b', run }, clock.now);
  assert.ok(nanoseconds.max < 101, `${nanoseconds.max}`);
});

test('a batch is long enough for the clock, however fast the operation is', () => {
  const batches: number[] = [];
  const clock = handClock(() => 0.5);
  const run = (times: number) => {
    const before = clock.now();
    const result = clock.run(times);
    batches.push(clock.now() - before);
    return result;
  };
  measure({ about: 'a', what: 'b', run }, clock.now);
  assert.ok(batches.slice(-15).every((milliseconds) => milliseconds >= 25));
});

test('one slow batch does not move the median, and shows in the range', () => {
  const clock = handClock(() => 100);
  const slow = clock.calls;
  let counted = 0;
  const run = (times: number) => {
    const start = clock.now();
    const result = clock.run(times);
    // A pause in the last batch.
    if (clock.now() - start >= 25 && start > 400 && ++counted === 10) clock.run(times);
    return result;
  };
  const { nanoseconds } = measure({ about: 'a', what: 'b', run }, clock.now);
  assert.ok(slow() > 15);
  assert.ok(Math.abs(nanoseconds.median - 100) < 0.001);
  assert.ok(Math.abs(nanoseconds.max - 200) < 0.001);
});

test('an operation whose result is not a number is refused', () => {
  const clock = handClock(() => 100);
  const run = (times: number) => clock.run(times) * Number.NaN;
  assert.throws(() => measure({ about: 'a', what: 'nothing', run }, clock.now), /gave no number/);
});
