/**
 * Decides whose password is verified next, so that clients that guess delay the others as little as possible.
 *
 * - One verification at a time for each address, and two in all.
 * - One at a time for all addresses that were wrong lately: the second place is always free for the others.
 * - Of those that wait, the address with the fewest wrong passwords is next, then the connection with the fewest, then the first.
 */
import { Deferred } from '../../io/deferred.ts';
import type { Asker, RecentFailures } from './asker.ts';

/** Half of the thread pool's four threads: the other half continues to read files. */
const MAX_RUNNING = 2;
/** Beyond these, a check is refused: it would wait for too long. */
const MAX_WAITING = 256;
const MAX_WAITING_FROM_ADDRESS = 64;

interface Waiting {
  readonly asker: Asker;
  readonly turn: Deferred<boolean>;
}

export class VerificationQueue {
  /** The addresses of the verifications that run. */
  readonly #running = new Set<string>();
  /** In the order of their arrival. */
  readonly #waiting: Waiting[] = [];
  readonly #failures: RecentFailures;

  constructor(failures: RecentFailures) {
    this.#failures = failures;
  }

  /** @returns whether the verification may run now; then it must call `leave`. False: too many are waiting. */
  enter(asker: Asker): boolean | Promise<boolean> {
    if (this.#mayRun(asker)) {
      this.#running.add(asker.address);
      return true;
    }
    const newcomer = { asker, turn: new Deferred<boolean>() };
    this.#waiting.push(newcomer);
    const sameAddress = this.#waiting.filter((other) => other.asker.address === asker.address);
    if (sameAddress.length > MAX_WAITING_FROM_ADDRESS) this.#refuseLast(sameAddress);
    else if (this.#waiting.length > MAX_WAITING) this.#refuseLast(this.#waiting);
    return newcomer.turn.promise;
  }

  leave({ address }: Asker): void {
    this.#running.delete(address);
    // Each round admits the best one that may run.
    for (;;) {
      const next = this.#waiting
        .filter(({ asker }) => this.#mayRun(asker))
        .reduce<Waiting | undefined>(
          (best, other) => (best && !this.#isBefore(other, best) ? best : other),
          undefined,
        );
      if (next === undefined) return;
      this.#remove(next);
      this.#running.add(next.asker.address);
      next.turn.resolve(true);
    }
  }

  #mayRun({ address }: Asker): boolean {
    if (this.#running.size >= MAX_RUNNING || this.#running.has(address)) return false;
    return !this.#hasFailed(address) || ![...this.#running].some((other) => this.#hasFailed(other));
  }

  #hasFailed(address: string): boolean {
    return this.#failures.of(address) > 0;
  }

  #refuseLast(among: readonly Waiting[]): void {
    const last = among.reduce((worst, other) => (this.#isBefore(other, worst) ? worst : other));
    this.#remove(last);
    last.turn.resolve(false);
  }

  /** Whether `a`, which came later than `b`, is nevertheless verified before it. */
  #isBefore(a: Waiting, b: Waiting): boolean {
    const byAddress = this.#failures.of(a.asker.address) - this.#failures.of(b.asker.address);
    if (byAddress !== 0) return byAddress < 0;
    return this.#failures.of(a.asker.connection) < this.#failures.of(b.asker.connection);
  }

  #remove(waiting: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
  }
}
