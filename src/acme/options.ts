/** The options of `acme`: their shapes, defaults and checks. */
import { join } from 'node:path';
import { configFolder } from '../io/config-folder.ts';
import { checkMembers, checkObject, checkOneOf, checkType, refusal } from '../options/checks.ts';
import type { KeyType } from '../tls/issuing.ts';
import { readNamePattern } from '../tls/name-table.ts';
import type { TlsOptions } from '../tls/options.ts';
import type { ExternalAccount } from './account-key.ts';
import type { ChallengeType } from './order.ts';

export interface AcmeOptions {
  /** What the certificate is for: host names without wildcards, which would need an answer in the DNS. */
  names: readonly string[];
  /** Where the authority writes when something goes wrong. */
  email?: string;
  /**
   * The directory of the authority. `"letsencrypt"`; `"letsencrypt-staging"` to try it out, whose certificates nobody trusts and
   * which has no tight limits; or a URL. Default `"letsencrypt"`.
   */
  directory?: string;
  /** Where accounts and certificates are kept. Default: `acme` in the user's configuration folder. */
  folder?: string;
  /** How names are proven, the first choice first. After a failure it is tried with the next one. Default: both. */
  challenges?: readonly ChallengeType[];
  /** Default `"ecdsa"`. */
  keyType?: KeyType;
  /** What a provider that wants to know its customers has handed out. */
  externalAccount?: ExternalAccount;
  /** Authorities that are trusted for the connection to the directory, as PEM. Default: the public ones. */
  ca?: string;
  /** Whether certificates are ordered here. With false they are taken from the folder, where another process puts them. Default true. */
  renews?: boolean;
  /** All other members of the `tls` option. */
  tls?: Omit<TlsOptions, 'cert' | 'key' | 'passphrase' | 'sni'>;
  /** Hears of a new certificate. */
  onCertificate?: (names: readonly string[]) => void;
  /** Hears why there is none. Default: a line on standard error. */
  onError?: (error: Error) => void;
}

export interface AcmeSettings {
  readonly names: readonly string[];
  readonly email: string | undefined;
  readonly directory: string;
  readonly folder: string;
  readonly challenges: readonly ChallengeType[];
  readonly keyType: KeyType;
  readonly externalAccount: ExternalAccount | undefined;
  readonly ca: string | undefined;
  readonly renews: boolean;
  readonly tls: AcmeOptions['tls'];
  readonly onCertificate: (names: readonly string[]) => void;
  readonly onError: (error: Error) => void;
}

const DIRECTORIES: Readonly<Record<string, string>> = {
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};
const CHALLENGES: readonly ChallengeType[] = ['http-01', 'tls-alpn-01'];
/** What Let's Encrypt puts into one certificate. */
const MOST_NAMES = 100;

const OPTIONS: readonly (keyof AcmeOptions)[] = [
  ...(['names', 'email', 'directory', 'folder', 'challenges', 'keyType', 'externalAccount'] as const),
  ...(['ca', 'renews', 'tls', 'onCertificate', 'onError'] as const),
];

/** @throws {TypeError | RangeError} naming the option and the value. */
export function resolveAcme(options: AcmeOptions): AcmeSettings {
  if (options === undefined || options === null)
    throw new TypeError(refusal('options', 'an object', options));
  checkMembers('options', options, OPTIONS);
  for (const name of ['email', 'directory', 'folder', 'ca'] as const)
    checkType(`options.${name}`, options[name], 'string');
  checkOneOf('options.keyType', options.keyType, ['ecdsa', 'rsa']);
  checkType('options.renews', options.renews, 'boolean');
  checkObject('options.tls', options.tls);
  checkObject('options.externalAccount', options.externalAccount);
  for (const name of ['onCertificate', 'onError'] as const)
    checkType(`options.${name}`, options[name], 'function');
  if (options.email !== undefined && !/^[^@\s,?]+@[^@\s,?]+$/.test(options.email))
    throw new TypeError(refusal('options.email', 'an address such as ann@example.com', options.email));
  return {
    names: readNames(options.names),
    email: options.email,
    directory: readDirectory(options.directory),
    folder: options.folder ?? join(configFolder(), 'acme'),
    challenges: readChallenges(options.challenges),
    keyType: options.keyType ?? 'ecdsa',
    externalAccount: options.externalAccount,
    ca: options.ca,
    renews: options.renews ?? true,
    tls: options.tls,
    onCertificate: options.onCertificate ?? (() => {}),
    onError: options.onError ?? printError,
  };
}

function readNames(given: unknown): string[] {
  if (!Array.isArray(given) || given.length === 0)
    throw new TypeError(refusal('options.names', 'an array of host names', given));
  if (given.length > MOST_NAMES)
    throw new RangeError(`options.names: expected at most ${MOST_NAMES} names, got ${given.length}`);
  return given.map((text: unknown) => {
    const name = typeof text === 'string' ? readNamePattern(text) : undefined;
    if (name === undefined)
      throw new TypeError(refusal('options.names', 'a host name such as example.com', text));
    if (name.startsWith('*'))
      throw new TypeError(
        `${refusal('options.names', 'a host name without wildcard', text)}; it would need an answer in the DNS`,
      );
    return name;
  });
}

function readDirectory(given = 'letsencrypt'): string {
  const url = DIRECTORIES[given] ?? given;
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
    const known = Object.keys(DIRECTORIES).join(', ');
    throw new TypeError(refusal('options.directory', `${known}, or an https URL`, given));
  }
  return url;
}

function readChallenges(given: unknown): readonly ChallengeType[] {
  if (given === undefined) return CHALLENGES;
  const expected = `an array of one or more of ${CHALLENGES.join(', ')}`;
  if (!Array.isArray(given) || given.length === 0)
    throw new TypeError(refusal('options.challenges', expected, given));
  for (const type of given) {
    if (!CHALLENGES.includes(type)) throw new TypeError(refusal('options.challenges', expected, type));
  }
  return given;
}

function printError(error: Error): void {
  console.error(`serval: no new certificate: ${error.message}`);
}
