/** The WebSocket at `/echo`, which returns each message as fast as the client takes it. */

import { isSecretField } from '../annotation/field-notes.ts';
import { Response } from '../fetch/response.ts';
import type { ServerContext } from '../server/api.ts';

/** With this subprotocol, the first message is the handshake as it arrived. */
export const SHOWS_HANDSHAKE = 'handshake.serval';

/** Whether a request offers a WebSocket: as an upgrade of HTTP/1.1 (RFC 6455 §4.1), or as an extended CONNECT (RFC 8441 §4). */
export const offersWebSocket = ({ method, headers }: Request): boolean =>
  method === 'CONNECT' || headers.get('upgrade')?.toLowerCase() === 'websocket';

export function echoSocket(ctx: ServerContext): Response {
  const socket = ctx.upgradeWebSocket({ protocol: [SHOWS_HANDSHAKE] });
  if (socket.protocol === SHOWS_HANDSHAKE) socket.send(withoutSecrets(ctx.receivedHead));
  const { readable, writable } = socket.streams();
  // A client that goes away ends both.
  readable.pipeTo(writable).catch(() => {});
  return new Response(null);
}

/** People share their screens. */
function withoutSecrets(head: string): string {
  return head.replace(/^([^:\r\n]+):[^\r\n]+/gm, (line, name: string) =>
    isSecretField(name) ? `${name}: (hidden)` : line,
  );
}
