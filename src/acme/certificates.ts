/** Certificates that are ordered, renewed and replaced by themselves. */
import { statSync } from 'node:fs';
import { Client } from '../client/index.ts';
import { type Clock, systemClock } from '../io/clock.ts';
import { Deferred } from '../io/deferred.ts';
import { takeLock } from '../io/lock.ts';
import { type Identity, readIdentity, type TlsCertificate } from '../tls/identity.ts';
import { type IssuedPair, issueChallenge } from '../tls/issuing.ts';
import type { TlsOptions } from '../tls/options.ts';
import type { TlsSource } from '../tls/source.ts';
import type { Fetch } from './authority.ts';
import { type AcmeOptions, type AcmeSettings, resolveAcme } from './options.ts';
import { challengeDigest } from './order.ts';
import { Renewal } from './renewal.ts';
import { Storage } from './storage.ts';

/** How often the file of the certificate is looked at, and how often it is asked whether it is time to renew it. */
const LOOK_MS = 2_000;
const RENEW_MS = 30_000;
const DAY_MS = 86_400_000;
const MOST_ANSWER_OCTETS = 1_048_576;

/**
 * Orders a certificate for the names, and renews it in time, for `options.tls`. The authority asks this server to prove that it
 * holds the names: over plain HTTP at port 80, which `redirectHttp` answers, or in a TLS handshake at port 443.
 *
 * ```ts
 * const tls = acme({ names: ['example.com'], email: 'ann@example.com' });
 * serve(handler, { port: 443, tls, redirectHttp: 80 });
 * await tls.ready;
 * ```
 *
 * Using it means to agree to the authority's terms of service. Of several processes that share the folder, one renews for all.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function acme(options: AcmeOptions): AcmeCertificates {
  return new AcmeCertificates(resolveAcme(options));
}

export class AcmeCertificates implements TlsSource, AsyncDisposable {
  #tls: TlsOptions;
  #pair: IssuedPair | undefined;
  #seen = '';
  #isLooking = false;
  #isRenewing: Promise<void> | undefined;
  #isClosed = false;
  readonly #ready = new Deferred();
  readonly #stops: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #settings: AcmeSettings;
  readonly #storage: Storage;
  readonly #renewal: Renewal;
  readonly #client: Client | undefined;
  readonly #clock: Clock;
  readonly #ending = new AbortController();
  /** By name, the certificates that answer the authority, for the authorization they were made for. */
  readonly #challenges = new Map<string, { authorization: string; pair: IssuedPair }>();

  /** @internal Not for users: see {@link acme}. @param fetch instead of Serval's own client. */
  constructor(settings: AcmeSettings, clock: Clock = systemClock, fetch?: Fetch) {
    this.#settings = settings;
    this.#clock = clock;
    this.#storage = new Storage(settings.folder, settings.directory, settings.names[0]!);
    const { ca } = settings;
    if (fetch === undefined) {
      const timeouts = { headers: 60_000, receive: 60_000 };
      this.#client = new Client({
        timeouts,
        limits: { maxResponseSize: MOST_ANSWER_OCTETS },
        ...(ca !== undefined && { tls: { ca } }),
      });
    }
    const ask: Fetch = fetch ?? ((url, init) => this.#client!.fetch(url, init));
    this.#renewal = new Renewal(settings, this.#storage, ask, clock, this.#ending.signal);
    // Until there is a certificate, handshakes fail with an alert; an authority's question is answered all the same.
    this.#tls = { ...settings.tls, sni: () => undefined };
  }

  /** Fulfils when there is a certificate: at once, where one is in the folder. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get tls(): TlsOptions {
    return this.#tls;
  }

  subscribe(onChange: () => void): () => void {
    this.#listeners.add(onChange);
    this.start();
    return () => {
      this.#listeners.delete(onChange);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  /** Begins to look for certificates, and to renew them. A server that listens does it. */
  start(): void {
    if (this.#stops.length > 0 || this.#isClosed) return;
    this.#stops.push(this.#clock.every(LOOK_MS, () => this.#look()));
    void this.#readAgain().then(() => this.#renew());
    if (this.#settings.renews) this.#stops.push(this.#clock.every(RENEW_MS, () => this.#renew()));
  }

  /** Orders or renews the certificate if it is time; fulfils when that is done, or has failed. For tests and for the impatient. */
  renewIfDue(): Promise<void> {
    this.#renew();
    return this.#isRenewing ?? Promise.resolve();
  }

  /** Breaks off what is under way; what has been written stays. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stop();
    this.#ending.abort(new DOMException('The certificates were closed', 'AbortError'));
    await this.#isRenewing;
    await this.#client?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  // --- questions of the authority ---

  httpChallenge(token: string): Promise<string | undefined> {
    return this.#storage.answerTo('http-01', token);
  }

  async tlsChallenge(name: string): Promise<TlsCertificate | undefined> {
    const authorization = await this.#storage.answerTo('tls-alpn-01', name);
    if (authorization === undefined) {
      this.#challenges.delete(name);
      return undefined;
    }
    const known = this.#challenges.get(name);
    if (known?.authorization === authorization) return known.pair;
    // The authority looks at what the certificate is for, not at its dates.
    const validity = { from: new Date(0), to: new Date(this.#clock.date() + DAY_MS) };
    const pair = await issueChallenge(name, challengeDigest(authorization), validity);
    this.#challenges.set(name, { authorization, pair });
    return pair;
  }

  // --- the certificate ---

  /** Another worker may have put a new one there. */
  #look(): void {
    const found = statSync(this.#storage.certificateFile, { throwIfNoEntry: false });
    const seen = found === undefined ? '' : `${found.ino} ${found.mtimeMs} ${found.size}`;
    if (seen === this.#seen || this.#isLooking) return;
    this.#isLooking = true;
    void this.#readAgain().finally(() => {
      this.#seen = seen;
      this.#isLooking = false;
    });
  }

  async #readAgain(): Promise<void> {
    try {
      const pair = await this.#storage.certificate();
      if (pair === undefined || (pair.cert === this.#pair?.cert && pair.key === this.#pair.key)) return;
      const identity = this.#identityOf(pair);
      if (identity === undefined) return;
      this.#pair = pair;
      this.#tls = { ...this.#settings.tls, ...pair };
      this.#ready.resolve();
      for (const listener of this.#listeners) listener();
      this.#settings.onCertificate(this.#settings.names);
    } catch (error) {
      this.#settings.onError(error as Error);
    }
  }

  /** `undefined` for one that has expired, or is damaged: a new one is ordered. */
  #identityOf(pair: IssuedPair): Identity | undefined {
    try {
      return readIdentity('certificate', pair, this.#clock.date());
    } catch {
      return undefined;
    }
  }

  #renew(): void {
    if (this.#isRenewing !== undefined || this.#isClosed || !this.#settings.renews) return;
    this.#isRenewing = this.#renewUnderLock()
      .catch((error: Error) => {
        if (!this.#isClosed) this.#settings.onError(error);
      })
      .finally(() => {
        this.#isRenewing = undefined;
      });
  }

  async #renewUnderLock(): Promise<void> {
    if (!(await this.#renewal.mayBeDue())) return;
    const lock = await takeLock(this.#storage.lockFile);
    if (lock === undefined) return;
    try {
      await this.#renewal.run();
    } finally {
      await lock.release();
      await this.#readAgain();
    }
  }
}
