/** The options about HTTPS, and what they become: certificates for the server. */
import { resolve } from 'node:path';
import { ConfigError } from '../../site/config/config-error.ts';
import type { TlsOptions, TlsSource } from '../../tls/index.ts';
import { type OptionName, UsageError, type Words } from '../option-words.ts';

/** Where the certificate comes from. */
export type Encryption =
  | { readonly kind: 'development' }
  | { readonly kind: 'files'; readonly cert: string; readonly key: string }
  | {
      readonly kind: 'acme';
      readonly names: readonly string[];
      readonly email?: string;
      readonly directory?: string;
    };

/** @throws {UsageError} */
export function encryptionOptions({ options, lists }: Words): Encryption | undefined {
  const cert = options.get('cert');
  const key = options.get('key');
  const names = lists.get('acme')?.flatMap((text) => text.split(','));
  const given = [
    options.has('tls') && '--tls',
    cert !== undefined && '--cert',
    names !== undefined && '--acme',
  ];
  const [first, second] = given.filter((name) => name !== false);
  if (second !== undefined)
    throw new UsageError(`${first} and ${second}: the certificate comes from one place.`);
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('--cert and --key belong together: the certificate, and its private key.');
  const email = options.get('acme-email');
  const directory = options.get('acme-directory');
  if (names !== undefined)
    return {
      kind: 'acme',
      names,
      ...(email !== undefined && { email }),
      ...(directory !== undefined && { directory }),
    };
  for (const name of ['acme-email', 'acme-directory'] as const satisfies OptionName[]) {
    if (options.has(name)) throw new UsageError(`--${name} is about --acme <name>: add it.`);
  }
  if (cert !== undefined) return { kind: 'files', cert: resolve(cert), key: resolve(key!) };
  return options.has('tls') ? { kind: 'development' } : undefined;
}

/** @throws {UsageError} */
export function redirectOption({ options }: Words, encryption: Encryption | undefined): number | undefined {
  const text = options.get('redirect-http');
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new UsageError(`--redirect-http "${text}" is not a port: it is a whole number from 0 to 65535.`);
  if (encryption === undefined)
    throw new UsageError('--redirect-http needs --tls, --cert or --acme: there is no HTTPS to redirect to.');
  if (options.has('unix')) throw new UsageError('--redirect-http is for a port, and --unix has none.');
  return Number(text);
}

/** Makes the certificate for development, if that is wanted: once, before there are workers. @returns files in its place. */
export async function prepareEncryption(
  encryption: Encryption | undefined,
  say: (text: string) => void,
): Promise<Encryption | undefined> {
  if (encryption?.kind !== 'development') return encryption;
  const { developmentCertificate } = await import('../../tls/development/development-certificate.ts');
  const { certFile: cert, keyFile: key, fingerprint } = await developmentCertificate();
  say(
    `The certificate is for development. "serval trust" has browsers trust its authority:\n  ${fingerprint}\n`,
  );
  return { kind: 'files', cert, key };
}

/** @throws {ConfigError} for files and names that can't be used. */
export async function tlsOf(encryption: Encryption): Promise<TlsOptions | TlsSource> {
  try {
    if (encryption.kind === 'acme') {
      const { acme } = await import('../../acme/index.ts');
      const { kind: _, ...options } = encryption;
      return acme(options);
    }
    if (encryption.kind === 'development') throw new TypeError('the certificate has not been made');
    const { certificateFiles } = await import('../../tls/index.ts');
    const { cert, key } = encryption;
    return certificateFiles({ cert, key });
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}.`);
  }
}
