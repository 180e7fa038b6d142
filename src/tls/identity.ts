/** A certificate with its key, checked: as a server shows it to clients, or as it stands in an option. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { refusal } from '../options/checks.ts';

/** PEM text, or its bytes. */
export type Pem = string | Uint8Array;

/** A certificate and its private key. Arrays for several types of key: ECDSA for modern clients, RSA for the others. */
export interface TlsCertificate {
  /** The certificate, and behind it in the same PEM the intermediate ones. */
  cert: Pem | readonly Pem[];
  key: Pem | readonly Pem[];
  /** Ours: for keys that are encrypted. */
  passphrase?: string;
}

/** Of `checkHost`: a common name is no server name (RFC 9525 §2), and an asterisk stands for one whole label (§6.3). */
const HOST_RULES = {
  subject: 'never',
  partialWildcards: false,
  multiLabelWildcards: false,
  singleLabelSubdomains: false,
} as const;

export class Identity {
  readonly cert: readonly string[];
  readonly key: readonly string[];
  readonly passphrase: string | undefined;
  /** One for each type of key. */
  readonly certificates: readonly X509Certificate[];

  /** Not for users: see {@link readIdentity}. */
  constructor(
    cert: readonly string[],
    key: readonly string[],
    passphrase: string | undefined,
    certificates: readonly X509Certificate[],
  ) {
    this.cert = cert;
    this.key = key;
    this.passphrase = passphrase;
    this.certificates = certificates;
  }

  /** Whether each of the certificates is for this host: a name, or an address. */
  covers(host: string): boolean {
    return this.certificates.every((certificate) => {
      if (host.includes(':') || /^[\d.]+$/.test(host)) return certificate.checkIP(host) !== undefined;
      return certificate.checkHost(host, HOST_RULES) !== undefined;
    });
  }

  /** The first moment at which one of them is not valid any more, in milliseconds since 1970. */
  get validTo(): number {
    return Math.min(...this.certificates.map(({ validTo }) => Date.parse(validTo)));
  }

  /** `CN=example.com`, for messages. */
  get subject(): string {
    return subjectOf(this.certificates[0]!);
  }
}

/**
 * Reads and checks a certificate and its key.
 *
 * @param option what users call it: `options.tls`.
 * @param now milliseconds since 1970.
 * @throws {TypeError} for what is no PEM, or does not belong together; it never shows anything of a key.
 * @throws {RangeError} for a certificate that is not valid now.
 */
export function readIdentity(option: string, given: TlsCertificate, now: number): Identity {
  const cert = readPem(`${option}.cert`, given.cert);
  const key = readPem(`${option}.key`, given.key);
  if (given.passphrase !== undefined && typeof given.passphrase !== 'string')
    throw new TypeError(`${option}.passphrase: expected a string, got ${typeof given.passphrase}`);
  const certificates = cert.map((pem) => readCertificate(`${option}.cert`, pem));
  const keys = key.map((pem) => readKey(option, pem, given.passphrase));
  for (const certificate of certificates) checkValidity(`${option}.cert`, certificate, now);
  for (const certificate of certificates) {
    if (keys.some((privateKey) => certificate.checkPrivateKey(privateKey))) continue;
    throw new TypeError(
      `${option}.key: expected the private key of ${subjectOf(certificate)} in ${option}.cert, got another key`,
    );
  }
  if (keys.length > certificates.length)
    throw new TypeError(`${option}.cert: expected a certificate for each of the ${keys.length} keys`);
  return new Identity(cert, key, given.passphrase, certificates);
}

/** @throws {TypeError} for what is no PEM. */
export function readPem(option: string, given: unknown): string[] {
  const items = Array.isArray(given) ? given : [given];
  if (items.length === 0) throw new TypeError(refusal(option, 'PEM text', given));
  return items.map((item: unknown) => {
    const text = item instanceof Uint8Array ? Buffer.from(item).toString('latin1') : item;
    if (typeof text !== 'string')
      throw new TypeError(refusal(option, 'PEM text, its bytes, or an array', item));
    if (!text.includes('-----BEGIN ')) {
      const remedy =
        text.length < 200 && !text.includes('\n') ? '; the name of a file is not its content' : '';
      throw new TypeError(`${option}: expected PEM text, got no line "-----BEGIN …-----"${remedy}`);
    }
    return text;
  });
}

/** @throws {TypeError} for PEM that holds no certificate first. */
export function readCertificate(option: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new TypeError(`${option}: expected a certificate, got PEM that can't be read: ${messageOf(error)}`);
  }
}

function readKey(option: string, pem: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  } catch (error) {
    // Both kinds of PEM for keys that are encrypted have the word (RFC 5958 §3, RFC 1421 §4.6.1.1).
    if (pem.includes('ENCRYPTED')) {
      const got = passphrase === undefined ? 'none' : 'another one';
      throw new TypeError(`${option}.passphrase: expected the passphrase of ${option}.key, got ${got}`);
    }
    throw new TypeError(
      `${option}.key: expected a private key, got PEM that can't be read: ${messageOf(error)}`,
    );
  }
}

function checkValidity(option: string, certificate: X509Certificate, now: number): void {
  const { validFrom, validTo } = certificate;
  const expected = `${option}: expected a certificate that is valid now, got ${subjectOf(certificate)}`;
  if (Date.parse(validTo) < now)
    throw new RangeError(`${expected}, which expired on ${isoDate(validTo)}; renew it`);
  if (Date.parse(validFrom) > now)
    throw new RangeError(`${expected}, which is not valid before ${isoDate(validFrom)}`);
}

const isoDate = (text: string): string => new Date(text).toISOString();

/** Of certificates without a subject, which are usual, the first name. */
function subjectOf({ subject, subjectAltName }: X509Certificate): string {
  const shown =
    subject?.split('\n').at(-1) || subjectAltName?.split(',')[0] || 'a certificate without a name';
  return shown.slice(0, 100);
}

/** OpenSSL's words; they hold nothing of the key. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
