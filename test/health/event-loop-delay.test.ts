import assert from 'node:assert/strict';
import type { IntervalHistogram } from 'node:perf_hooks';
import { describe, test } from 'node:test';
import { EventLoopDelay, eventLoopDelay } from '../../src/health/event-loop-delay.ts';

/** A histogram whose every figure is so many milliseconds, as the runtime notes it: the time between two looks at 20 ms. */
function fakeMonitor() {
  const fake = {
    milliseconds: 20,
    resets: 0,
    enabled: 0,
    get max() {
      return fake.milliseconds * 1e6 + 1e6;
    },
    percentile: (part: number) => fake.milliseconds * 1e6 + part * 1e3,
    enable: () => ++fake.enabled,
    reset: () => ++fake.resets,
  };
  return { fake, monitor: () => fake as unknown as IntervalHistogram };
}

describe('EventLoopDelay', () => {
  test('tells how late the looks came, in milliseconds, and never less than nothing', () => {
    const { fake, monitor } = fakeMonitor();
    const delay = new EventLoopDelay(monitor, () => 0);
    assert.equal(fake.enabled, 1);
    fake.milliseconds = 25;
    assert.deepEqual(delay.read(), { p50: 5.05, p99: 5.1, max: 6, seconds: 0 });
    fake.milliseconds = 10;
    assert.deepEqual(delay.read(), { p50: 0, p99: 0, max: 0, seconds: 0 });
  });

  test('begins anew after ten seconds, and tells everybody within the next ten the same', () => {
    const { fake, monitor } = fakeMonitor();
    let now = 0;
    const delay = new EventLoopDelay(monitor, () => now);
    now = 9_999;
    assert.equal(delay.read()?.seconds, 10);
    assert.equal(fake.resets, 0);
    now = 10_000;
    fake.milliseconds = 120;
    assert.deepEqual([delay.read()?.max, fake.resets], [101, 1]);
    fake.milliseconds = 20;
    now = 19_999;
    assert.deepEqual([delay.read()?.max, fake.resets], [101, 1]);
    now = 20_000;
    assert.deepEqual([delay.read()?.max, fake.resets], [1, 2]);
  });

  test('is undefined where the runtime does not measure it', () => {
    assert.equal(new EventLoopDelay((() => undefined) as never).read(), undefined);
    const throws = () => {
      throw new Error('not implemented');
    };
    assert.equal(new EventLoopDelay(throws).read(), undefined);
  });

  test('sees an event loop that was blocked, for real', async () => {
    const delay = new EventLoopDelay();
    const turns = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    await turns(50);
    const end = performance.now() + 200;
    while (performance.now() < end) {}
    // The look that comes late is noted when it comes.
    for (let turn = 0; turn < 200 && (delay.read()?.max ?? 0) < 100; turn++) await turns(10);
    assert.ok((delay.read()?.max ?? 0) >= 100, JSON.stringify(delay.read()));
  });

  test('is shared: there is one event loop', () => {
    assert.equal(eventLoopDelay(), eventLoopDelay());
  });
});
