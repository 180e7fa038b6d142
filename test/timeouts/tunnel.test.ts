/** `timeouts.tunnelIdle` and `timeouts.waitUntil`: the times that begin where HTTP ends. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROTOCOL_MARKER, Response, type ServerContext, type Tunnel } from '../../src/index.ts';
import { OPENERS } from '../server/exchange/with-tunnel.ts';
import { gate, get, message, reasonOf, within } from '../server/with-server.ts';
import { until } from '../support/until.ts';
import { type Client, hello, LATE, TIMEOUTS, type Timed, tell, withClock } from './with-clock.ts';

const { tunnelIdle: TUNNEL_IDLE, waitUntil: WAIT } = TIMEOUTS;

async function withTunnel(
  use: (timed: Timed, client: Client, tunnel: Tunnel) => Promise<void>,
  options = {},
): Promise<void> {
  const accepted = gate<Tunnel>();
  const handler = {
    [PROTOCOL_MARKER]: 1,
    fetch: hello,
    connect: async (ctx: { accept(): Promise<Tunnel> }) => accepted.open(await ctx.accept()),
  };
  await withClock(
    handler as never,
    async (timed) => {
      const client = await timed.connect();
      await tell(client, OPENERS.Upgrade);
      await use(timed, client, await within('accept', accepted.opened));
    },
    options,
  );
}

describe('timeouts.tunnelIdle', () => {
  test('cuts off a tunnel in which nothing moves, not a tick before', () =>
    withTunnel(async ({ pass, passAndSettle }, client, tunnel) => {
      await passAndSettle(TUNNEL_IDLE - 1);
      assert.equal(client.peer.destroyed, false);
      pass(LATE);
      await until('cut off', () => client.peer.destroyed);
      const reason = (await reasonOf('closed', tunnel.closed)) as { code?: string };
      assert.equal(reason.code, 'ERR_HTTP_TIMEOUT');
    }));

  for (const direction of ['from the client', 'to the client'] as const) {
    test(`begins again with every octet ${direction}`, () =>
      withTunnel(async ({ pass, passAndSettle }, client, tunnel) => {
        const writer = tunnel.writable.getWriter();
        const reader = tunnel.readable.getReader();
        for (let turn = 0; turn < 3; turn++) {
          await passAndSettle(TUNNEL_IDLE - 1);
          assert.equal(client.peer.destroyed, false);
          if (direction === 'to the client') await writer.write(Buffer.from('x'));
          else {
            await tell(client, 'x');
            await reader.read();
          }
        }
        pass(TUNNEL_IDLE + LATE);
        await until('cut off', () => client.peer.destroyed);
        await reader.closed.catch(() => {});
        await writer.closed.catch(() => {});
      }));
  }

  test('0, the default, is for ever', () =>
    withTunnel(
      async ({ passAndSettle }, client) => {
        await passAndSettle(1e7);
        assert.equal(client.peer.destroyed, false);
      },
      { timeouts: { tunnelIdle: 0 } },
    ));

  test('no time of HTTP runs in a tunnel', () =>
    withTunnel(
      async ({ passAndSettle }, client) => {
        await tell(client, 'GET / HTTP/1.1\r\n');
        await passAndSettle(1e7);
        assert.equal(client.peer.destroyed, false);
      },
      { timeouts: { tunnelIdle: 0 } },
    ));
});

describe('timeouts.waitUntil', () => {
  test('close() waits so long for a promise after its response, not a tick less', () => {
    const handler = (_: Request, ctx: ServerContext) => {
      ctx.waitUntil(new Promise(() => {}));
      return new Response('hello');
    };
    return withClock(handler, async ({ connect, server, pass }) => {
      const client = await connect();
      await tell(client, message('GET /', ['Connection: close']));
      await client.receiveAll();
      client.finish();
      let closed = false;
      const closing = server.close().then(() => {
        closed = true;
      });
      await until('the connection is gone', () => client.peer.destroyed);
      pass(WAIT - 1);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(closed, false);
      pass(LATE);
      await within('close', closing);
    });
  });

  test('runs from the end of the response, not from its beginning', async () => {
    const answer = gate();
    const handler = async (_: Request, ctx: ServerContext) => {
      ctx.waitUntil(new Promise(() => {}));
      await answer.opened;
      return new Response('hello');
    };
    await withClock(handler, async ({ connect, server, pass }) => {
      const client = await connect();
      await tell(client, get());
      pass(10 * WAIT);
      answer.open();
      await client.receiveText('hello');
      let closed = false;
      const closing = server.close().then(() => {
        closed = true;
      });
      client.finish();
      await until('the connection is gone', () => client.peer.destroyed);
      pass(WAIT - 1);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(closed, false);
      pass(LATE);
      await within('close', closing);
    });
  });
});
