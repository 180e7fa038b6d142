/**
 * Certificates and requests for them, made with `@peculiar/x509`. It is an optional dependency, and loaded when something has
 * to be made: a server that has its certificates never loads it.
 */
import { createPrivateKey, KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, as PEM. */
export interface IssuedPair {
  readonly cert: string;
  readonly key: string;
}

export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

export type KeyType = 'ecdsa' | 'rsa';

const ALGORITHMS = {
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: {
    ...{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048 },
    publicExponent: Uint8Array.of(1, 0, 1),
  },
} as const;

/** id-pe-acmeIdentifier (RFC 8737 §6.1). */
const ACME_IDENTIFIER = '1.3.6.1.5.5.7.1.31';
const SERIAL_OCTETS = 16;

type CryptoKeyPair = webcrypto.CryptoKeyPair;
type CryptoKey = webcrypto.CryptoKey;
type Extension = object;

/** What is used of the library: its own types are written for browsers, and would have to be installed to compile this. */
interface X509Library {
  readonly X509CertificateGenerator: {
    create(options: object): Promise<{ toString(format: 'pem'): string }>;
    createSelfSigned(options: object): Promise<{ toString(format: 'pem'): string }>;
  };
  readonly Pkcs10CertificateRequestGenerator: { create(options: object): Promise<{ rawData: ArrayBuffer }> };
  readonly X509Certificate: new (
    pem: string,
  ) => { subject: string; publicKey: object; getExtension(type: object): { keyId?: string } | null };
  readonly BasicConstraintsExtension: new (
    isAuthority: boolean,
    path: number | undefined,
    isCritical: boolean,
  ) => Extension;
  readonly KeyUsagesExtension: new (flags: number, isCritical: boolean) => Extension;
  readonly ExtendedKeyUsageExtension: new (usages: readonly string[]) => Extension;
  readonly SubjectAlternativeNameExtension: new (names: readonly object[]) => Extension;
  readonly Extension: new (type: string, isCritical: boolean, value: Uint8Array) => Extension;
  readonly SubjectKeyIdentifierExtension: { create(key: CryptoKey): Promise<Extension> };
  readonly AuthorityKeyIdentifierExtension: { create(key: object): Promise<Extension> };
  readonly KeyUsageFlags: { keyCertSign: number; cRLSign: number; digitalSignature: number };
  readonly ExtendedKeyUsage: { serverAuth: string };
  readonly cryptoProvider: { set(crypto: object): void };
}

/** The second one wants the first one to be loaded before it. */
const PACKAGES = ['reflect-metadata', '@peculiar/x509'] as const;

let loaded: Promise<X509Library> | undefined;

/** @throws {Error} that says what to install. */
function load(): Promise<X509Library> {
  loaded ??= (async () => {
    try {
      await import(PACKAGES[0]);
      const library: X509Library = await import(PACKAGES[1]);
      library.cryptoProvider.set(webcrypto);
      return library;
    } catch (error) {
      const remedy = `npm install ${PACKAGES.join(' ')}`;
      throw new Error(`making certificates needs optional packages: ${remedy}`, { cause: error });
    }
  })();
  return loaded;
}

/** An authority that signs for this machine and nothing else: no other authority can be derived from it. */
export async function issueAuthority(name: string, { from, to }: Validity): Promise<IssuedPair> {
  const x509 = await load();
  const keys = await newKeys('ecdsa');
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: serial(), name: `CN=${escaped(name)}`, notBefore: from, notAfter: to },
    ...{ keys, signingAlgorithm: ALGORITHMS.ecdsa },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: pemOf(keys.privateKey) };
}

/** @param names host names and addresses. */
export async function issueCertificate(
  authority: IssuedPair,
  names: readonly string[],
  { from, to }: Validity,
): Promise<IssuedPair> {
  const x509 = await load();
  const keys = await newKeys('ecdsa');
  const issuer = new x509.X509Certificate(authority.cert);
  const certificate = await x509.X509CertificateGenerator.create({
    ...{ serialNumber: serial(), notBefore: from, notAfter: to },
    ...{ subject: `CN=${escaped(names[0]!)}`, issuer: issuer.subject },
    ...{ publicKey: keys.publicKey, signingKey: await importKey(authority.key) },
    signingAlgorithm: ALGORITHMS.ecdsa,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(alternatives(names)),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: pemOf(keys.privateKey) };
}

/** @returns a request (PKCS #10), in DER, and the key it is for. */
export async function requestCertificate(
  names: readonly string[],
  type: KeyType,
): Promise<{ readonly request: Uint8Array; readonly key: string }> {
  const x509 = await load();
  const keys = await newKeys(type);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    ...{ keys, signingAlgorithm: ALGORITHMS[type] },
    extensions: [new x509.SubjectAlternativeNameExtension(alternatives(names))],
  });
  return { request: new Uint8Array(request.rawData), key: pemOf(keys.privateKey) };
}

/** What proves to an authority that this server holds the name (RFC 8737 §3). @param digest SHA-256 of the key authorization. */
export async function issueChallenge(
  name: string,
  digest: Uint8Array,
  validity: Validity,
): Promise<IssuedPair> {
  const x509 = await load();
  const keys = await newKeys('ecdsa');
  const value = Uint8Array.of(4, digest.length, ...digest);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: serial(), name: `CN=${escaped(name)}` },
    ...{ notBefore: validity.from, notAfter: validity.to, keys, signingAlgorithm: ALGORITHMS.ecdsa },
    extensions: [
      new x509.SubjectAlternativeNameExtension(alternatives([name])),
      new x509.Extension(ACME_IDENTIFIER, true, value),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: pemOf(keys.privateKey) };
}

/** The identifier of the issuer's key, by which an authority knows its certificates (RFC 9773 §4.1); `undefined` without one. */
export async function authorityKeyIdOf(cert: string): Promise<Uint8Array | undefined> {
  const x509 = await load();
  const extension = new x509.X509Certificate(cert).getExtension(x509.AuthorityKeyIdentifierExtension);
  return extension?.keyId === undefined ? undefined : Buffer.from(extension.keyId, 'hex');
}

function newKeys(type: KeyType): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHMS[type], true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
}

function importKey(pem: string): Promise<CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHMS.ecdsa, false, ['sign']) as Promise<CryptoKey>;
}

function pemOf(key: CryptoKey): string {
  return KeyObject.from(key as webcrypto.CryptoKey).export({ type: 'pkcs8', format: 'pem' }) as string;
}

function alternatives(names: readonly string[]): { type: 'ip' | 'dns'; value: string }[] {
  return names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }));
}

/** A positive number (RFC 5280 §4.1.2.2). */
function serial(): string {
  const octets = randomBytes(SERIAL_OCTETS);
  octets[0]! = (octets[0]! & 0x3f) | 0x40;
  return octets.toString('hex');
}

/** RFC 4514 §2.4. */
const escaped = (text: string): string => text.replace(/[,+"\\<>;=#]/g, '\\$&');
