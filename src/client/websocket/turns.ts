/** RFC 6455 §4.1 item 2: with one host, no more than one handshake is in progress. Others wait for their turn. */

/** Behind a turn, in order, those that wait for it to end. */
const waiting = new Map<string, (() => void)[]>();

export class Turn {
  readonly #host: string;
  #state: 'none' | 'waiting' | 'taken' = 'none';
  #begin: (() => void) | undefined;

  constructor(host: string) {
    this.#host = host;
  }

  /** Fulfils when it has the turn, or has given it up. */
  wait(): Promise<void> {
    if (this.#state !== 'none') return Promise.resolve();
    const others = waiting.get(this.#host);
    if (others === undefined) {
      waiting.set(this.#host, []);
      this.#state = 'taken';
      return Promise.resolve();
    }
    this.#state = 'waiting';
    return new Promise((resolve) => {
      this.#begin = () => {
        this.#state = 'taken';
        resolve();
      };
      others.push(this.#begin);
    });
  }

  /** Ends it, or gives it up. */
  end(): void {
    const state = this.#state;
    this.#state = 'none';
    const others = waiting.get(this.#host);
    if (state === 'none' || others === undefined) return;
    if (state === 'waiting') {
      others.splice(others.indexOf(this.#begin!), 1);
      this.#begin!();
      this.#state = 'none';
      return;
    }
    const next = others.shift();
    if (next === undefined) waiting.delete(this.#host);
    else next();
  }
}
