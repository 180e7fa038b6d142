/** The protocols that a TLS connection can be for (RFC 7301), by their names in the ClientHello. */

/** What a server offers, its first choice first. */
export const ALPN_PROTOCOLS: readonly string[] = ['h2', 'http/1.1'];

/** A certificate authority checks who holds a name (RFC 8737 §3). It is never offered with other protocols. */
export const ACME_TLS = 'acme-tls/1';
