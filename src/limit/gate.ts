/** A gate that lets so many in at once, and keeps a line of some more in front of it. It knows nothing of requests. */
export class Gate {
  /** Those who are in. */
  running = 0;
  #isAdmitting = false;
  readonly #concurrency: number;
  readonly #places: number;
  /** In the order in which they came. */
  readonly #line: (() => void)[] = [];

  constructor(concurrency: number, places: number) {
    this.#concurrency = concurrency;
    this.#places = places;
  }

  get waiting(): number {
    return this.#line.length;
  }

  /** @returns whether there was room. Who got in calls `leave`, once. */
  enter(): boolean {
    // Nobody overtakes the line, not even while the first of it is going in.
    if (this.running >= this.#concurrency || this.#line.length > 0) return false;
    this.running++;
    return true;
  }

  /**
   * Stands in line. When it is its turn, `start` is called, and is in.
   *
   * @returns whether there was a place.
   */
  join(start: () => void): boolean {
    if (this.#line.length >= this.#places) return false;
    this.#line.push(start);
    return true;
  }

  /** Leaves the line. @returns whether `start` stood there. */
  withdraw(start: () => void): boolean {
    const at = this.#line.indexOf(start);
    if (at >= 0) this.#line.splice(at, 1);
    return at >= 0;
  }

  leave(): void {
    this.running--;
    // Who is let in may be out again before `start` returns: the loop that is running already sees to it.
    if (this.#isAdmitting) return;
    this.#isAdmitting = true;
    try {
      while (this.running < this.#concurrency && this.#line.length > 0) {
        this.running++;
        this.#line.shift()!();
      }
    } finally {
      this.#isAdmitting = false;
    }
  }
}
