/** Tunnels: octets both ways, and every way in which they end (draft, "Tunnel", "Closure"). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ConnectContext, Response, type Tunnel } from '../../src/index.ts';
import type { RawConnection } from '../support/raw-client.ts';
import {
  assertProtocolError,
  gate,
  message,
  type Running,
  reasonOf,
  until,
  within,
  withServer,
} from './with-server.ts';

const OPENERS = {
  CONNECT: 'CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n',
  Upgrade: message('GET /', ['Connection: upgrade', 'Upgrade: Echo']),
};

interface Opened extends Running {
  readonly tunnel: Tunnel;
  readonly ctx: ConnectContext;
  readonly connection: RawConnection;
}

/** A tunnel that stands, and both ends of it. */
async function withTunnel(
  use: (opened: Opened) => Promise<void>,
  options = {},
  opener = OPENERS.CONNECT,
): Promise<void> {
  const accepted = gate<[Tunnel, ConnectContext]>();
  const connect = async (ctx: ConnectContext) => accepted.open([await ctx.accept(), ctx]);
  await withServer(
    { fetch: () => assert.fail('fetch() was called'), connect },
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

const received = (connection: RawConnection) =>
  connection.soFar().toString('latin1').split('\r\n\r\n').slice(1).join('\r\n\r\n');
const encode = (text: string) => Buffer.from(text, 'latin1');

async function drain(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of stream) text += Buffer.from(piece).toString('latin1');
  return text;
}

async function write(tunnel: Tunnel, text: string): Promise<void> {
  const writer = tunnel.writable.getWriter();
  await writer.write(encode(text));
  writer.releaseLock();
}

for (const [name, opener] of Object.entries(OPENERS)) {
  describe(`a tunnel after ${name}`, () => {
    test('accept() answers once, without anything about framing', () =>
      withTunnel(
        async ({ connection }) => {
          const head = connection.soFar().toString('latin1').split('\r\n\r\n')[0] ?? '';
          assert.match(
            head,
            name === 'CONNECT' ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 101 Switching Protocols\r\n/,
          );
          assert.doesNotMatch(head, /content-length|transfer-encoding/i);
          if (name === 'Upgrade') {
            assert.match(head, /\r\nUpgrade: echo(\r\n|$)/i);
            assert.match(head, /\r\nConnection: upgrade(\r\n|$)/i);
          }
        },
        {},
        opener,
      ));

    test('octets go both ways, also those that came with the request', async () => {
      const connect = async (ctx: ConnectContext) => {
        const { readable, writable } = await ctx.accept({ headers: { 'X-A': '1' } });
        readable.pipeTo(writable).catch(() => {});
      };
      await withServer({ fetch: () => new Response(), connect }, async (running) => {
        const connection = await running.connect();
        await connection.send(`${opener}early`);
        await connection.receiveText('early');
        await connection.send('GET / HTTP/1.1\r\n\r\n\0\xff');
        await connection.receiveText('\0\xff');
        connection.finish();
        const { text, end } = await connection.receiveAll();
        assert.equal(end, 'fin');
        assert.match(text, /\r\nX-A: 1\r\n/);
        assert.equal(received(connection), 'earlyGET / HTTP/1.1\r\n\r\n\0\xff');
      });
    });

    test('a megabyte goes both ways whole, to a client that reads late', () =>
      withTunnel(
        async ({ tunnel, connection }) => {
          const content = Array.from({ length: 2 ** 17 }, (_, i) => String(10_000_000 + i)).join('');
          tunnel.readable.pipeTo(tunnel.writable).catch(() => {});
          connection.pause();
          await connection.send(content);
          connection.finish();
          setTimeout(() => connection.resume(), 20);
          await connection.receiveAll();
          assert.equal(received(connection) === content, true);
          await within('closed', tunnel.closed);
        },
        {},
        opener,
      ));
  });
}

describe('a tunnel that ends as it should', () => {
  test('closing the writable sends FIN, and the other direction goes on', () =>
    withTunnel(async ({ tunnel, connection }) => {
      await write(tunnel, 'last');
      await tunnel.writable.close();
      await until('FIN', () => connection.ended === 'fin');
      assert.equal(received(connection), 'last');
      await connection.send('still');
      connection.finish();
      assert.equal(await within('readable', drain(tunnel.readable)), 'still');
      await within('closed', tunnel.closed);
    }));

  test('the client’s FIN ends the readable behind its octets, and the other direction goes on', () =>
    withTunnel(async ({ tunnel, connection }) => {
      await connection.send('last');
      connection.finish();
      assert.equal(await within('readable', drain(tunnel.readable)), 'last');
      await write(tunnel, 'still');
      await connection.receiveText('still');
      tunnel.close();
      await within('closed', tunnel.closed);
      assert.equal((await connection.receiveAll()).end, 'fin');
    }));

  test('close() ends the sending side, also while a writer holds it, and does not throw the rest away', () =>
    withTunnel(async ({ tunnel, connection }) => {
      const writer = tunnel.writable.getWriter();
      await writer.write(encode('last'));
      tunnel.close();
      tunnel.close();
      await until('FIN', () => connection.ended === 'fin');
      assert.equal(received(connection), 'last');
      await connection.send('still');
      connection.finish();
      assert.equal(await within('readable', drain(tunnel.readable)), 'still');
      await within('closed', tunnel.closed);
    }));

  test('closed fulfils while octets are unread, and they can be read after that', () =>
    withTunnel(async ({ tunnel, connection }) => {
      await connection.send('unread');
      connection.finish();
      tunnel.close();
      await within('closed', tunnel.closed);
      assert.equal(await within('readable', drain(tunnel.readable)), 'unread');
    }));

  test('asyncDispose closes and waits; of a tunnel that has ended it does nothing', () =>
    withTunnel(async ({ tunnel, connection }) => {
      const disposed = tunnel[Symbol.asyncDispose]();
      await until('FIN', () => connection.ended === 'fin');
      connection.finish();
      await within('disposal', Promise.resolve(disposed));
      await within('second disposal', Promise.resolve(tunnel[Symbol.asyncDispose]()));
      tunnel.destroy();
      await tunnel.closed;
    }));

  test('ctx.completed fulfils, the signal is not aborted, and server.close() waits for it', () =>
    withTunnel(
      async ({ tunnel, ctx, connection, server }) => {
        const { completed } = ctx;
        let closed = false;
        const closing = server.close().then(() => {
          closed = true;
        });
        await connection.send('on');
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        assert.equal(closed, false);
        connection.finish();
        tunnel.close();
        await within('completed', completed);
        await within('close', closing);
      },
      {},
      OPENERS.Upgrade,
    ));
});

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
      ));
  }

  test('server.destroy(error) cuts it off', () =>
    withTunnel(async ({ tunnel, server, connection }) => {
      server.destroy(new Error('down'));
      await reasonOf('closed', tunnel.closed);
      assert.notEqual((await connection.receiveAll()).end, 'timeout');
    }));
});

describe('accept()', () => {
  const tries = (
    title: string,
    connect: (ctx: ConnectContext) => Promise<unknown>,
    use: (running: Running) => Promise<void>,
  ) => test(title, () => withServer({ fetch: () => new Response(), connect: connect as never }, use));

  tries(
    'a second one rejects with InvalidStateError, and so do deny() and sendInformational()',
    async (ctx) => {
      const tunnel = await ctx.accept();
      await assert.rejects(ctx.accept(), { name: 'InvalidStateError' });
      assert.throws(() => ctx.deny(), { name: 'InvalidStateError' });
      assert.throws(() => ctx.sendInformational(103), { name: 'InvalidStateError' });
      await write(tunnel, 'all threw');
    },
    async ({ connect }) => {
      const connection = await connect();
      await connection.send(OPENERS.CONNECT);
      await connection.receiveText('all threw');
    },
  );

  tries(
    'fields that can not be sent reject it, nothing is sent, and the request can still be answered',
    async (ctx) => {
      await assert.rejects(ctx.accept({ headers: { 'X-A': 'a\r\nX-Smuggled: 1' } }), TypeError);
      return new Response('no', { status: 403 });
    },
    async ({ ask }) => assert.equal((await ask(OPENERS.Upgrade)).text, 'no'),
  );

  test('after the client has gone it rejects with the reason of the signal', async () => {
    const started = gate();
    const outcome = gate<[unknown, unknown]>();
    const connect = async (ctx: ConnectContext) => {
      const { signal } = ctx.request;
      setImmediate(started.open);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await ctx.accept().catch((error) => outcome.open([error, signal.reason]));
    };
    await withServer({ fetch: () => new Response(), connect }, async (running) => {
      const connection = await running.connect();
      await connection.send(OPENERS.Upgrade);
      await started.opened;
      connection.reset();
      const [error, reason] = await within('accept', outcome.opened);
      assert.equal(error, reason);
      assertProtocolError(error, 'ERR_HTTP_CONNECTION_RESET');
    });
  });

  test('capsules() and datagrams() throw NotSupportedError', () =>
    withTunnel(async ({ tunnel }) => {
      assert.throws(() => tunnel.capsules(), { name: 'NotSupportedError' });
      assert.throws(() => tunnel.datagrams(), { name: 'NotSupportedError' });
    }));
});
