/**
 * Which fields may stand in a trailer section (RFC 9110 §6.5.1). Those that frame, route, authenticate or modify a message,
 * or say how to process its content, come too late there, and are a way past whoever checked the header section.
 */
const FORBIDDEN = new Set([
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'max-forwards',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]);

/** @param name lower-case. */
export function mayBeTrailer(name: string): boolean {
  return !FORBIDDEN.has(name) && !name.startsWith('if-');
}
