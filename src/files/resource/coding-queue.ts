/**
 * The queue for coding files. Small files go first, and work that no client waits for any more is dropped. Work beyond the
 * limits is refused: the file is sent without coding then, which is faster than waiting.
 */

/** The result for work that was refused, or dropped. */
export const BUSY: unique symbol = Symbol('busy');

export interface QueueLimits {
  /** Files that are coded at once. The thread pool has four threads by default, and reads files with them. */
  readonly runs: number;
  /** Files of more than `large` bytes that are coded at once: one thread is left for the small ones. */
  readonly largeRuns: number;
  readonly large: number;
  /** Files that wait, and their sizes together, in bytes. 16 MiB take a quarter of a second. */
  readonly waiting: number;
  readonly waitingOctets: number;
  /** How long a file may wait, in milliseconds. */
  readonly patience: number;
}

const LIMITS: QueueLimits = {
  runs: 2,
  largeRuns: 1,
  large: 256 * 1024,
  waiting: 128,
  waitingOctets: 16 * 1024 * 1024,
  patience: 500,
};

interface QueuedWork {
  readonly octets: number;
  /** It waits from now on. @param drop takes it out of the queue again. */
  enqueue(patience: number, drop: () => void): void;
  /** @returns a promise that never rejects. */
  run(): Promise<void>;
  refuse(): void;
}

/** Work that several clients may wait for. */
export class CodingJob<T> implements QueuedWork {
  readonly octets: number;
  /** Settles when the work is done, or with `BUSY`. */
  readonly result: Promise<T | typeof BUSY>;
  readonly #work: () => Promise<T>;
  #settle!: (result: T | typeof BUSY | Promise<T>) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiters = 0;
  #onForsaken: () => void = () => {};

  constructor(octets: number, work: () => Promise<T>) {
    this.octets = octets;
    this.#work = work;
    this.result = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /**
   * The result, for one client.
   *
   * @throws the reason of the signal, when the client has left.
   */
  async wait(signal: AbortSignal): Promise<T | typeof BUSY> {
    signal.throwIfAborted();
    let leave!: () => void;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason);
    });
    signal.addEventListener('abort', leave, { once: true });
    this.#waiters++;
    try {
      return await Promise.race([this.result, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      if (--this.#waiters === 0) this.#onForsaken();
    }
  }

  enqueue(patience: number, drop: () => void): void {
    this.#onForsaken = drop;
    this.#timer = setTimeout(drop, patience);
    this.#timer.unref?.();
  }

  async run(): Promise<void> {
    this.#leaveQueue();
    const result = this.#work();
    this.#settle(result);
    await result.catch(() => {});
  }

  refuse(): void {
    this.#leaveQueue();
    this.#settle(BUSY);
  }

  #leaveQueue(): void {
    clearTimeout(this.#timer);
    this.#onForsaken = () => {};
  }
}

export class CodingQueue {
  readonly #limits: QueueLimits;
  /** The smallest first; of equal sizes, the one that came first. */
  readonly #waiting: QueuedWork[] = [];
  #waitingOctets = 0;
  #runs = 0;
  #largeRuns = 0;

  constructor(limits: QueueLimits = LIMITS) {
    this.#limits = limits;
  }

  add(job: QueuedWork): void {
    if (this.#mayRun(job)) return this.#run(job);
    this.#insert(job);
    job.enqueue(this.#limits.patience, () => this.#refuse(job));
    // The largest is refused first: it takes the most time, and its content would be late in any case.
    while (this.#waiting.length > this.#limits.waiting || this.#waitingOctets > this.#limits.waitingOctets) {
      this.#refuse(this.#waiting.at(-1)!);
    }
  }

  #mayRun({ octets }: QueuedWork): boolean {
    const { runs, large, largeRuns } = this.#limits;
    return this.#runs < runs && (octets <= large || this.#largeRuns < largeRuns);
  }

  #run(job: QueuedWork): void {
    const isLarge = job.octets > this.#limits.large;
    this.#runs++;
    if (isLarge) this.#largeRuns++;
    void job.run().then(() => {
      this.#runs--;
      if (isLarge) this.#largeRuns--;
      this.#runNext();
    });
  }

  #runNext(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#mayRun(next); next = this.#waiting[0]) {
      this.#remove(0);
      this.#run(next);
    }
  }

  #insert(job: QueuedWork): void {
    let at = this.#waiting.length;
    while (at > 0 && this.#waiting[at - 1]!.octets > job.octets) at--;
    this.#waiting.splice(at, 0, job);
    this.#waitingOctets += job.octets;
  }

  #refuse(job: QueuedWork): void {
    const at = this.#waiting.indexOf(job);
    if (at < 0) return;
    this.#remove(at);
    job.refuse();
  }

  #remove(at: number): void {
    const [job] = this.#waiting.splice(at, 1);
    this.#waitingOctets -= job!.octets;
  }
}
