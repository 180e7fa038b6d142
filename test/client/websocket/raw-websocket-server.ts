/** A server that answers handshakes and sends frames exactly as a test says. */
import type net from 'node:net';
import { acceptFor } from '../../../src/websocket/accept-key.ts';
import { FramePeer, type FrameShape, frame } from '../../websocket/frame-peer.ts';
import { type RawServer, rawServer } from '../raw-server.ts';

type Fields = Readonly<Record<string, string | undefined>>;

export interface RawWebSocketServer extends RawServer {
  /** `ws:` */
  readonly address: string;
  /** The connections whose handshakes were answered. */
  readonly peers: readonly FramePeer[];
}

/** RFC 6455 §5.1: a server masks no frame. */
export const fromServer = (
  opcode: number,
  payload: string | Uint8Array = '',
  shape: FrameShape = {},
): Buffer => frame(opcode, payload, { ...shape, isMasked: false });

/** The answer that opens a WebSocket; a field that is `undefined` is left out. */
export function accepting(head: string, more: Fields = {}): string {
  const key = /^sec-websocket-key: (.*)$/im.exec(head)?.[1]?.trim() ?? '';
  const fields: Fields = {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-accept': acceptFor(key),
    ...more,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  );
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`;
}

/** @param answer to the head of a request; `undefined` for none. */
export async function rawWebSocketServer(
  answer: (head: string, socket: net.Socket) => string | Uint8Array | undefined = (head) => accepting(head),
): Promise<RawWebSocketServer> {
  const peers: FramePeer[] = [];
  const shaken = new WeakSet<net.Socket>();
  const server = await rawServer((socket, text) => {
    if (shaken.has(socket) || !text.endsWith('\r\n\r\n')) return;
    shaken.add(socket);
    const octets = answer(text, socket);
    if (octets === undefined) return;
    peers.push(new FramePeer(socket));
    socket.write(octets);
  });
  return Object.assign(server, { peers, address: server.url.replace('http', 'ws') });
}
