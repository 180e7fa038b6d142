/** The settings of `serval.json` for HTTPS: where the certificate comes from, and what browsers are told. */
import type { HstsOptions } from '../../index.ts';
import { resolveHsts } from '../../server/strict-transport-security.ts';

/** At most one of `tls`, `cert` and `acme` says where the certificate comes from. */
export interface TlsConfig {
  /** A certificate for development. */
  readonly tls?: boolean;
  /** File names, relative to the folder of `serval.json`. */
  readonly cert?: string;
  readonly key?: string;
  readonly acme?: AcmeConfig;
  /** A second port, for plain HTTP. */
  readonly redirectHttp?: number;
  readonly hsts?: number | HstsOptions;
}

export interface AcmeConfig {
  readonly names: readonly string[];
  readonly email?: string;
  readonly directory?: string;
}

/** What is wrong with these members together; the form of each has been checked. */
export function tlsProblems(config: TlsConfig): { path: string; message: string }[] {
  const problems: { path: string; message: string }[] = [];
  const report = (path: string, message: string): void => void problems.push({ path, message });
  const { tls, cert, key, acme, hsts } = config;
  const sources = [tls === true && 'tls', cert !== undefined && 'cert', acme !== undefined && 'acme'].filter(
    (name) => name !== false,
  );
  if (sources.length > 1) report(sources[0]!, `cannot be combined with "${sources[1]}"`);
  if (cert !== undefined && key === undefined) report('cert', 'requires "key", the file of the private key');
  if (key !== undefined && cert === undefined) report('key', 'requires "cert", the file of the certificate');
  try {
    resolveHsts(hsts, 'hsts');
  } catch (error) {
    const [, path = 'hsts', message = ''] = /^([\w.]+): (.*)$/s.exec((error as Error).message) ?? [];
    report(path, message);
  }
  return problems;
}
