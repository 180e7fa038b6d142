/**
 * Verifies passwords at a bounded cost. A hash takes a tenth of a second to verify, by design. So results are cached,
 * concurrent checks of the same password share one verification, and `verification-queue.ts` orders the others.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { type Asker, RecentFailures } from './asker.ts';
import { type PasswordHash, verifyPassword } from './password-hash.ts';
import { VerificationQueue } from './verification-queue.ts';

/** How many wrong passwords are cached, since programs repeat theirs. */
const MAX_WRONG = 256;

/** `busy`: not checked, because too many passwords are being verified. */
export type Verdict = 'right' | 'wrong' | 'busy';

/** A verification that runs or waits. */
interface Pending {
  verdict: Promise<Verdict>;
  /** More than one request waits for it. */
  isShared: boolean;
}

export class Credentials {
  readonly #users: ReadonlyMap<string, PasswordHash>;
  /** Random hashes for unknown users, with the costs of the real ones: response times must not reveal which users exist. */
  readonly #decoys: readonly PasswordHash[];
  readonly #verify: typeof verifyPassword;
  /** Caches are keyed by a keyed hash: no password stays in memory, and lookup times do not help to guess one. */
  readonly #key = randomBytes(32);
  /** At most one entry for each user, since only one password is right. */
  readonly #right = new Set<string>();
  readonly #wrong = new Set<string>();
  readonly #pending = new Map<string, Pending>();
  readonly #failures = new RecentFailures();
  readonly #queue = new VerificationQueue(this.#failures);

  /** @param verify replaced in tests. */
  constructor(users: ReadonlyMap<string, PasswordHash>, verify = verifyPassword) {
    this.#users = users;
    this.#verify = verify;
    if (users.size === 0) throw new TypeError('users: expected at least one user, got none');
    this.#decoys = [...users.values()].map(({ cost, salt, key }) => {
      return { cost, salt: randomBytes(salt.length), key: randomBytes(key.length) };
    });
  }

  /**
   * @param password in NFC.
   * @param isGone whether the client has disconnected; asked when it is the turn of this check.
   */
  check(user: string, password: string, asker: Asker, isGone = () => false): Verdict | Promise<Verdict> {
    const name = createHmac('sha256', this.#key).update(`${user}:${password}`).digest('base64');
    if (this.#right.has(name)) return 'right';
    if (this.#wrong.has(name)) {
      this.#failures.note(asker);
      return 'wrong';
    }
    const pending = this.#pending.get(name);
    if (pending !== undefined) {
      pending.isShared = true;
      return pending.verdict;
    }
    const verdict = this.#inTurn(name, asker, isGone, () => this.#verified(user, password, name, asker));
    this.#pending.set(name, { verdict, isShared: false });
    return verdict;
  }

  /** Costs may differ between hashes. The choice is always the same for a name, and unpredictable. */
  #decoy(user: string): PasswordHash {
    const number = createHmac('sha256', this.#key).update(user).digest().readUInt32BE();
    return this.#decoys[number % this.#decoys.length]!;
  }

  async #inTurn(
    name: string,
    asker: Asker,
    isGone: () => boolean,
    verify: () => Promise<Verdict>,
  ): Promise<Verdict> {
    try {
      if (!(await this.#queue.enter(asker))) return 'busy';
      try {
        return isGone() && !this.#pending.get(name)!.isShared ? 'busy' : await verify();
      } finally {
        this.#queue.leave(asker);
      }
    } finally {
      this.#pending.delete(name);
    }
  }

  async #verified(user: string, password: string, name: string, asker: Asker): Promise<Verdict> {
    const hash = this.#users.get(user);
    const matches = await this.#verify(password, hash ?? this.#decoy(user));
    if (matches && hash !== undefined) {
      this.#right.add(name);
      return 'right';
    }
    this.#failures.note(asker);
    this.#wrong.add(name);
    if (this.#wrong.size > MAX_WRONG) {
      const [oldest] = this.#wrong;
      this.#wrong.delete(oldest!);
    }
    return 'wrong';
  }
}
