/** The certificates of the server, from what the options say about them. */
import type { AcmeCertificates } from '../../acme/index.ts';
import { ConfigError } from '../../site/config/config-error.ts';
import type { CertificateFiles } from '../../tls/index.ts';
import type { Encryption } from '../options/tls-options.ts';
import { print } from '../output.ts';

export type Reload = () => Promise<void>;

/** Creates the certificate for development, if requested: once, before workers start. @returns its files instead. */
export async function prepareEncryption(
  encryption: Encryption | undefined,
  say: (text: string) => void,
): Promise<Encryption | undefined> {
  if (encryption?.kind !== 'development') return encryption;
  const { developmentCertificate } = await import('../../tls/development/development-certificate.ts');
  const { certFile: cert, keyFile: key, fingerprint } = await developmentCertificate();
  say(
    `The certificate is for development. To trust its authority: serval trust --install\n  SHA-256 ${fingerprint}\n`,
  );
  return { kind: 'files', cert, key, isDevelopment: true };
}

/**
 * What SIGHUP does to the certificates. Not for development: there a terminal that is closed sends it, and the server should end.
 *
 * @returns `undefined` if SIGHUP ends the process, as by default.
 */
export function reloadOf(
  encryption: Encryption,
  tls: CertificateFiles | AcmeCertificates,
): Reload | undefined {
  if (encryption.kind === 'files' && encryption.isDevelopment) return undefined;
  return async () => {
    if ('renewIfDue' in tls) await tls.renewIfDue();
    // If it fails, the reason has been printed.
    else if (!tls.reload()) return;
    print('The certificate was read again.\n');
  };
}

/** @throws {ConfigError} for invalid files and names. */
export async function tlsOf(encryption: Encryption): Promise<CertificateFiles | AcmeCertificates> {
  try {
    if (encryption.kind === 'acme') {
      const { acme } = await import('../../acme/index.ts');
      const { kind: _, ...options } = encryption;
      return acme(options);
    }
    if (encryption.kind === 'development') throw new TypeError('the certificate has not been created');
    const { certificateFiles } = await import('../../tls/index.ts');
    const { cert, key } = encryption;
    return certificateFiles({ cert, key });
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}
