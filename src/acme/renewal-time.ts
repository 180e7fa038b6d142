/** When a certificate is renewed, and when it is tried again after a failure. */
import { X509Certificate } from 'node:crypto';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Let's Encrypt counts five failures for a name in an hour: with these, there are four. */
const FIRST_DELAY_MS = 2 * MINUTE_MS;
const DELAY_GROWTH = 3;
const LONGEST_DELAY_MS = 6 * HOUR_MS;

/** Where the authority does not say more: after two thirds of its lifetime. In milliseconds since 1970. */
export function renewalTime(cert: string): number {
  const { validFrom, validTo } = new X509Certificate(cert);
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  return from + ((to - from) * 2) / 3;
}

/** A moment within the window that the authority suggests (RFC 9773 §4.2). @param random from 0 to 1. */
export function momentWithin({ start, end }: { start: number; end: number }, random = Math.random()): number {
  return start + (end - start) * random;
}

/**
 * Milliseconds until the next attempt.
 *
 * @param failures in a row.
 * @param retryAfter milliseconds for which the authority does not want to be asked.
 * @param random from 0 to 1: servers that failed together shall not come back together.
 */
export function delayAfter(failures: number, retryAfter = 0, random = Math.random()): number {
  const delay = Math.min(FIRST_DELAY_MS * DELAY_GROWTH ** (failures - 1), LONGEST_DELAY_MS);
  return Math.max(delay * (1 + random / 10), retryAfter);
}

/** By what the authority knows a certificate (RFC 9773 §4.1). */
export function certificateId(authorityKeyId: Uint8Array, cert: string): string {
  const { serialNumber } = new X509Certificate(cert);
  const digits = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`;
  // As it stands in DER: a positive number whose first bit is set has a zero octet in front.
  const octets = Buffer.from(/^[89a-f]/i.test(digits) ? `00${digits}` : digits, 'hex');
  return `${Buffer.from(authorityKeyId).toString('base64url')}.${octets.toString('base64url')}`;
}
