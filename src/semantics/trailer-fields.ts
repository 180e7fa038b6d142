/** Which fields a trailer section may hold (RFC 9110 §6.5.1). */
import { HOP_BY_HOP } from './connection/hop-by-hop.ts';

/**
 * Fields that frame, route, authenticate or modify a message, or that say how to process its content. A recipient reads
 * them too late in a trailer section, and there they get past an intermediary that checked only the header section.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'authorization',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'proxy-authorization',
  'range',
  'set-cookie',
  'trailer',
  'www-authenticate',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]);

/** @param name lower-case. */
export function mayBeTrailer(name: string): boolean {
  return !FORBIDDEN.has(name) && !name.startsWith('if-');
}
