/** A server that sends each message back, and connections to it: for the requirements that are tested octet by octet. */
import { after } from 'node:test';
import { type ConnectContext, PROTOCOL_MARKER, Response, serve } from '../../src/index.ts';
import type { WebSocketMessageEvent, WebSocketUpgradeInit } from '../../src/websocket/index.ts';
import { FramePeer } from './frame-peer.ts';
import { type Answered, type Fields, handshake, shakeAt } from './handshakes.ts';

const INIT: WebSocketUpgradeInit = { protocol: ['chat', 'soap'], maxMessageSize: 70_000, deflate: true };

const server = serve(
  {
    [PROTOCOL_MARKER]: 1 as const,
    fetch: () => new Response('none'),
    connect(ctx: ConnectContext) {
      const socket = ctx.upgradeWebSocket(INIT);
      socket.binaryType = 'arraybuffer';
      socket.onmessage = ({ data }: WebSocketMessageEvent) => socket.send(data);
    },
  },
  { port: 0, hostname: '127.0.0.1' },
);
after(() => {
  server.closed.catch(() => {});
  server.destroy();
});

/** Sends the octets of a handshake, and reads the head of the answer. */
export async function shake(octets: string | Uint8Array): Promise<Answered> {
  await server.ready;
  return shakeAt([...server][0]!.address.port, octets);
}

/** A connection that has been upgraded. */
export async function opened(fields?: Fields): Promise<FramePeer> {
  const { socket } = await shake(handshake(fields));
  return new FramePeer(socket);
}
