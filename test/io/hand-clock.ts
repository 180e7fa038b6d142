/** A clock that a test holds in its hand: nothing passes until it says so. */
import type { Clock } from '../../src/io/clock.ts';

export class HandClock implements Clock {
  #now = 1_000;
  #timers = new Map<() => void, { interval: number; due: number }>();

  now(): number {
    return this.#now;
  }

  date(): number {
    return Date.UTC(2026, 0, 1) + this.#now;
  }

  every(milliseconds: number, tick: () => void): () => void {
    this.#timers.set(tick, { interval: milliseconds, due: this.#now + milliseconds });
    return () => this.#timers.delete(tick);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** How often the one timer ticks. */
  get interval(): number | undefined {
    const [timer] = this.#timers.values();
    return timer?.interval;
  }

  /** Lets time pass, with each tick at its time. */
  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = Math.min(...[...this.#timers.values()].map((timer) => timer.due));
      if (due > end) break;
      this.#now = due;
      for (const [tick, timer] of [...this.#timers]) {
        if (timer.due > due || !this.#timers.has(tick)) continue;
        timer.due += timer.interval;
        tick();
      }
    }
    this.#now = end;
  }

  /** Time passes while the event loop is blocked: each timer ticks once, at the end. */
  block(milliseconds: number): void {
    this.#now += milliseconds;
    for (const [tick, timer] of [...this.#timers]) {
      if (timer.due > this.#now) continue;
      timer.due = this.#now + timer.interval;
      tick();
    }
  }
}
