/**
 * Whether a user's password is right, at a bounded price. A hash takes a tenth of a second to compare on purpose, so
 * what was found right is remembered, the same question is worked out once however many ask it at a time, and who
 * guesses can keep two threads busy and no more.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { type PasswordHash, verifyPassword } from './password-hash.ts';

/** Half of the thread pool's four: the other half goes on reading files. */
const MAX_RUNNING = 2;
/** Beyond these, guesses are turned away: each would wait for seconds. */
const MAX_WAITING = 32;
/** Wrong passwords that are remembered, since programs repeat theirs. */
const MAX_REFUSED = 256;

/** `busy`: not now, because too many are being verified. */
export type Verdict = 'right' | 'wrong' | 'busy';

export class Credentials {
  readonly #users: ReadonlyMap<string, PasswordHash>;
  /** Compared with when there is no such user, so that the time an answer takes does not tell who exists: one as each has. */
  readonly #nobodies: readonly PasswordHash[];
  readonly #verify: typeof verifyPassword;
  /** What is remembered is found by a keyed hash: no password stays in memory, and no timing helps to guess one. */
  readonly #key = randomBytes(32);
  /** At most one entry a user: of all the passwords there are, one is right. */
  readonly #right = new Set<string>();
  readonly #wrong = new Set<string>();
  readonly #pending = new Map<string, Promise<Verdict>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param verify for tests, which can't wait. */
  constructor(users: ReadonlyMap<string, PasswordHash>, verify = verifyPassword) {
    this.#users = users;
    this.#verify = verify;
    if (users.size === 0) throw new TypeError('Credentials: there is no user');
    this.#nobodies = [...users.values()].map(({ cost, salt, key }) => {
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

  /** Hashes may differ in their cost. To which a name is compared is always the same, and for nobody to foresee. */
  #nobody(user: string): PasswordHash {
    const number = createHmac('sha256', this.#key).update(user).digest().readUInt32BE();
    return this.#nobodies[number % this.#nobodies.length]!;
  }

  async #work(user: string, password: string, name: string): Promise<Verdict> {
    if (this.#running >= MAX_RUNNING) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      const hash = this.#users.get(user);
      const matches = await this.#verify(password, hash ?? this.#nobody(user));
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
      // The place goes straight to who waits, if anybody does.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
