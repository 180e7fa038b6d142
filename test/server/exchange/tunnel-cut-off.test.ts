/** Tunnels that are cut off: by either end, by time, by the end of the server (draft, "Closure"). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inOneOf, until } from '../../support/until.ts';
import { assertProtocolError, reasonOf, within } from '../with-server.ts';
import { encode, OPENERS, withTunnel, write } from './with-tunnel.ts';

describe('a tunnel that is cut off', () => {
  test('destroy() resets it: both streams and closed reject with ERR_HTTP_CONNECT_ERROR', () =>
    withTunnel(async ({ tunnel, connection }) => {
      const reading = reasonOf('read', tunnel.readable.getReader().read());
      const writer = tunnel.writable.getWriter();
      tunnel.destroy();
      for (const reason of [
        await reading,
        await reasonOf('closed', tunnel.closed),
        await reasonOf('write', writer.write(encode('x'))),
      ]) {
        assertProtocolError(reason, 'ERR_HTTP_CONNECT_ERROR');
      }
      assert.notEqual((await connection.receiveAll()).end, 'timeout');
    }));

  test('destroy(error) rejects with the very error, and a second destroy does nothing', () =>
    withTunnel(async ({ tunnel }) => {
      const error = new Error('mine');
      tunnel.destroy(error);
      tunnel.destroy(new Error('another'));
      assert.equal(await reasonOf('closed', tunnel.closed), error);
      assert.equal(await reasonOf('read', tunnel.readable.getReader().read()), error);
    }));

  test('destroy() wins over a close() that waits', () =>
    withTunnel(async ({ tunnel, connection }) => {
      tunnel.close();
      await until('FIN', () => connection.ended === 'fin');
      tunnel.destroy();
      assertProtocolError(await reasonOf('closed', tunnel.closed), 'ERR_HTTP_CONNECT_ERROR');
    }));

  test('cancelling the readable ends all of it', () =>
    withTunnel(async ({ tunnel, connection }) => {
      await tunnel.readable.cancel();
      assertProtocolError(await reasonOf('closed', tunnel.closed), 'ERR_HTTP_CONNECT_ERROR');
      await reasonOf('write', tunnel.writable.getWriter().write(encode('x')));
      assert.notEqual((await connection.receiveAll()).end, 'timeout');
    }));

  test('aborting the writable ends all of it', () =>
    withTunnel(async ({ tunnel, connection }) => {
      const reading = reasonOf('read', tunnel.readable.getReader().read());
      await tunnel.writable.abort();
      assertProtocolError(await reasonOf('closed', tunnel.closed), 'ERR_HTTP_CONNECT_ERROR');
      await reading;
      assert.notEqual((await connection.receiveAll()).end, 'timeout');
    }));

  test('a reset by the client rejects everything with ERR_HTTP_CONNECTION_RESET', () =>
    withTunnel(
      async ({ tunnel, ctx, connection }) => {
        const reading = reasonOf('read', tunnel.readable.getReader().read());
        const { completed } = ctx;
        connection.reset();
        for (const reason of [
          await reading,
          await reasonOf('closed', tunnel.closed),
          await reasonOf('completed', completed),
        ]) {
          assertProtocolError(reason, 'ERR_HTTP_CONNECTION_RESET');
        }
        await reasonOf('write', tunnel.writable.getWriter().write(encode('x')));
      },
      {},
      OPENERS.Upgrade,
    ));

  test('a write that waits for a client that does not read rejects when it resets the connection', () =>
    withTunnel(async ({ tunnel, connection }) => {
      connection.pause();
      const writer = tunnel.writable.getWriter();
      const big = new Uint8Array(2 ** 24);
      const writes = [writer.write(big), writer.write(big)].map((promise) => reasonOf('write', promise));
      writer.closed.catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
      connection.reset();
      for (const reason of await Promise.all(writes))
        assertProtocolError(reason, 'ERR_HTTP_CONNECTION_RESET');
    }));

  test('disposal of one that was cut off fulfils', () =>
    withTunnel(async ({ tunnel }) => {
      tunnel.destroy();
      await reasonOf('closed', tunnel.closed);
      await within('disposal', Promise.resolve(tunnel[Symbol.asyncDispose]()));
    }));

  test('timeouts.tunnelIdle cuts off one in which nothing moves, with ERR_HTTP_TIMEOUT', () =>
    withTunnel(
      async ({ tunnel, connection }) => {
        assertProtocolError(await reasonOf('closed', tunnel.closed), 'ERR_HTTP_TIMEOUT');
        assert.notEqual((await connection.receiveAll()).end, 'timeout');
      },
      { timeouts: { tunnelIdle: 50 } },
    ));

  for (const direction of ['from the client', 'to the client'] as const) {
    test(`timeouts.tunnelIdle does not run while octets come ${direction}`, () =>
      inOneOf(5, () =>
        withTunnel(
          async ({ tunnel, connection }) => {
            const reader = tunnel.readable.getReader();
            let isOver = false;
            tunnel.closed.catch(() => {
              isOver = true;
            });
            for (let i = 0; i < 12; i++) {
              await new Promise((resolve) => setTimeout(resolve, 50));
              if (direction === 'to the client') await write(tunnel, 'x');
              else {
                await connection.send('x');
                await reader.read();
              }
              assert.equal(isOver, false);
            }
          },
          { timeouts: { tunnelIdle: 400 } },
        ),
      ));
  }

  test('server.destroy(error) cuts it off', () =>
    withTunnel(async ({ tunnel, server, connection }) => {
      server.destroy(new Error('down'));
      await reasonOf('closed', tunnel.closed);
      assert.notEqual((await connection.receiveAll()).end, 'timeout');
    }));
});
