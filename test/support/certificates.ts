/**
 * Certificates of a local authority, made by `openssl` in a temporary folder that goes with the process.
 *
 * ```ts
 * const authority = certificateAuthority();
 * const { cert, key } = authority.issue(['localhost', '127.0.0.1']);
 * ```
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export interface IssuedCertificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface IssueOptions {
  /** Default `ecdsa`. */
  readonly type?: 'ecdsa' | 'rsa';
  /** How long it is valid; negative for one that has expired. Default 30. */
  readonly days?: 30 | -1;
  /** For a client's certificate: its common name is then the first name. */
  readonly purpose?: 'serverAuth' | 'clientAuth';
  /** Encrypts the key. */
  readonly passphrase?: string;
}

export class CertificateAuthority {
  /** PEM. */
  readonly cert: string;
  readonly certFile: string;
  readonly #folder: string;
  #count = 0;

  constructor(name = 'Test authority') {
    this.#folder = temporaryFolder();
    this.certFile = join(this.#folder, 'ca.pem');
    const subject = ['-subj', `/CN=${name}`];
    const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    openssl([
      'req',
      '-x509',
      ...newKey('ecdsa'),
      '-keyout',
      this.#keyFile,
      '-out',
      this.certFile,
      ...subject,
      ...usage,
    ]);
    this.cert = readFileSync(this.certFile, 'utf8');
  }

  /** @param names host names and addresses; the first is the common name too. */
  issue(names: readonly string[], options: IssueOptions = {}): IssuedCertificate {
    const { type = 'ecdsa', days = 30, purpose = 'serverAuth', passphrase } = options;
    const base = join(this.#folder, String(++this.#count));
    const [keyFile, requestFile, certFile, extensionFile] = ['key', 'csr', 'pem', 'ext'].map(
      (end) => `${base}.${end}`,
    ) as [string, string, string, string];
    openssl([
      'req',
      '-new',
      ...newKey(type),
      '-keyout',
      keyFile,
      '-out',
      requestFile,
      '-subj',
      `/CN=${names[0]}`,
    ]);
    const alternatives = names.map((name) => `${isAddress(name) ? 'IP' : 'DNS'}:${name}`).join();
    const lines = [
      'basicConstraints=CA:FALSE',
      `extendedKeyUsage=${purpose}`,
      'authorityKeyIdentifier=keyid',
    ];
    writeFileSync(extensionFile, [...lines, `subjectAltName=${alternatives}`].join('\n'));
    const signer = [
      '-CA',
      this.certFile,
      '-CAkey',
      this.#keyFile,
      '-set_serial',
      String(Date.now() * 100 + this.#count),
    ];
    openssl([
      'x509',
      '-req',
      '-in',
      requestFile,
      '-out',
      certFile,
      '-days',
      String(days),
      '-extfile',
      extensionFile,
      ...signer,
    ]);
    // `openssl` 3.0 truncates its output before it reads its input: not the same file twice.
    const plainFile = `${keyFile}.plain`;
    if (passphrase !== undefined) {
      renameSync(keyFile, plainFile);
      openssl(['pkcs8', '-topk8', '-in', plainFile, '-out', keyFile, '-passout', `pass:${passphrase}`]);
    }
    return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8'), certFile, keyFile };
  }

  get #keyFile(): string {
    return join(this.#folder, 'ca.key');
  }
}

let shared: CertificateAuthority | undefined;

/** The authority of this process, made when it is asked for first. */
export function certificateAuthority(): CertificateAuthority {
  shared ??= new CertificateAuthority();
  return shared;
}

const newKey = (type: 'ecdsa' | 'rsa'): string[] =>
  type === 'rsa'
    ? ['-newkey', 'rsa:2048', '-nodes']
    : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

const isAddress = (name: string): boolean => name.includes(':') || /^[\d.]+$/.test(name);

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'serval-certificates-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function openssl(words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** A certificate of that authority with its key, as the `tls` option takes them. */
export function certificatePair(...names: string[]): { cert: string; key: string } {
  const { cert, key } = certificateAuthority().issue(names);
  return { cert, key };
}
