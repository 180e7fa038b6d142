/** Why TLS could not be established, in words that name the cause. */
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { type ClientError, clientError } from '../errors.ts';

/** Codes of OpenSSL for a certificate whose issuer is not among the trusted authorities. */
const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** @param name that the certificate has to cover. */
export function certificateRefused(socket: TLSSocket, name: string): ClientError {
  const code = String(socket.authorizationError);
  const reason = reasonFor(code, socket.getPeerCertificate(true), name, Date.now());
  return clientError('ERR_HTTP_TLS_CERTIFICATE', `The certificate of ${name} ${reason} (${code})`);
}

/** @param certificate of the server, with those of its issuers. @param now milliseconds since 1970. */
export function reasonFor(
  code: string,
  certificate: DetailedPeerCertificate,
  name: string,
  now: number,
): string {
  const chain = chainOf(certificate);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `is for ${namesOf(certificate)}, not for ${name}`;
  if (code === 'CERT_HAS_EXPIRED') {
    const expired = chain.find(({ valid_to }) => Date.parse(valid_to) < now) ?? certificate;
    return `${issuedBy(expired, certificate)}expired on ${dateOf(expired.valid_to)}`;
  }
  if (code === 'CERT_NOT_YET_VALID') {
    const early = chain.find(({ valid_from }) => Date.parse(valid_from) > now) ?? certificate;
    return `${issuedBy(early, certificate)}is not valid before ${dateOf(early.valid_from)}`;
  }
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return 'is self-signed; tls.ca can name it as trusted';
  if (UNTRUSTED.has(code))
    return `was issued by ${quoted(chain.at(-1)!.issuer)}, which is not a trusted authority; tls.ca can name it`;
  return 'was refused';
}

const SENTENCES: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS there; an http URL may be meant',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the server does not speak TLS there; an http URL may be meant',
  ERR_SSL_HTTP_REQUEST: 'the server does not speak TLS there; an http URL may be meant',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
    'the server speaks none of the protocols offered (RFC 7301 §3.2)',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'the server has no certificate for this name (RFC 6066 §3)',
  ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME: 'the server has no certificate for this name (RFC 6066 §3)',
  ECONNRESET: 'the server ended the connection',
};

export function handshakeFailed(
  cause: Error & { code?: string; reason?: string },
  name: string,
): ClientError {
  const reason = SENTENCES[cause.code ?? ''] ?? cause.reason ?? cause.message;
  return clientError('ERR_HTTP_TLS_HANDSHAKE', `The TLS handshake with ${name} failed: ${reason}`, cause);
}

/** The certificate and those of its issuers. A certificate that signs itself is its own issuer. */
function chainOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (let one: DetailedPeerCertificate | undefined = certificate; one !== undefined; ) {
    chain.push(one);
    const issuer: DetailedPeerCertificate | undefined = one.issuerCertificate;
    one = issuer === undefined || chain.includes(issuer) ? undefined : issuer;
  }
  return chain;
}

function namesOf({ subjectaltname }: DetailedPeerCertificate): string {
  return subjectaltname?.replace(/(^|, )(DNS|IP Address):/g, '$1') ?? 'no host at all';
}

const issuedBy = (one: DetailedPeerCertificate, leaf: DetailedPeerCertificate): string =>
  one === leaf ? '' : `was issued by ${quoted(one.subject)}, whose certificate `;

function quoted({ CN, O }: DetailedPeerCertificate['subject']): string {
  return JSON.stringify([CN, O].flat().find((name) => name !== undefined) ?? 'an authority without a name');
}

/** `2026-03-01`. */
const dateOf = (text: string): string => new Date(text).toISOString().slice(0, 10);
