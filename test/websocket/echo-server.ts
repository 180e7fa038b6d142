/** A server that sends each message back, and connections to it: for the requirements that are tested octet by octet. */
import { once } from 'node:events';
import net from 'node:net';
import { after } from 'node:test';
import { type ConnectContext, PROTOCOL_MARKER, Response, serve } from '../../src/index.ts';
import type { WebSocketMessageEvent, WebSocketUpgradeInit } from '../../src/websocket/index.ts';
import { FramePeer, HANDSHAKE } from './frame-peer.ts';

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

type Fields = Readonly<Record<string, string | undefined>>;

/** The request of a handshake; a field that is `undefined` is left out. */
export function handshake(fields: Fields = {}, line = 'GET / HTTP/1.1', content = ''): string {
  const all: Fields = {
    host: 'a.example',
    connection: 'Upgrade',
    upgrade: 'websocket',
    ...HANDSHAKE,
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  );
  return `${line}\r\n${lines.join('')}\r\n${content}`;
}

export interface Answered {
  readonly status: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly socket: net.Socket;
}

/** Sends the octets of a handshake, and reads the head of the answer. */
export async function shake(octets: string | Uint8Array): Promise<Answered> {
  await server.ready;
  return shakeAt([...server][0]!.address.port, octets);
}

/** The same with any server. */
export async function shakeAt(port: number, octets: string | Uint8Array = handshake()): Promise<Answered> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(octets);
  let received = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const [piece] = (await once(socket, 'data')) as [Buffer];
    received = Buffer.concat([received, piece]);
    end = received.indexOf('\r\n\r\n');
  }
  socket.pause();
  if (received.length > end + 4) socket.unshift(received.subarray(end + 4));
  const [line = '', ...lines] = received.toString('latin1', 0, end).split('\r\n');
  const fields = new Map(
    lines.map((one) => [one.split(':', 1)[0]!.toLowerCase(), one.slice(one.indexOf(':') + 2)]),
  );
  return { status: Number(line.split(' ')[1]), fields, socket };
}

/** A connection that has been upgraded. */
export async function opened(fields?: Fields): Promise<FramePeer> {
  const { socket } = await shake(handshake(fields));
  return new FramePeer(socket);
}
