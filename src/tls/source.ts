/** Options that change while the server runs: files that are replaced, certificates that are renewed. */
import type { TlsCertificate } from './identity.ts';
import type { TlsOptions } from './options.ts';

/** What `options.tls` may be instead of the options themselves. */
export interface TlsSource {
  /** Those that are good now. */
  readonly tls: TlsOptions;
  /** Calls back after each change. @returns what ends that. */
  subscribe(onChange: () => void): () => void;
  /**
   * The certificate that proves to an authority that this server holds the name (RFC 8737 §3), while one asks for it.
   */
  tlsChallenge?(serverName: string): TlsCertificate | undefined | Promise<TlsCertificate | undefined>;
  /** The same over plain HTTP (RFC 8555 §8.3): what is answered for the token, at the port of `redirectHttp`. */
  httpChallenge?(token: string): string | undefined | Promise<string | undefined>;
}

export function isTlsSource(value: unknown): value is TlsSource {
  return (
    typeof value === 'object' &&
    value !== null &&
    'subscribe' in value &&
    typeof value.subscribe === 'function'
  );
}
