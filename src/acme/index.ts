/**
 * `serval/acme`: certificates from Let's Encrypt and other authorities, ordered and renewed by themselves (RFC 8555).
 *
 * ```ts
 * import { serve } from 'serval';
 * import { acme } from 'serval/acme';
 *
 * const tls = acme({ names: ['example.com'], email: 'ann@example.com' });
 * serve(() => new Response('Hello'), { port: 443, tls, redirectHttp: 80 });
 * ```
 */
export type { ExternalAccount } from './account-key.ts';
export { AcmeError } from './acme-error.ts';
export { type AcmeCertificates, acme } from './certificates.ts';
export type { AcmeOptions } from './options.ts';
export type { ChallengeType } from './order.ts';
