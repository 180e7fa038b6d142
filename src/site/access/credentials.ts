/**
 * Verifies passwords at a bounded cost. A hash takes a tenth of a second to verify, by design. So results are cached,
 * concurrent checks of the same password share one verification, and verification never uses more than two threads.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { type PasswordHash, verifyPassword } from './password-hash.ts';

/** Half of the thread pool's four threads: the other half continues to read files. */
const MAX_RUNNING = 2;
/** Beyond this, a check is refused: it would wait for seconds. */
const MAX_WAITING = 32;
/** How many wrong passwords are cached, since programs repeat theirs. */
const MAX_REFUSED = 256;

/** `busy`: not checked, because too many passwords are being verified. */
export type Verdict = 'right' | 'wrong' | 'busy';

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
  readonly #pending = new Map<string, Promise<Verdict>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param verify replaced in tests. */
  constructor(users: ReadonlyMap<string, PasswordHash>, verify = verifyPassword) {
    this.#users = users;
    this.#verify = verify;
    if (users.size === 0) throw new TypeError('users: expected at least one user, got none');
    this.#decoys = [...users.values()].map(({ cost, salt, key }) => {
      return { cost, salt: randomBytes(salt.length), key: randomBytes(key.length) };
    });
  }

  /** @param password in NFC. */
  check(user: string, password: string): Verdict | Promise<Verdict> {
    const name = createHmac('sha256', this.#key).update(`${user}:${password}`).digest('base64');
    if (this.#right.has(name)) return 'right';
    if (this.#wrong.has(name)) return 'wrong';
    const pending = this.#pending.get(name);
    if (pending !== undefined) return pending;
    if (this.#running >= MAX_RUNNING && this.#waiting.length >= MAX_WAITING) return 'busy';
    const verdict = this.#work(user, password, name).finally(() => this.#pending.delete(name));
    this.#pending.set(name, verdict);
    return verdict;
  }

  /** Costs may differ between hashes. The choice is always the same for a name, and unpredictable. */
  #decoy(user: string): PasswordHash {
    const number = createHmac('sha256', this.#key).update(user).digest().readUInt32BE();
    return this.#decoys[number % this.#decoys.length]!;
  }

  async #work(user: string, password: string, name: string): Promise<Verdict> {
    if (this.#running >= MAX_RUNNING) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      const hash = this.#users.get(user);
      const matches = await this.#verify(password, hash ?? this.#decoy(user));
      if (matches && hash !== undefined) {
        this.#right.add(name);
        return 'right';
      }
      this.#wrong.add(name);
      if (this.#wrong.size > MAX_REFUSED) {
        const [oldest] = this.#wrong;
        this.#wrong.delete(oldest!);
      }
      return 'wrong';
    } finally {
      // The first waiting check takes over the place.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
