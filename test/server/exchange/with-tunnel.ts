/** A tunnel that stands, for one test, and what goes through it. */
import assert from 'node:assert/strict';
import { type ConnectContext, PROTOCOL_MARKER, type Tunnel } from '../../../src/index.ts';
import type { RawConnection } from '../../support/raw-client.ts';
import { gate, message, type Running, within, withServer } from '../with-server.ts';

export const OPENERS = {
  CONNECT: 'CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n',
  Upgrade: message('GET /', ['Connection: upgrade', 'Upgrade: Echo']),
};

export interface Opened extends Running {
  readonly tunnel: Tunnel;
  readonly ctx: ConnectContext;
  readonly connection: RawConnection;
}

/** A tunnel that stands, and both ends of it. */
export async function withTunnel(
  use: (opened: Opened) => Promise<void>,
  options = {},
  opener = OPENERS.CONNECT,
): Promise<void> {
  const accepted = gate<[Tunnel, ConnectContext]>();
  const connect = async (ctx: ConnectContext) => accepted.open([await ctx.accept(), ctx]);
  await withServer(
    { [PROTOCOL_MARKER]: 1, fetch: () => assert.fail('fetch() was called'), connect },
    async (running) => {
      const connection = await running.connect();
      await connection.send(opener);
      const [tunnel, ctx] = await within('accept', accepted.opened);
      await connection.receiveText('\r\n\r\n');
      await use({ ...running, tunnel, ctx, connection });
    },
    options,
  );
}

export const received = (connection: RawConnection) =>
  connection.soFar().toString('latin1').split('\r\n\r\n').slice(1).join('\r\n\r\n');
export const encode = (text: string) => Buffer.from(text, 'latin1');

export async function write(tunnel: Tunnel, text: string): Promise<void> {
  const writer = tunnel.writable.getWriter();
  await writer.write(encode(text));
  writer.releaseLock();
}
