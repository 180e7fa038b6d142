/**
 * The time, coarsely: read once a tick by whoever sweeps, then a field that costs nothing to look at.
 *
 * Everything that waits goes by this clock, so that a test can hold time in its hand.
 */
import { serializeHttpDate } from '../semantics/http-date.ts';

export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  /** Calls `tick` again and again; does not keep the process alive. @returns how to stop it. */
  every(milliseconds: number, tick: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  every(milliseconds, tick) {
    const timer = setInterval(tick, milliseconds);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** `Date: …` CRLF (RFC 9110 §6.6.1), made anew at most once a second. */
export class DateLine {
  #line = '';
  #second = -1;

  at(milliseconds: number): string {
    const second = Math.floor(milliseconds / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#line = `Date: ${serializeHttpDate(second * 1000)}\r\n`;
    }
    return this.#line;
  }
}
