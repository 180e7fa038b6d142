/** The proof that a server has understood the handshake (RFC 6455 §1.3). HTTP/2 needs none (RFC 8441 §5). */
import { createHash } from 'node:crypto';

/** Fixed by RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The value of Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455 §4.2.2). */
export const acceptFor = (key: string): string => createHash('sha1').update(`${key}${GUID}`).digest('base64');
