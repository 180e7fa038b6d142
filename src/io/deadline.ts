/**
 * One sweep for all that can expire: a connection has a deadline field, not a timer, so setting it on every request is one
 * assignment. The price is coarseness: something expires up to two ticks late, never early.
 */
import { type Clock, DateLine } from './clock.ts';

export interface Expiring {
  /** On the sweep's clock; Infinity for never. */
  deadline: number;
  onDeadline(): void;
}

const LONGEST_TICK_MS = 500;
const SHORTEST_TICK_MS = 10;

export class DeadlineSweep<Entry extends Expiring = Expiring> {
  /** The time of the last tick, and the `Date` line that goes with it. */
  now: number;
  dateLine: string;

  #tick = LONGEST_TICK_MS;
  #stop: (() => void) | undefined;
  readonly #clock: Clock;
  readonly #date = new DateLine();
  readonly #entries = new Set<Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.now = clock.now();
    this.dateLine = this.#date.at(clock.date());
  }

  /** Ticks often enough for timeouts this short, in milliseconds; 0 is none. */
  tickFor(timeouts: Iterable<number>): void {
    let tick = this.#tick;
    for (const timeout of timeouts) {
      if (timeout > 0) tick = Math.min(tick, Math.max(SHORTEST_TICK_MS, timeout / 8));
    }
    if (tick === this.#tick) return;
    this.#tick = tick;
    if (this.#stop === undefined) return;
    this.#stop();
    this.#stop = this.#clock.every(this.#tick, () => this.#sweep());
  }

  /** The deadline that lies so many milliseconds ahead; 0 is never. A tick more, because `now` may be a tick old. */
  after(milliseconds: number): number {
    return milliseconds === 0 ? Infinity : this.now + milliseconds + this.#tick;
  }

  get entries(): ReadonlySet<Entry> {
    return this.#entries;
  }

  add(entry: Entry): void {
    this.#entries.add(entry);
    if (this.#stop !== undefined) return;
    // Nothing was watched until now, so nobody has kept the time.
    this.#readClock();
    this.#stop = this.#clock.every(this.#tick, () => this.#sweep());
  }

  delete(entry: Entry): void {
    this.#entries.delete(entry);
    if (this.#entries.size > 0 || this.#stop === undefined) return;
    this.#stop();
    this.#stop = undefined;
  }

  #sweep(): void {
    const due = this.now + this.#tick;
    this.#readClock();
    const lateness = this.now - due;
    // The event loop was blocked, and octets that arrived in time have not been read yet. Everything that waits gets that
    // time back, and the sockets are read before anything expires.
    if (lateness > this.#tick) {
      for (const entry of this.#entries) entry.deadline += lateness;
      return;
    }
    for (const entry of this.#entries) {
      if (entry.deadline <= this.now) entry.onDeadline();
    }
  }

  #readClock(): void {
    this.now = this.#clock.now();
    this.dateLine = this.#date.at(this.#clock.date());
  }
}
