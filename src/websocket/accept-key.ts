/** The proof that a server has understood the handshake (RFC 6455 §1.3). HTTP/2 needs none (RFC 8441 §5). */
import * as crypto from 'node:crypto';

/** Fixed by RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The value of Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455 §4.2.2). */
export function acceptFor(key: string): string {
  const text = `${key}${GUID}`;
  // In one step, without an object to collect; Bun and Deno may lack it.
  if (typeof crypto.hash === 'function') return crypto.hash('sha1', text, 'base64');
  return crypto.createHash('sha1').update(text).digest('base64');
}
