/** Combines what the command line and `serval.json` say about HTTPS. */
import type { HstsOptions } from '../../index.ts';
import { ConfigError } from '../../site/config/config-error.ts';
import type { TlsConfig } from '../../site/config/tls-config.ts';
import type { ServeCommand } from '../arguments.ts';
import type { Encryption } from '../options/tls-options.ts';
import { UsageError } from '../options/usage-error.ts';

export interface TlsSettings {
  /** `undefined`: plain HTTP. */
  readonly encryption: Encryption | undefined;
  readonly redirectHttp: number | undefined;
  readonly hsts: number | HstsOptions | undefined;
}

type Command = Pick<ServeCommand, 'encryption' | 'redirectHttp' | 'hsts' | 'unix'>;

const NEEDED = 'requires --tls, --cert or --acme';

/**
 * An option about the certificate replaces all members of the file about it. `--no-tls` is plain HTTP, whatever the file says.
 *
 * @throws {UsageError | ConfigError}
 */
export function tlsSettings(command: Command, config: TlsConfig): TlsSettings {
  const isOff = command.encryption === 'none';
  const encryption = command.encryption === 'none' ? undefined : (command.encryption ?? encryptionOf(config));
  for (const [option, value] of [
    ['--redirect-http', command.redirectHttp],
    ['--hsts', command.hsts],
  ] as const)
    if (value !== undefined && encryption === undefined) throw new UsageError(`${option}: ${NEEDED}`);
  for (const member of ['redirectHttp', 'hsts'] as const)
    if (config[member] !== undefined && encryption === undefined && !isOff)
      throw new ConfigError(`serval.json: ${member}: requires "tls", "cert" or "acme"`);
  if (encryption === undefined) return { encryption, redirectHttp: undefined, hsts: undefined };
  const redirectHttp = command.redirectHttp ?? config.redirectHttp;
  if (redirectHttp !== undefined && command.unix !== undefined)
    throw new ConfigError('serval.json: redirectHttp: cannot be combined with --unix');
  const hsts = hstsOf(command, config, encryption);
  // Without a port for plain HTTP, http-01 can only fail (RFC 8555 §8.3).
  if (encryption.kind === 'acme' && redirectHttp === undefined)
    return { encryption: { ...encryption, challenges: ['tls-alpn-01'] }, redirectHttp, hsts };
  return { encryption, redirectHttp, hsts };
}

function encryptionOf({ tls, cert, key, acme }: TlsConfig): Encryption | undefined {
  if (tls === true) return { kind: 'development' };
  if (cert !== undefined && key !== undefined) return { kind: 'files', cert, key };
  return acme && { kind: 'acme', ...acme };
}

/** A browser remembers a host for all its ports: then it would not open other programs at http://localhost any more. */
function hstsOf(command: Command, config: TlsConfig, { kind }: Encryption): TlsSettings['hsts'] {
  const hsts = command.hsts ?? config.hsts;
  if (hsts === undefined || kind !== 'development') return hsts;
  if (command.hsts !== undefined)
    throw new UsageError('--hsts: cannot be combined with --tls; browsers would refuse http://localhost');
  if (config.tls === true)
    throw new ConfigError(
      'serval.json: hsts: cannot be combined with "tls"; browsers would refuse http://localhost',
    );
  return undefined;
}
