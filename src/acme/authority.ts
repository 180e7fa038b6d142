/** A certificate authority, asked by the rules of RFC 8555 §6: signed requests, each with a nonce of its own. */

import type { AccountKey, ExternalAccount } from './account-key.ts';
import { AcmeError, type Problem } from './acme-error.ts';

/** What is used of `fetch`: Serval's own client has it, and the runtime's. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal?: AbortSignal },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

/** Where the authority has what (RFC 8555 §7.1.1). */
export interface Directory {
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newOrder: string;
  /** RFC 9773 §4. */
  readonly renewalInfo?: string;
  readonly meta?: { readonly termsOfService?: string; readonly externalAccountRequired?: boolean };
}

export interface Answer {
  readonly status: number;
  readonly location: string | null;
  /** Milliseconds; `undefined` where the authority does not say. */
  readonly retryAfter: number | undefined;
  readonly text: string;
}

/** A nonce may be refused because it is old, and Pebble refuses some to see what clients do (RFC 8555 §6.5). */
const MOST_NONCES = 10;

export class Authority {
  readonly #url: string;
  readonly #fetch: Fetch;
  readonly #signal: AbortSignal | undefined;
  #directory: Directory | undefined;
  #nonce: string | undefined;
  #key: AccountKey | undefined;
  /** The URL of the account. */
  #account: string | undefined;

  /** @param url of the directory. */
  constructor(url: string, fetch: Fetch, signal?: AbortSignal) {
    this.#url = url;
    this.#fetch = fetch;
    this.#signal = signal;
  }

  async directory(): Promise<Directory> {
    this.#directory ??= this.#json(await this.#get(this.#url)) as unknown as Directory;
    return this.#directory;
  }

  /** Requests are signed with this key from now on. The account is made where there is none (RFC 8555 §7.3). @returns its URL. */
  async logIn(
    key: AccountKey,
    {
      account,
      email,
      external,
    }: { account?: string | undefined; email?: string | undefined; external?: ExternalAccount | undefined },
  ): Promise<string> {
    this.#key = key;
    this.#account = account;
    if (account !== undefined) return account;
    const { newAccount, meta } = await this.directory();
    if (meta?.externalAccountRequired === true && external === undefined)
      throw new AcmeError('The authority', {
        type: 'externalAccountRequired',
        detail: 'it wants to know its customers: set options.externalAccount',
      });
    const { location } = await this.post(newAccount, {
      termsOfServiceAgreed: true,
      ...(email !== undefined && { contact: [`mailto:${email}`] }),
      ...(external !== undefined && { externalAccountBinding: key.bind(newAccount, external) }),
    });
    if (location === null)
      throw new AcmeError('The account', { detail: 'the authority does not say its URL' });
    this.#account = location;
    return location;
  }

  /** @param payload `undefined` only reads (RFC 8555 §6.3). @throws {AcmeError} for what the authority refuses. */
  async post(url: string, payload?: object): Promise<Answer> {
    for (let turn = 1; ; turn++) {
      const nonce = this.#nonce ?? (await this.#newNonce());
      this.#nonce = undefined;
      const message = this.#key!.sign(url, nonce, this.#account, payload);
      try {
        return await this.#ask(url, 'POST', JSON.stringify(message));
      } catch (error) {
        if (!(error instanceof AcmeError) || error.type !== 'badNonce' || turn === MOST_NONCES) throw error;
      }
    }
  }

  /** The same, of an answer in JSON. */
  async postForJson<T>(url: string, payload?: object): Promise<T & Pick<Answer, 'location' | 'retryAfter'>> {
    const answer = await this.post(url, payload);
    const { location, retryAfter } = answer;
    return { ...(this.#json(answer) as T), location, retryAfter };
  }

  /** When the authority would like a certificate to be renewed (RFC 9773 §4). @param id see `certificateId`. */
  async renewalInfo(
    id: string,
  ): Promise<{ start: number; end: number; retryAfter: number | undefined } | undefined> {
    const { renewalInfo } = await this.directory();
    if (renewalInfo === undefined) return undefined;
    const answer = await this.#get(`${renewalInfo}/${id}`);
    const { suggestedWindow } = this.#json(answer) as { suggestedWindow?: { start: string; end: string } };
    const [start, end] = [suggestedWindow?.start, suggestedWindow?.end].map((text) => Date.parse(text ?? ''));
    // RFC 9773 §4.2: one that makes no sense counts as none.
    if (!(start! < end!)) return undefined;
    return { start: start!, end: end!, retryAfter: answer.retryAfter };
  }

  async #newNonce(): Promise<string> {
    const { newNonce } = await this.directory();
    await this.#ask(newNonce, 'HEAD');
    if (this.#nonce === undefined) throw new AcmeError('The nonce', { detail: 'the authority gives none' });
    return this.#nonce;
  }

  #get(url: string): Promise<Answer> {
    return this.#ask(url, 'GET');
  }

  async #ask(url: string, method: string, body?: string): Promise<Answer> {
    const response = await this.#fetch(url, {
      method,
      headers: { Accept: '*/*', ...(body !== undefined && { 'Content-Type': 'application/jose+json' }) },
      ...(body !== undefined && { body }),
      ...(this.#signal && { signal: this.#signal }),
    });
    this.#nonce = response.headers.get('replay-nonce') ?? this.#nonce;
    const text = await response.text();
    const { status } = response;
    const retryAfter = millisecondsOf(response.headers.get('retry-after'));
    if (status >= 200 && status < 300)
      return { status, location: response.headers.get('location'), retryAfter, text };
    throw new AcmeError(`${method} ${url}`, problemIn(text, status), status, retryAfter);
  }

  #json({ text }: Pick<Answer, 'text'>): Record<string, unknown> {
    try {
      return JSON.parse(text);
    } catch {
      throw new AcmeError('The authority', { detail: 'it answers what is no JSON' });
    }
  }
}

function problemIn(text: string, status: number): Problem {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === 'object' && problem !== null) return problem;
  } catch {
    // A page of some proxy, for example.
  }
  return { detail: `status ${status}` };
}

/** RFC 9110 §10.2.3. */
function millisecondsOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
