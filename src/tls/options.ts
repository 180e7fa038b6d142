/** The `tls` option of `serve` and `listen`: its shape, defaults and checks (Fetch Server API draft, "TLS configuration"). */
import { createHash } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { checkObject, checkOneOf, checkType, refusal } from '../options/checks.ts';
import { ALPN_PROTOCOLS } from './alpn.ts';
import { cipherSuites } from './cipher-suites.ts';
import {
  type Identity,
  type Pem,
  readCertificate,
  readIdentity,
  readPem,
  type TlsCertificate,
} from './identity.ts';
import { NameTable, readNamePattern } from './name-table.ts';

/** Nothing: the certificate without a name is shown. */
// biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing.
type Chosen = TlsCertificate | null | undefined | void;

/** Chooses a certificate by the name that the client asks for, in lower case. */
export type SniCallback = (serverName: string) => Chosen | Promise<Chosen>;

export interface TlsOptions extends Partial<TlsCertificate> {
  /**
   * Certificates by name: `example.com`, or `*.example.com` for the names of one label more. Or a callback, which may be
   * asynchronous. Where neither has one, `cert` is shown; where that is not given, the handshake fails.
   */
  sni?: Readonly<Record<string, TlsCertificate>> | SniCallback;
  /** The protocols that clients may choose from, the first choice first. Default: all that are supported. */
  alpn?: readonly string[];
  /** Ours: the authorities of client certificates, as PEM. Default: the public ones of the runtime. */
  ca?: Pem | readonly Pem[];
  /**
   * Ours: whether clients are asked for a certificate. `true`: one without a valid one is turned away in the handshake.
   * `"optional"`: one without a certificate is served, and `ctx.peerCertificate` is `null`. Default false.
   */
  requestCert?: boolean | 'optional';
  /** Ours: `"TLSv1.2"` or `"TLSv1.3"`. Default `"TLSv1.2"`. */
  minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** Ours: OpenSSL's list of suites. Those that RFC 9113 Appendix A prohibits are never used. */
  ciphers?: string;
}

/** The options with every member checked and read. */
export interface TlsSettings {
  /** For clients that ask for no name, and for names without a certificate of their own. */
  readonly identity: Identity | undefined;
  readonly named: NameTable<Identity>;
  readonly callback: SniCallback | undefined;
  readonly alpn: readonly string[];
  readonly ca: readonly string[] | undefined;
  readonly requestCert: boolean | 'optional';
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly ciphers: string;
  /** What a session may only be resumed with: who clients have to be. */
  readonly clientRules: string;
}

const OPTIONS: ReadonlySet<string> = new Set([
  'cert',
  'key',
  'passphrase',
  'sni',
  'alpn',
  'ca',
  'requestCert',
  'minVersion',
  'ciphers',
] satisfies (keyof TlsOptions)[]);
const CERTIFICATE_OPTIONS: readonly string[] = ['cert', 'key', 'passphrase'];

/**
 * Checks the options and reads the certificates.
 *
 * @param now milliseconds since 1970.
 * @throws {TypeError | RangeError} naming the option; it never shows anything of a key.
 */
export function resolveTls(options: TlsOptions, now: number, name = 'options.tls'): TlsSettings {
  if (options === undefined || options === null) throw new TypeError(refusal(name, 'an object', options));
  checkObject(name, options);
  checkNames(name, options, OPTIONS);
  const { cert, sni, ca, requestCert = false, minVersion = 'TLSv1.2', ciphers } = options;
  if (cert === undefined && sni === undefined)
    throw new TypeError(`${name}: expected cert and key, or sni, got neither`);
  for (const [member, other] of [
    ['cert', 'key'],
    ['key', 'cert'],
  ] as const) {
    if (options[member] === undefined && options[other] !== undefined)
      throw new TypeError(`${name}.${member}: expected PEM text, because there is ${name}.${other}`);
  }
  checkOneOf(`${name}.requestCert`, requestCert, [true, false, 'optional']);
  checkOneOf(`${name}.minVersion`, minVersion, ['TLSv1.2', 'TLSv1.3']);
  checkCiphers(`${name}.ciphers`, ciphers);
  const authorities = ca === undefined ? undefined : readPem(`${name}.ca`, ca);
  for (const pem of authorities ?? []) readCertificate(`${name}.ca`, pem);
  const identity = cert === undefined ? undefined : readIdentity(name, options as TlsCertificate, now);
  return {
    identity,
    named: typeof sni === 'object' ? readNames(`${name}.sni`, sni, now) : new NameTable(),
    callback: readCallback(`${name}.sni`, sni),
    alpn: readAlpn(`${name}.alpn`, options.alpn),
    ca: authorities,
    requestCert,
    minVersion,
    ciphers: cipherSuites(ciphers),
    clientRules: JSON.stringify([requestCert, authorities ?? null]),
  };
}

function checkCiphers(option: string, ciphers: string | undefined): void {
  if (ciphers === undefined) return;
  checkType(option, ciphers, 'string');
  try {
    createSecureContext({ ca: [], ciphers: cipherSuites(ciphers) });
  } catch {
    const expected =
      'a list of suites as OpenSSL has it, with one that RFC 9113 Appendix A does not prohibit';
    throw new TypeError(refusal(option, expected, ciphers));
  }
}

function readCallback(name: string, sni: TlsOptions['sni']): SniCallback | undefined {
  if (sni === undefined || (typeof sni === 'object' && sni !== null)) return undefined;
  if (typeof sni !== 'function') throw new TypeError(refusal(name, 'an object or a function', sni));
  return sni;
}

function readNames(
  option: string,
  given: Readonly<Record<string, TlsCertificate>>,
  now: number,
): NameTable<Identity> {
  checkObject(option, given);
  const names = new NameTable<Identity>();
  for (const [text, certificate] of Object.entries(given)) {
    const pattern = readNamePattern(text);
    const name = `${option}[${JSON.stringify(text)}]`;
    if (pattern === undefined)
      throw new TypeError(`${name}: expected a name such as example.com or *.example.com`);
    names.set(pattern, readNamed(name, certificate, now));
  }
  return names;
}

/** @throws {TypeError | RangeError} naming it as `name`. */
export function readNamed(name: string, given: TlsCertificate, now: number): Identity {
  if (typeof given !== 'object' || given === null)
    throw new TypeError(refusal(name, 'an object with cert and key', given));
  checkNames(name, given, new Set(CERTIFICATE_OPTIONS));
  return readIdentity(name, given, now);
}

function readAlpn(option: string, given: unknown): readonly string[] {
  if (given === undefined) return ALPN_PROTOCOLS;
  const expected = `an array of one or more of ${ALPN_PROTOCOLS.join(', ')}`;
  if (!Array.isArray(given) || given.length === 0) throw new TypeError(refusal(option, expected, given));
  for (const protocol of given) {
    if (!ALPN_PROTOCOLS.includes(protocol)) throw new TypeError(refusal(option, expected, protocol));
  }
  return [...(given as string[])];
}

function checkNames(option: string, value: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(value)) {
    if (!known.has(name)) throw new TypeError(`${option}.${name}: there is no such option`);
  }
}

/** A short name for the text, that OpenSSL takes as the context of a session. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 32);
}
