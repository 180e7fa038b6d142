import { extname } from 'node:path';
import { lookup } from 'mrmime';

/**
 * The Content-Type for a file name. Text is declared to be UTF-8: without a charset, browsers guess. JSON and XML state
 * their encoding themselves (RFC 8259 §8.1, RFC 7303 §3), and unknown octets are nothing but octets.
 */
export function mediaType(name: string): string {
  const type = lookup(extname(name)) ?? 'application/octet-stream';
  return type.startsWith('text/') ? `${type}; charset=utf-8` : type;
}
