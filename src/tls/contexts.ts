/** Which certificate a client is shown, and OpenSSL's context for it. */
import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { ACME_TLS } from './alpn.ts';
import type { Identity, TlsCertificate } from './identity.ts';
import { digestOf, readNamed, resolveTls, type TlsOptions, type TlsSettings } from './options.ts';
import { isTlsSource, type TlsSource } from './source.ts';
import type { TicketKeys } from './ticket-keys.ts';

/** What the ClientHello says that the choice depends on. */
export interface Asked {
  /** In lower case. */
  readonly serverName: string | null;
  readonly protocols: readonly string[];
}

export interface Choice {
  readonly identity: Identity;
  readonly context: SecureContext;
  /** What the client may choose from. */
  readonly alpn: readonly string[];
}

/**
 * Without renegotiation (RFC 9113 §9.2.1): a client could have a TLS 1.2 server repeat the costly part of the handshake. The
 * server's order of suites counts, but a client without AES in hardware gets the ChaCha20 that it prefers. OpenSSL compresses
 * nothing by default (RFC 9113 §9.2.1). Where the runtime's library has no such switch, it never renegotiates.
 */
const SECURE_OPTIONS =
  (constants.SSL_OP_NO_RENEGOTIATION ?? 0) |
  ((constants as { SSL_OP_PRIORITIZE_CHACHA?: number }).SSL_OP_PRIORITIZE_CHACHA ?? 0);

/** Seconds in which a session may be resumed; where clients show certificates, those are to be looked at more often. */
const SESSION_S = 4 * 3_600;
const CLIENT_SESSION_S = 300;

/** Names whose certificate a callback gave last. */
const MOST_REMEMBERED = 1_000;

interface Remembered {
  readonly given: TlsCertificate;
  readonly identity: Identity;
}

export class SecureContexts {
  #settings: TlsSettings;
  readonly #source: TlsSource | undefined;
  readonly #tickets: TicketKeys;
  readonly #date: () => number;
  readonly #unsubscribe: (() => void) | undefined;
  /** By identity, each with the period of its ticket keys. */
  #contexts = new WeakMap<Identity, { readonly context: SecureContext; readonly period: number }>();
  /** What the callback gave, by name; the one that was used last is last. */
  readonly #remembered = new Map<string, Remembered>();

  /**
   * @param date milliseconds since 1970.
   * @param onFault called when new options of a source are refused; those before stay.
   * @throws {TypeError | RangeError} naming the option.
   */
  constructor(
    given: TlsOptions | TlsSource,
    tickets: TicketKeys,
    date: () => number,
    onFault: (error: unknown) => void,
  ) {
    this.#tickets = tickets;
    this.#date = date;
    this.#source = isTlsSource(given) ? given : undefined;
    this.#settings = resolveTls(this.#source?.tls ?? (given as TlsOptions), date());
    const { identity } = this.#settings;
    // What OpenSSL refuses, it refuses now.
    if (identity !== undefined) this.#contextOf(identity);
    this.#unsubscribe = this.#source?.subscribe(() => {
      try {
        this.replace(this.#source!.tls);
      } catch (error) {
        onFault(error);
      }
    });
  }

  get requestCert(): boolean | 'optional' {
    return this.#settings.requestCert;
  }

  /**
   * From now on, new connections get these. Those that are open keep theirs.
   *
   * @throws {TypeError | RangeError} naming the option; then nothing has changed.
   */
  replace(options: TlsOptions): void {
    const before = { settings: this.#settings, contexts: this.#contexts };
    this.#settings = resolveTls(options, this.#date());
    this.#contexts = new WeakMap();
    try {
      if (this.#settings.identity !== undefined) this.#contextOf(this.#settings.identity);
    } catch (error) {
      this.#settings = before.settings;
      this.#contexts = before.contexts;
      throw error;
    }
    this.#remembered.clear();
  }

  /** Nothing will be replaced any more. */
  close(): void {
    this.#unsubscribe?.();
  }

  /**
   * @returns `undefined` where no certificate is for the name, and none for clients without one.
   * @throws what the callback throws, and {TypeError | RangeError} for what it returns.
   */
  choose(asked: Asked): Choice | undefined | Promise<Choice | undefined> {
    const { serverName, protocols } = asked;
    const { named, callback, identity, alpn } = this.#settings;
    if (serverName !== null) {
      if (protocols.length === 1 && protocols[0] === ACME_TLS && this.#source?.tlsChallenge !== undefined)
        return this.#chooseChallenge(this.#source, serverName);
      const own = named.get(serverName);
      if (own !== undefined) return this.#choice(own, alpn);
      if (callback !== undefined) {
        const given = callback(serverName);
        if (given instanceof Promise)
          return given.then((certificate) => this.#choice(this.#read(serverName, certificate), alpn));
        return this.#choice(this.#read(serverName, given), alpn);
      }
    }
    return this.#choice(identity, alpn);
  }

  /**
   * Whether a request for this host has come over a connection with another server's certificate, while the host has one of its
   * own: the client should open a connection of its own (RFC 9113 §9.1.2). What a callback knows about is not asked for.
   */
  isMisdirected(identity: Identity, host: string): boolean {
    if (identity.covers(host)) return false;
    const { named, identity: unnamed } = this.#settings;
    const own = named.get(host) ?? (unnamed?.covers(host) ? unnamed : undefined);
    return own !== undefined && own !== identity;
  }

  #choice(identity: Identity | undefined, alpn: readonly string[]): Choice | undefined {
    return identity && { identity, context: this.#contextOf(identity), alpn };
  }

  async #chooseChallenge(source: TlsSource, serverName: string): Promise<Choice | undefined> {
    const certificate = await source.tlsChallenge!(serverName);
    if (certificate === undefined) return undefined;
    return this.#choice(readNamed('challenge', certificate, this.#date()), [ACME_TLS]);
  }

  #read(serverName: string, given: unknown): Identity | undefined {
    if (given === undefined || given === null) return this.#settings.identity;
    const certificate = given as TlsCertificate;
    const known = this.#remembered.get(serverName);
    this.#remembered.delete(serverName);
    const identity =
      known !== undefined && isDeepStrictEqual(known.given, { ...certificate })
        ? known.identity
        : readNamed(`options.tls.sni(${JSON.stringify(serverName)})`, certificate, this.#date());
    this.#remembered.set(serverName, { given: { ...certificate }, identity });
    if (this.#remembered.size > MOST_REMEMBERED) {
      const [first] = this.#remembered.keys();
      this.#remembered.delete(first!);
    }
    return identity;
  }

  #contextOf(identity: Identity): SecureContext {
    const { period, keys } = this.#tickets.at(this.#date());
    const known = this.#contexts.get(identity);
    if (known?.period === period) return known.context;
    const { ca, requestCert, minVersion, ciphers, clientRules } = this.#settings;
    const { cert, key, passphrase, certificates } = identity;
    const context = createSecureContext({
      ...{ cert: [...cert], key: [...key], minVersion, ciphers },
      ...(passphrase !== undefined && { passphrase }),
      // Without client certificates there is nothing to verify, and the public authorities need not be loaded.
      ...(requestCert ? ca !== undefined && { ca: [...ca] } : { ca: [] }),
      honorCipherOrder: true,
      secureOptions: SECURE_OPTIONS,
      ticketKeys: keys,
      sessionTimeout: requestCert ? CLIENT_SESSION_S : SESSION_S,
      // A session is resumed only under the names, and by the rules about clients, that it was made under.
      sessionIdContext: digestOf(`${clientRules} ${certificates[0]!.subjectAltName ?? identity.subject}`),
    });
    this.#contexts.set(identity, { context, period });
    return context;
  }
}
