/** An order of a certificate, from the names to the chain (RFC 8555 §7.4, §7.5). */
import { createHash } from 'node:crypto';
import type { AccountKey } from './account-key.ts';
import { AcmeError, type Problem } from './acme-error.ts';
import type { Authority } from './authority.ts';

export type ChallengeType = 'http-01' | 'tls-alpn-01';

/** Has the servers answer a question of the authority, until it is told to stop. */
export interface ChallengeBoard {
  put(type: ChallengeType, name: string, token: string, authorization: string): Promise<void>;
  remove(type: ChallengeType, name: string, token: string): Promise<void>;
}

/** What has to survive the process: with it, an order that the authority has fulfilled can still be fetched. */
export interface PendingOrder {
  readonly url: string;
  /** PEM. */
  readonly key: string;
  /** DER, base64url. */
  readonly request: string;
}

interface Order {
  readonly status: 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';
  readonly authorizations: readonly string[];
  readonly finalize: string;
  readonly certificate?: string;
  readonly error?: Problem;
}

interface Authorization {
  readonly status: 'pending' | 'valid' | 'invalid' | 'deactivated' | 'expired' | 'revoked';
  readonly identifier: { readonly value: string };
  readonly challenges: readonly {
    readonly type: string;
    readonly url: string;
    readonly token: string;
    readonly error?: Problem;
  }[];
}

/** Between two looks at what the authority does, unless it says when to look again. */
const POLL_MS = 1_000;
const LONGEST_POLL_MS = 60_000;
/** It has failed to decide by then. */
const PATIENCE_MS = 5 * 60_000;

export class Ordering {
  readonly #authority: Authority;
  readonly #key: AccountKey;
  readonly #board: ChallengeBoard;
  readonly #sleep: (milliseconds: number) => Promise<void>;

  constructor(
    authority: Authority,
    key: AccountKey,
    board: ChallengeBoard,
    sleep: (milliseconds: number) => Promise<void>,
  ) {
    this.#authority = authority;
    this.#key = key;
    this.#board = board;
    this.#sleep = sleep;
  }

  /** @param replaces the certificate that is renewed (RFC 9773 §5). @returns the URL of the order. */
  async begin(names: readonly string[], replaces: string | undefined): Promise<string> {
    const { newOrder } = await this.#authority.directory();
    const identifiers = names.map((value) => ({ type: 'dns', value }));
    try {
      return await this.#newOrder(newOrder, { identifiers, ...(replaces !== undefined && { replaces }) });
    } catch (error) {
      // It has been renewed by somebody else, or is of another account: it can be ordered all the same.
      if (replaces === undefined || !(error instanceof AcmeError) || error.type === 'rateLimited')
        throw error;
      return this.#newOrder(newOrder, { identifiers });
    }
  }

  async #newOrder(url: string, payload: object): Promise<string> {
    const { location } = await this.#authority.post(url, payload);
    if (location === null) throw new AcmeError('The order', { detail: 'the authority does not say its URL' });
    return location;
  }

  /** Proves that the names are held, and has the certificate made. @returns the chain, as PEM. */
  async fulfil({ url, request }: PendingOrder, types: readonly ChallengeType[]): Promise<string> {
    let order: Order = await this.#read<Order>(url);
    if (order.status === 'pending') {
      // One after the other: each is quick, and what fails says for which name.
      for (const authorization of order.authorizations) await this.#prove(authorization, types);
      order = await this.#until<Order>(url, ({ status }) => status !== 'pending');
    }
    if (order.status === 'ready') {
      await this.#authority.post(order.finalize, { csr: request });
      order = await this.#until<Order>(url, ({ status }) => status === 'valid' || status === 'invalid');
    } else if (order.status === 'processing') {
      order = await this.#until<Order>(url, ({ status }) => status !== 'processing');
    }
    if (order.status !== 'valid' || order.certificate === undefined)
      throw new AcmeError('The order', order.error ?? { detail: `it is ${order.status}` });
    return (await this.#authority.post(order.certificate)).text;
  }

  async #prove(url: string, types: readonly ChallengeType[]): Promise<void> {
    const { status, identifier, challenges } = await this.#read<Authorization>(url);
    if (status === 'valid') return;
    const name = identifier.value;
    const type = types.find((wanted) => challenges.some((offered) => offered.type === wanted));
    const challenge = challenges.find((offered) => offered.type === type);
    if (type === undefined || challenge === undefined) {
      const offered = challenges.map((each) => each.type).join(', ');
      throw new AcmeError(name, {
        detail: `none of ${types.join(', ')} is offered, but ${offered || 'nothing'}`,
      });
    }
    const { token } = challenge;
    await this.#board.put(type, name, token, this.#key.authorizationFor(token));
    try {
      await this.#authority.post(challenge.url, {});
      const decided = await this.#until<Authorization>(url, (now) => now.status !== 'pending');
      if (decided.status === 'valid') return;
      const why = decided.challenges.find((each) => each.error !== undefined)?.error;
      throw new AcmeError(`${name} by ${type}`, why ?? { detail: `it is ${decided.status}` });
    } finally {
      await this.#board.remove(type, name, token);
    }
  }

  async #until<T>(url: string, isSo: (state: T) => boolean): Promise<T> {
    for (let waited = 0; ; ) {
      const state = await this.#read<T>(url);
      if (isSo(state)) return state;
      if (waited >= PATIENCE_MS)
        throw new AcmeError('The authority', {
          detail: `it has not decided within ${PATIENCE_MS / 60_000} minutes`,
        });
      const pause = Math.min(state.retryAfter ?? POLL_MS, LONGEST_POLL_MS);
      await this.#sleep(pause);
      waited += Math.max(pause, POLL_MS);
    }
  }

  #read<T>(url: string): Promise<T & { retryAfter: number | undefined }> {
    return this.#authority.postForJson<T>(url);
  }
}

/** What the certificate for `tls-alpn-01` has to show (RFC 8737 §3). */
export const challengeDigest = (authorization: string): Uint8Array =>
  createHash('sha256').update(authorization).digest();
