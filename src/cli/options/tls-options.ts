/** The options for HTTPS. */
import { resolve } from 'node:path';
import type { OptionName } from './option-table.ts';
import { UsageError } from './usage-error.ts';
import { parsePortOf } from './values.ts';
import type { Words } from './words.ts';

/** Where the certificate comes from. */
export type Encryption =
  | { readonly kind: 'development' }
  | {
      readonly kind: 'files';
      readonly cert: string;
      readonly key: string;
      /** The files are those of the certificate for development. */
      readonly isDevelopment?: true;
    }
  | {
      readonly kind: 'acme';
      readonly names: readonly string[];
      readonly email?: string;
      readonly directory?: string;
      /** How the names are proven; `undefined`: in every way. */
      readonly challenges?: readonly ['tls-alpn-01'];
    };

/** @returns `'none'` for `--no-tls`. @throws {UsageError} */
export function encryptionOptions({ options, flags, lists }: Words): Encryption | 'none' | undefined {
  const cert = options.get('cert');
  const key = options.get('key');
  const names = lists.get('acme')?.flatMap((text) => text.split(','));
  const isDevelopment = flags.get('tls') === true;
  const given = [isDevelopment && '--tls', cert !== undefined && '--cert', names !== undefined && '--acme'];
  const [first, second] = given.filter((name) => name !== false);
  if (second !== undefined) throw new UsageError(`${first}: cannot be combined with ${second}`);
  if (cert === undefined && key !== undefined) throw new UsageError('--key: requires --cert <file>');
  if (cert !== undefined && key === undefined)
    throw new UsageError('--cert: requires --key <file>, the private key');
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
    if (options.has(name)) throw new UsageError(`--${name}: requires --acme <name>`);
  }
  if (cert !== undefined) return { kind: 'files', cert: resolve(cert), key: resolve(key!) };
  if (isDevelopment) return { kind: 'development' };
  return flags.get('tls') === false ? 'none' : undefined;
}

/** @throws {UsageError} */
export function redirectOption({ options }: Words): number | undefined {
  const text = options.get('redirect-http');
  if (text === undefined) return undefined;
  const port = parsePortOf('--redirect-http', text);
  if (options.has('unix')) throw new UsageError('--redirect-http: cannot be combined with --unix');
  return port;
}

/** @throws {UsageError} */
export function hstsOption({ options }: Words): number | undefined {
  const text = options.get('hsts');
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text))
    throw new UsageError(`--hsts: expected a number of seconds such as 31536000, got "${text}"`);
  return Number(text);
}
