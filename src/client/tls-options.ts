/** The `tls` options of a client: their types, defaults and checks. */
import { createSecureContext, type SecureContext } from 'node:tls';
import { checkMembers, checkOneOf, checkType } from '../options/checks.ts';
import { type Pem, readCertificate, readIdentity, readPem, type TlsCertificate } from '../tls/identity.ts';

/** For `https` URLs. `cert`, `key` and `passphrase` are those of the client's own certificate. */
export interface ClientTlsOptions extends Partial<TlsCertificate> {
  /** Certificates of the trusted authorities, as PEM, in place of the runtime's. */
  ca?: Pem | readonly Pem[];
  /** The name that the client asks for and that the certificate has to cover (RFC 9525 §6). Default: the host of the URL. */
  servername?: string;
  /** Whether a certificate that can't be verified fails the request. Default true. */
  rejectUnauthorized?: boolean;
  /** Default `"TLSv1.2"`. */
  minVersion?: 'TLSv1.2' | 'TLSv1.3';
}

/** Options with every member read. */
export interface ClientTlsSettings {
  readonly servername: string | undefined;
  readonly rejectUnauthorized: boolean;
  /** Made when it is first needed, unless the options decide about it: reading the runtime's authorities takes time. */
  readonly context: () => SecureContext;
}

const OPTIONS: readonly (keyof ClientTlsOptions)[] = [
  ...(['ca', 'cert', 'key', 'passphrase', 'servername', 'rejectUnauthorized', 'minVersion'] as const),
];

/** @throws {TypeError | RangeError} naming the option; it never shows anything of a key. */
export function resolveClientTls(options: ClientTlsOptions = {}): ClientTlsSettings {
  checkMembers('options.tls', options, OPTIONS);
  const { ca, cert, key, passphrase, servername, rejectUnauthorized, minVersion } = options;
  checkType('options.tls.servername', servername, 'string');
  checkType('options.tls.rejectUnauthorized', rejectUnauthorized, 'boolean');
  checkOneOf('options.tls.minVersion', minVersion, ['TLSv1.2', 'TLSv1.3']);
  const authorities = ca === undefined ? undefined : readPem('options.tls.ca', ca);
  for (const pem of authorities ?? []) readCertificate('options.tls.ca', pem);
  const hasIdentity = cert !== undefined || key !== undefined;
  const identity = hasIdentity
    ? readIdentity('options.tls', options as TlsCertificate, Date.now())
    : undefined;
  let context: SecureContext | undefined;
  return {
    servername,
    rejectUnauthorized: rejectUnauthorized ?? true,
    context: () => {
      context ??= createSecureContext({
        minVersion: minVersion ?? 'TLSv1.2',
        ...(authorities !== undefined && { ca: authorities }),
        ...(identity !== undefined && { cert: [...identity.cert], key: [...identity.key] }),
        ...(passphrase !== undefined && { passphrase }),
      });
      return context;
    },
  };
}
