/** Clients that do not finish their TLS handshake, each kind in its own way. */
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { paddedTo, records } from '../../tls/client-hellos.ts';

export interface Attack {
  readonly name: string;
  /** Connections at once. */
  readonly connections: number;
  /** Sends what it sends on a new connection; then the connection stays open until the server closes it. */
  run(socket: Socket, signal: AbortSignal): void | Promise<void>;
}

/** More than `limits.maxHandshakes`, which is 1,000. */
const HELD = 1_200;
const CHURNING = 50;
/** A fatal alert would end the connection, so the storm is of warnings: no_renegotiation (RFC 5246 §7.2). */
const WARNING = [21, 3, 3, 0, 2, 1, 100];
const SLOW_MS = 200;

/** @param serverName for the ClientHello. */
export async function attacks(serverName: string): Promise<Attack[]> {
  const hello = await clientHello(serverName);
  const oversized = records(paddedTo(16_385));
  const storm = Buffer.concat([hello, Buffer.from(Array.from({ length: 2_000 }, () => WARNING).flat())]);
  return [
    {
      name: 'garbage',
      connections: CHURNING,
      run: (socket) => void socket.write(Buffer.from('\x00\x01garbage'.repeat(100), 'latin1')),
    },
    { name: 'oversized hello', connections: CHURNING, run: (socket) => void socket.write(oversized) },
    { name: 'storm of alerts', connections: CHURNING, run: (socket) => void socket.write(storm) },
    { name: 'silence', connections: HELD, run: () => {} },
    {
      name: 'half a hello',
      connections: HELD,
      run: (socket) => void socket.write(hello.subarray(0, hello.length >> 1)),
    },
    { name: 'a hello, then silence', connections: HELD, run: (socket) => void socket.write(hello) },
    {
      name: 'slow handshakes',
      connections: HELD,
      async run(socket, signal) {
        for (let at = 0; at < hello.length && !signal.aborted && !socket.destroyed; at += 16) {
          socket.write(hello.subarray(at, at + 16));
          await sleep(SLOW_MS, undefined, { signal }).catch(() => {});
        }
      },
    },
  ];
}

/** The first octets that Node's client sends. */
async function clientHello(servername: string): Promise<Buffer> {
  return await new Promise((resolve) => {
    const transport = new Duplex({
      read() {},
      write(octets: Buffer, _, done) {
        resolve(octets);
        done();
      },
    });
    connectTls({ socket: transport, servername }).on('error', () => {});
  });
}

/** Keeps that many connections busy until the signal: a connection that the server closes is replaced by a new one. */
export async function keepUp(attack: Attack, port: number, signal: AbortSignal): Promise<number> {
  let opened = 0;
  const one = async (): Promise<void> => {
    while (!signal.aborted) {
      opened++;
      const socket = connect(port, '127.0.0.1');
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.on('error', () => {}).resume();
      const destroy = (): void => void socket.destroy();
      signal.addEventListener('abort', destroy, { once: true });
      void attack.run(socket, signal);
      await closed;
      signal.removeEventListener('abort', destroy);
    }
  };
  await Promise.all(Array.from({ length: attack.connections }, one));
  return opened;
}
