/**
 * A certificate for development: of an authority that this user's Serval makes once, for the names of this machine. Whoever
 * trusts that authority has no warnings, and nobody else can sign with it.
 */
import { X509Certificate } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFolder } from '../../io/config-folder.ts';
import { type HeldLock, takeLock } from '../../io/lock.ts';
import { readIfAny, writePrivately } from '../../io/private-file.ts';
import { type Identity, readIdentity } from '../identity.ts';
import { type IssuedPair, issueAuthority, issueCertificate } from '../issuing.ts';
import { localNames } from './local-names.ts';

export interface DevelopmentCertificate {
  /** Of the certificate with its key, and of the authority without. */
  readonly certFile: string;
  readonly keyFile: string;
  readonly authorityFile: string;
  /** SHA-256 of the authority's certificate: what a user can compare before trusting it. */
  readonly fingerprint: string;
  readonly names: readonly string[];
  /** It was made now: nothing on this machine trusts it yet. */
  readonly isNewAuthority: boolean;
}

export interface DevelopmentOptions {
  readonly folder?: string;
  readonly names?: readonly string[];
  /** Milliseconds since 1970. */
  readonly now?: number;
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3_650;
/** Browsers and systems take no longer ones, not even of authorities that the user has added (Apple: 825 days). */
const CERTIFICATE_DAYS = 397;
/** A process that ends in the middle of the work leaves its lock behind: for this time. */
const STALE_MS = 15_000;
const MOST_WAIT_MS = 30_000;
const POLL_MS = 50;
/** It is replaced before it can expire in the middle of the work. */
const RENEWAL_DAYS = 30;

/**
 * Reads the certificate; makes it, or a new one, where there is none, where it expires soon, or where the names have changed.
 *
 * @throws {Error} that says what to install, where something has to be made and the library for it is missing.
 */
export async function developmentCertificate({
  folder = configFolder(),
  names = localNames(),
  now = Date.now(),
}: DevelopmentOptions = {}): Promise<DevelopmentCertificate> {
  const files = {
    authorityFile: join(folder, 'authority.pem'),
    certFile: join(folder, 'certificate.pem'),
    keyFile: join(folder, 'certificate.key'),
  };
  const authorityKeyFile = join(folder, 'authority.key');
  /** @returns the authority, if it is good and so is the certificate. */
  const find = async (): Promise<IssuedPair | undefined> => {
    const authority = await readPair(files.authorityFile, authorityKeyFile, now);
    const known = await readPair(files.certFile, files.keyFile, now);
    return authority && known && isGood(known, authority, names) ? authority : undefined;
  };
  let authority = await find();
  let isNewAuthority = false;
  if (authority === undefined) {
    // Of two processes that start for the first time at once, one makes the authority and the other one uses it.
    const lock = await waitForLock(join(folder, 'lock'));
    try {
      authority = await find();
      if (authority === undefined) {
        authority = await readPair(files.authorityFile, authorityKeyFile, now);
        isNewAuthority = authority === undefined;
        authority ??= await newAuthority(files.authorityFile, authorityKeyFile, now);
        const pair = await issueCertificate(authority, names, validity(now, CERTIFICATE_DAYS));
        await writePairTo(files.certFile, files.keyFile, pair);
      }
    } finally {
      await lock.release();
    }
  }
  const fingerprint = new X509Certificate(authority.cert).fingerprint256;
  return { ...files, fingerprint, names, isNewAuthority };
}

/** @throws {Error} if another process holds it for longer than the work takes. */
async function waitForLock(file: string): Promise<HeldLock> {
  for (let waited = 0; waited < MOST_WAIT_MS; waited += POLL_MS) {
    const lock = await takeLock(file, Date.now, STALE_MS);
    if (lock !== undefined) return lock;
    await sleep(POLL_MS);
  }
  throw new Error(`another process holds ${file}; remove the file if there is none`);
}

async function newAuthority(file: string, keyFile: string, now: number): Promise<IssuedPair> {
  const authority = await issueAuthority(authorityName(), validity(now, AUTHORITY_DAYS));
  await writePairTo(file, keyFile, authority);
  return authority;
}

/** @returns what is in the files, if it fits together and lasts a while. */
async function readPair(certFile: string, keyFile: string, now: number): Promise<IssuedPair | undefined> {
  const [cert, key] = await Promise.all([readIfAny(certFile), readIfAny(keyFile)]);
  if (cert === undefined || key === undefined) return undefined;
  let identity: Identity;
  try {
    identity = readIdentity(certFile, { cert, key }, now);
  } catch {
    // Broken, or expired: it is made anew.
    return undefined;
  }
  return identity.validTo - now < RENEWAL_DAYS * DAY_MS ? undefined : { cert, key };
}

function isGood({ cert }: IssuedPair, authority: IssuedPair, names: readonly string[]): boolean {
  const certificate = new X509Certificate(cert);
  const issuer = new X509Certificate(authority.cert);
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return false;
  return names.every((name) => (certificate.checkHost(name) ?? certificate.checkIP(name)) !== undefined);
}

/** The key first: a certificate without its key is made anew, and a key alone is no harm. */
async function writePairTo(certFile: string, keyFile: string, { cert, key }: IssuedPair): Promise<void> {
  await writePrivately(keyFile, key);
  await writePrivately(certFile, cert);
}

/** A clock that is a little behind, as in a virtual machine, takes it as well. */
function validity(now: number, days: number): { from: Date; to: Date } {
  return { from: new Date(now - DAY_MS), to: new Date(now + (days - 1) * DAY_MS) };
}

/** Shown in the lists of systems and browsers, where the user has to recognise it. */
function authorityName(): string {
  let user = '';
  try {
    user = `${userInfo().username}@`;
  } catch {
    // A container may run under a number without a name.
  }
  return `Serval development ${user}${hostname()}`.slice(0, 64);
}
