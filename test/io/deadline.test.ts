/** Deadlines: one sweep for all of them, late by a tick or two at most, and never early. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DeadlineSweep, type Expiring } from '../../src/io/deadline.ts';
import { HandClock } from './hand-clock.ts';

class Entry implements Expiring {
  deadline = Infinity;
  readonly expired: number[] = [];
  readonly #clock: HandClock;
  readonly #then: () => void;

  constructor(clock: HandClock, then: () => void = () => {}) {
    this.#clock = clock;
    this.#then = then;
  }

  onDeadline(): void {
    this.expired.push(this.#clock.now());
    this.deadline = Infinity;
    this.#then();
  }
}

function setUp() {
  const clock = new HandClock();
  return { clock, sweep: new DeadlineSweep(clock) };
}

describe('DeadlineSweep', () => {
  test('an event loop that was blocked takes no time from anything, and sockets are read before it expires', () => {
    const { clock, sweep } = setUp();
    sweep.tickFor([1_000]);
    const entry = new Entry(clock);
    sweep.add(entry);
    const tick = clock.interval!;
    entry.deadline = sweep.after(1_000);
    // A handler computes for three seconds: the tick comes late, and the deadline was set by a clock that had stopped.
    clock.block(3_000);
    assert.deepEqual(entry.expired, [], 'not in the tick that came late');
    entry.deadline = sweep.after(1_000);
    clock.pass(1_000);
    assert.deepEqual(entry.expired, [], 'not early');
    clock.pass(2 * tick);
    assert.equal(entry.expired.length, 1);
  });

  for (const timeout of [10, 80, 500, 4_000, 65_000]) {
    test(`a deadline of ${timeout} ms expires once, never early, and late by two ticks at most`, () => {
      for (const phase of [0, 1, 7, 250, 499]) {
        const { clock, sweep } = setUp();
        sweep.tickFor([timeout]);
        const other = new Entry(clock);
        sweep.add(other);
        const tick = clock.interval!;
        clock.pass(phase);
        const entry = new Entry(clock);
        sweep.add(entry);
        const from = clock.now();
        entry.deadline = sweep.after(timeout);
        clock.pass(timeout + 3 * tick);
        assert.equal(entry.expired.length, 1, `phase ${phase}`);
        const took = entry.expired[0]! - from;
        assert.ok(took >= timeout, `${took} ms, phase ${phase}`);
        assert.ok(took <= timeout + 2 * tick, `${took} ms, phase ${phase}`);
        assert.deepEqual(other.expired, []);
      }
    });
  }

  test('0 is never', () => {
    const { clock, sweep } = setUp();
    const entry = new Entry(clock);
    sweep.add(entry);
    entry.deadline = sweep.after(0);
    clock.pass(1e7);
    assert.deepEqual(entry.expired, []);
  });

  test('a deadline that is put off in time does not expire', () => {
    const { clock, sweep } = setUp();
    const entry = new Entry(clock);
    sweep.add(entry);
    entry.deadline = sweep.after(2_000);
    for (let i = 0; i < 10; i++) {
      clock.pass(1_900);
      entry.deadline = sweep.after(2_000);
    }
    assert.deepEqual(entry.expired, []);
  });

  test('the clock ticks only while there is something to watch, and keeps the right time when it begins again', () => {
    const { clock, sweep } = setUp();
    assert.equal(clock.timers, 0);
    const entry = new Entry(clock);
    sweep.add(entry);
    sweep.add(entry);
    assert.equal(clock.timers, 1);
    sweep.delete(entry);
    sweep.delete(entry);
    assert.equal(clock.timers, 0);
    clock.pass(100_000);
    sweep.add(entry);
    entry.deadline = sweep.after(1_000);
    assert.ok(entry.deadline >= clock.now() + 1_000);
    assert.match(sweep.dateLine, /00:01:41 GMT/);
    clock.pass(2_000);
    assert.equal(entry.expired.length, 1);
  });

  test('it ticks more often for short timeouts, not for 0, and never more slowly again', () => {
    const { clock, sweep } = setUp();
    sweep.add(new Entry(clock));
    const usual = clock.interval!;
    sweep.tickFor([0, 65_000]);
    assert.equal(clock.interval, usual);
    sweep.tickFor([100]);
    const short = clock.interval!;
    assert.ok(short < 100 && short >= 10);
    sweep.tickFor([65_000]);
    assert.equal(clock.interval, short);
    assert.equal(clock.timers, 1);
  });

  test('entries may go, come and take others with them while it sweeps', () => {
    const { clock, sweep } = setUp();
    const victim = new Entry(clock);
    const late = new Entry(clock);
    const first = new Entry(clock, () => {
      sweep.delete(first);
      sweep.delete(victim);
      sweep.add(late);
    });
    for (const entry of [first, victim]) {
      sweep.add(entry);
      entry.deadline = sweep.after(1_000);
    }
    clock.pass(3_000);
    assert.equal(first.expired.length, 1);
    assert.deepEqual(victim.expired, []);
    assert.deepEqual(late.expired, []);
  });

  test('the Date line is kept while it ticks', () => {
    const { clock, sweep } = setUp();
    sweep.add(new Entry(clock));
    clock.pass(59_500);
    assert.match(sweep.dateLine, /00:01:00 GMT/);
  });
});
