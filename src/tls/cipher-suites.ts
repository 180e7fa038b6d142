/**
 * Which cipher suites a server offers.
 *
 * RFC 9113 §9.2.2 lets a client end an HTTP/2 connection whose suite is in its Appendix A: those without an ephemeral key
 * exchange, and those that are no AEAD. HTTP/1.1 has no use for them either, so they are left out for both.
 */

/**
 * RFC 9113 Appendix A in OpenSSL's words. `SHA1`, `SHA256` and `SHA384` name suites by their MAC, so no AEAD is among them. They
 * come last, because what `!` removes no other word can bring back.
 */
const WITHOUT_APPENDIX_A = '!aNULL:!eNULL:!kRSA:!PSK:!SRP:!DSS:!MD5:!SHA1:!SHA256:!SHA384';

/** The fastest with hardware support come first; ECDSA costs a server a tenth of RSA. */
const DEFAULT_SUITES = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** @param wanted OpenSSL's list of suites, which may name suites of Appendix A: they are left out all the same. */
export function cipherSuites(wanted: string = DEFAULT_SUITES): string {
  return `${wanted}:${WITHOUT_APPENDIX_A}`;
}
