/** Tunnels: how they are opened, octets both ways, and how they end as they should (draft, "Tunnel"). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ConnectContext, PROTOCOL_MARKER, Response } from '../../../src/index.ts';
import { until } from '../../support/until.ts';
import { assertProtocolError, drain, gate, type Running, within, withServer } from '../with-server.ts';
import { encode, OPENERS, received, withTunnel, write } from './with-tunnel.ts';

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
      await withServer({ [PROTOCOL_MARKER]: 1, fetch: () => new Response(), connect }, async (running) => {
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

describe('accept()', () => {
  const tries = (
    title: string,
    connect: (ctx: ConnectContext) => Promise<unknown>,
    use: (running: Running) => Promise<void>,
  ) =>
    test(title, () =>
      withServer({ [PROTOCOL_MARKER]: 1, fetch: () => new Response(), connect: connect as never }, use),
    );

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
    await withServer({ [PROTOCOL_MARKER]: 1, fetch: () => new Response(), connect }, async (running) => {
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
