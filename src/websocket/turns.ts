/** Things that are done one after the other, because some of them take time. */

export class Turns {
  /** Bytes of the messages that wait. */
  size = 0;
  #count = 0;
  #last: Promise<void> = Promise.resolve();
  readonly #onEnd: () => void;

  /** @param onEnd nothing waits any more. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** @param act must not reject. */
  add(size: number, act: () => Promise<void>): void {
    this.size += size;
    this.#count++;
    this.#last = this.#last.then(act).finally(() => {
      this.size -= size;
      if (--this.#count === 0) this.#onEnd();
    });
  }
}
