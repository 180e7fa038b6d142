/** The certificates of the server, from what the options say about them. */
import { ConfigError } from '../../site/config/config-error.ts';
import type { TlsOptions, TlsSource } from '../../tls/index.ts';
import type { Encryption } from '../options/tls-options.ts';

/** Creates the certificate for development, if requested: once, before workers start. @returns its files instead. */
export async function prepareEncryption(
  encryption: Encryption | undefined,
  say: (text: string) => void,
): Promise<Encryption | undefined> {
  if (encryption?.kind !== 'development') return encryption;
  const { developmentCertificate } = await import('../../tls/development/development-certificate.ts');
  const { certFile: cert, keyFile: key, fingerprint } = await developmentCertificate();
  say(
    `The certificate is for development. "serval trust" tells how to trust its authority:\n  ${fingerprint}\n`,
  );
  return { kind: 'files', cert, key };
}

/** @throws {ConfigError} for invalid files and names. */
export async function tlsOf(encryption: Encryption): Promise<TlsOptions | TlsSource> {
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
