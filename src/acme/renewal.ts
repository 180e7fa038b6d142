/** One attempt to get a new certificate, when it is time for one. Whoever calls this holds the lock. */
import type { Clock } from '../io/clock.ts';
import { type Identity, readIdentity } from '../tls/identity.ts';
import { authorityKeyIdOf, requestCertificate } from '../tls/issuing.ts';
import { AccountKey } from './account-key.ts';
import { AcmeError } from './acme-error.ts';
import { Authority, type Fetch } from './authority.ts';
import type { AcmeSettings } from './options.ts';
import { type ChallengeType, Ordering } from './order.ts';
import { certificateId, delayAfter, momentWithin, renewalTime } from './renewal-time.ts';
import type { Storage } from './storage.ts';

/** How long a suggestion counts, unless the authority says how long (RFC 9773 §4.3.2), and the least and the most that it can say. */
const SUGGESTION_MS = 6 * 3_600_000;
const LEAST_SUGGESTION_MS = 60_000;
const MOST_SUGGESTION_MS = 24 * 3_600_000;

export class Renewal {
  readonly #settings: AcmeSettings;
  readonly #storage: Storage;
  readonly #fetch: Fetch;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;

  constructor(settings: AcmeSettings, storage: Storage, fetch: Fetch, clock: Clock, signal: AbortSignal) {
    this.#settings = settings;
    this.#storage = storage;
    this.#fetch = fetch;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** A look at the files alone: whether it is worth to take the lock. */
  async mayBeDue(): Promise<boolean> {
    const now = this.#clock.date();
    const state = await this.#storage.state();
    if (now < state.nextAttempt) return false;
    const current = await this.#current(now);
    if (current === undefined) return true;
    return now >= (state.suggestedUntil ?? 0) || now >= (state.renewAt ?? renewalTime(current.cert));
  }

  /** @throws {Error} why there is no new certificate. When it is tried again, is in the storage. */
  async run(): Promise<void> {
    const now = this.#clock.date();
    const state = await this.#storage.state();
    if (now < state.nextAttempt) return;
    await this.#storage.sweepPartials();
    const authority = new Authority(this.#settings.directory, this.#fetch, this.#signal);
    try {
      const current = await this.#current(now);
      if (current !== undefined && now < (await this.#timeFor(current, authority, now))) return;
      await this.#order(authority, current, state.failures);
      await this.#storage.setState({ failures: 0, nextAttempt: 0 });
    } catch (error) {
      // To be told to end is no failure.
      if (this.#signal.aborted) throw error;
      if (error instanceof AcmeError && error.type === 'accountDoesNotExist') await this.#forgetAccount();
      const failures = state.failures + 1;
      const delay = delayAfter(failures, error instanceof AcmeError ? error.retryAfter : undefined);
      await this.#storage.setState({ ...state, failures, nextAttempt: this.#clock.date() + delay });
      throw error;
    }
  }

  /** The certificate there is, if it is for the names and has not expired. */
  async #current(now: number): Promise<{ cert: string; key: string } | undefined> {
    const pair = await this.#storage.certificate();
    if (pair === undefined) return undefined;
    let identity: Identity;
    try {
      identity = readIdentity('certificate', pair, now);
    } catch {
      return undefined;
    }
    return this.#settings.names.every((name) => identity.covers(name)) ? pair : undefined;
  }

  /** What the authority suggests, if it does (RFC 9773); else after two thirds of the lifetime. */
  async #timeFor({ cert }: { cert: string }, authority: Authority, now: number): Promise<number> {
    const state = await this.#storage.state();
    if (now < (state.suggestedUntil ?? 0)) return state.renewAt ?? renewalTime(cert);
    const id = await idOf(cert);
    const suggestion = id === undefined ? undefined : await authority.renewalInfo(id).catch(() => undefined);
    const counts = suggestion?.retryAfter ?? SUGGESTION_MS;
    const suggestedUntil = now + Math.min(Math.max(counts, LEAST_SUGGESTION_MS), MOST_SUGGESTION_MS);
    const renewAt = suggestion === undefined ? renewalTime(cert) : momentWithin(suggestion);
    await this.#storage.setState({ ...state, renewAt, suggestedUntil });
    return renewAt;
  }

  async #order(authority: Authority, current: { cert: string } | undefined, failures: number): Promise<void> {
    const { names, keyType } = this.#settings;
    const key = await this.#logIn(authority);
    const ordering = new Ordering(authority, key, this.#storage, (milliseconds) => this.#sleep(milliseconds));
    let order = await this.#storage.order();
    const isOld = order !== undefined;
    if (order === undefined) {
      const replaces = current === undefined ? undefined : await idOf(current.cert);
      const url = await ordering.begin(names, await this.#known(authority, replaces));
      const made = await requestCertificate(names, keyType);
      order = { url, key: made.key, request: Buffer.from(made.request).toString('base64url') };
      // From here on, a process that is killed leaves nothing behind that is lost.
      await this.#storage.setOrder(order);
    }
    let chain: string;
    try {
      chain = await ordering.fulfil(order, this.#challengesFor(failures));
    } catch (error) {
      // Kept where the network has failed; what the authority has decided stays decided.
      if (error instanceof AcmeError && error.status < 500) await this.#storage.forgetOrder();
      // An order from before is gone after some days, and that is no failure of this one.
      if (isOld && error instanceof AcmeError && error.status < 500)
        return this.#order(authority, current, failures);
      throw error;
    }
    // What is no certificate for the key and the names replaces none.
    const identity = readIdentity('the certificate', { cert: chain, key: order.key }, this.#clock.date());
    const missing = names.find((name) => !identity.covers(name));
    if (missing !== undefined) throw new AcmeError('The certificate', { detail: `it is not for ${missing}` });
    await this.#storage.setCertificate(chain, order.key);
  }

  /** An authority without renewal information refuses to hear what is replaced. */
  async #known(authority: Authority, replaces: string | undefined): Promise<string | undefined> {
    return (await authority.directory()).renewalInfo === undefined ? undefined : replaces;
  }

  async #logIn(authority: Authority): Promise<AccountKey> {
    const { email, externalAccount: external } = this.#settings;
    const known = await this.#storage.account();
    const key = new AccountKey(known?.key);
    // First the key, then the account: one that was made for a key that is lost would be lost as well.
    if (known === undefined) await this.#storage.setAccount({ key: key.pem });
    const url = await authority.logIn(key, { account: known?.url, email, external });
    if (known?.url === undefined) await this.#storage.setAccount({ key: key.pem, url });
    return key;
  }

  /** The authority knows it no more: next time it is made again, with the same key. */
  async #forgetAccount(): Promise<void> {
    const known = await this.#storage.account();
    if (known !== undefined) await this.#storage.setAccount({ key: known.key });
  }

  /** The first choice, and after each failure the next one. */
  #challengesFor(failures: number): readonly ChallengeType[] {
    const { challenges } = this.#settings;
    const first = failures % challenges.length;
    return [...challenges.slice(first), ...challenges.slice(0, first)];
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(this.#signal.reason);
      };
      const timer = setTimeout(() => {
        this.#signal.removeEventListener('abort', onAbort);
        resolve();
      }, milliseconds);
      this.#signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

async function idOf(cert: string): Promise<string | undefined> {
  const authorityKeyId = await authorityKeyIdOf(cert);
  return authorityKeyId && certificateId(authorityKeyId, cert);
}
