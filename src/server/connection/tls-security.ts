/** What a TLS connection can tell about itself, for `ctx` and for the choice of a certificate. */
import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { SecureContexts } from '../../tls/contexts.ts';
import type { Identity } from '../../tls/identity.ts';
import type { WireSecurity } from '../exchange/wire.ts';

export class TlsSecurity implements WireSecurity {
  readonly encrypted = true;
  /** What was agreed on; a client that offers nothing speaks HTTP/1.1. */
  readonly alpnProtocol: string;
  readonly serverName: string | null;
  /** Verified; read when the connection is there, because a closed socket has none. */
  readonly peerCertificate: X509Certificate | null;
  readonly #identity: Identity;
  readonly #contexts: SecureContexts;

  constructor(socket: TLSSocket, serverName: string | null, identity: Identity, contexts: SecureContexts) {
    this.alpnProtocol = socket.alpnProtocol || 'http/1.1';
    this.serverName = serverName;
    this.#identity = identity;
    this.#contexts = contexts;
    this.peerCertificate = contexts.requestCert ? (socket.getPeerX509Certificate() ?? null) : null;
  }

  misdirects(host: string): boolean {
    return this.#contexts.isMisdirected(this.#identity, host);
  }
}

/** Why the client's certificate is not valid, in OpenSSL's words; `undefined` when it is, or when there is none. */
export function whyNotVerified(socket: TLSSocket): string | undefined {
  // What `tls.Server` looks at, too: there is no public way without it.
  const handle = (socket as unknown as { ssl?: { verifyError?(): { code?: string } | null } | null }).ssl;
  if (socket.getPeerX509Certificate() === undefined) return undefined;
  if (typeof handle?.verifyError !== 'function') return 'UNABLE_TO_VERIFY';
  return handle.verifyError()?.code ?? undefined;
}
