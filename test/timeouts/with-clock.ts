/**
 * A server whose time the test holds in its hand, behind real sockets that the test can look at from the server's side.
 *
 * Octets take real time to arrive, deadlines do not: so a test first makes sure that the server has heard what was sent,
 * then lets time pass, and then either sees the end or has another connection served, which proves that there was none.
 */
import assert from 'node:assert/strict';
import net from 'node:net';
import { type Handler, Response, type ServerOptions } from '../../src/index.ts';
import { resolveHandlers } from '../../src/server/exchange/call-convention.ts';
import { HttpServer } from '../../src/server/server.ts';
import { HandClock } from '../io/hand-clock.ts';
import { RawConnection } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

export const TIMEOUTS = {
  idle: 65_000,
  headers: 30_000,
  receive: 60_000,
  send: 50_000,
  tunnelIdle: 40_000,
  waitUntil: 20_000,
};

/** A deadline may be late by two ticks of the sweep, which are half a second long at most. */
export const LATE = 1_000;

export interface Timed {
  readonly clock: HandClock;
  readonly server: HttpServer;
  connect(): Promise<Client>;
  /** Lets time pass in steps that no deadline hides behind. */
  pass(milliseconds: number): void;
  /** Time passes, and whatever expired has had every chance to show. */
  passAndSettle(milliseconds: number): Promise<void>;
}

/** A client, and the server's end of its connection. */
export type Client = RawConnection & { readonly peer: net.Socket };

export async function withClock(
  handler: Handler,
  use: (timed: Timed) => Promise<void>,
  options: ServerOptions = {},
): Promise<void> {
  const clock = new HandClock();
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const server = new HttpServer(resolveHandlers(handler), { ...options, timeouts }, clock);
  const listener = await server.listen({ hostname: '127.0.0.1' });
  const sockets = new Map<number, net.Socket>();
  const door = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.set(socket.remotePort!, socket);
    listener.accept(socket);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const { port } = door.address() as net.AddressInfo;
  const clients: RawConnection[] = [];

  const connect = async (): Promise<Client> => {
    const connection = await RawConnection.connect({ port });
    clients.push(connection);
    await until('accepted', () => sockets.has(connection.localPort));
    return Object.assign(connection, { peer: sockets.get(connection.localPort)! });
  };
  const pass = (milliseconds: number) => clock.pass(milliseconds);
  const passAndSettle = async (milliseconds: number) => {
    clock.pass(milliseconds);
    // What the server sent before is on its way to clients in this very process: two more journeys let it arrive.
    for (let journey = 0; journey < 2; journey++) {
      const other = await connect();
      await other.send('BAD\r\n\r\n');
      await other.receiveText('400 ');
      other.close();
    }
  };
  try {
    await use({ clock, server, connect, pass, passAndSettle });
  } finally {
    for (const client of clients) client.close();
    door.close();
    server.destroy();
    for (const socket of sockets.values()) socket.destroy();
  }
}

/** Sends, and waits until the server has heard all of it. */
export async function tell(client: Client, text: string): Promise<void> {
  const heard = client.peer.bytesRead + text.length;
  await client.send(text);
  await until('the server has heard it', () => client.peer.bytesRead >= heard);
}

export const hello = (): Response => new Response('hello');

export const statuses = (client: RawConnection): string[] =>
  [
    ...client
      .soFar()
      .toString('latin1')
      .matchAll(/HTTP\/1\.1 (\d{3}) /g),
  ].map(([, status]) => status!);

/** Nothing has ended this connection. */
export function assertOpen(client: RawConnection): void {
  assert.equal(client.ended, null, `it was ended\n${client.transcript()}`);
}

/** The server ends its side now, after these answers. */
export async function assertEnds(client: RawConnection, answers: readonly string[]): Promise<void> {
  const { end } = await client.receiveAll();
  assert.equal(end, 'fin', client.transcript());
  assert.deepEqual(statuses(client), answers, client.transcript());
}
