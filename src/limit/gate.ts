/** Admits a bounded number of entrants at once, and queues a bounded number of others. It knows nothing of requests. */
export class Gate {
  /** How many have entered and not yet left. */
  running = 0;
  #isAdmitting = false;
  readonly #concurrency: number;
  readonly #queueSize: number;
  /** In the order of their arrival. */
  readonly #queue: (() => void)[] = [];

  constructor(concurrency: number, queueSize: number) {
    this.#concurrency = concurrency;
    this.#queueSize = queueSize;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** @returns whether there was room. If so, the caller must call `leave` once. */
  enter(): boolean {
    // No overtaking: not even while the first of the queue is being admitted.
    if (this.running >= this.#concurrency || this.#queue.length > 0) return false;
    this.running++;
    return true;
  }

  /**
   * Joins the queue. The gate calls `start` when there is room; from then on it counts as running.
   *
   * @returns whether the queue had room.
   */
  join(start: () => void): boolean {
    if (this.#queue.length >= this.#queueSize) return false;
    this.#queue.push(start);
    return true;
  }

  /** Leaves the queue. @returns whether `start` was in it. */
  withdraw(start: () => void): boolean {
    const at = this.#queue.indexOf(start);
    if (at >= 0) this.#queue.splice(at, 1);
    return at >= 0;
  }

  leave(): void {
    this.running--;
    // `start` may call `leave` before it returns; the loop that called it then admits the next.
    if (this.#isAdmitting) return;
    this.#isAdmitting = true;
    try {
      while (this.running < this.#concurrency && this.#queue.length > 0) {
        this.running++;
        this.#queue.shift()!();
      }
    } finally {
      this.#isAdmitting = false;
    }
  }
}
