/** The client's side of a handshake in octets, with any server. */
import { once } from 'node:events';
import net from 'node:net';
import { HANDSHAKE } from './frame-peer.ts';

export type Fields = Readonly<Record<string, string | undefined>>;

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
