/** `serve` and `listen`: where a server listens, when, and what there is to see of it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Response, type ServerContext, serve } from '../../src/index.ts';
import { certificatePair } from '../support/certificates.ts';
import { exchange, RawConnection } from '../support/raw-client.ts';
import { assertNoStrays, message, reasonOf, within, withServer } from './with-server.ts';

const hello = () => new Response('hello');
const LAST = message('GET /', ['Connection: close']);
const LOOPBACK = { hostname: '127.0.0.1', port: 0 } as const;

const answers = async (port: number, host = '127.0.0.1') =>
  (await exchange({ port, host }, LAST)).text.endsWith('hello');

const isRefused = (port: number) =>
  RawConnection.connect({ port }).then(
    (connection) => {
      connection.close();
      return false;
    },
    () => true,
  );

describe('a port as text', () => {
  test('serve and listen take that of an environment variable', async () => {
    const server = serve(hello, { hostname: '127.0.0.1', port: '0' });
    await server.ready;
    const { port } = server;
    await server.close();
    const again = serve(hello, { hostname: '127.0.0.1' });
    await again.ready;
    const listener = await again.listen({ hostname: '127.0.0.1', port: String(port) });
    assert.equal(listener.address.port, port);
    assert.equal(await answers(port!), true);
    await again.close();
  });
});

describe('server.url and server.port', () => {
  test('they are of the first address, and say nothing before it listens or after its end', async () => {
    const server = serve(hello, { hostname: '127.0.0.1', port: 0 });
    assert.deepEqual([server.port, server.url], [undefined, undefined]);
    await server.ready;
    const { port } = [...server][0]!.address;
    await server.listen(LOOPBACK);
    assert.deepEqual([server.port, server.url], [port, `http://127.0.0.1:${port}/`]);
    await server.close();
    assert.deepEqual([server.port, server.url], [undefined, undefined]);
  });

  test('a server for all addresses has a URL for this machine, and an IPv6 address has brackets', async () => {
    for (const [hostname, host] of [
      ['0.0.0.0', 'localhost'],
      ['::1', '[::1]'],
    ] as const) {
      const server = serve(hello, { hostname, port: 0 });
      await server.ready;
      assert.equal(server.url, `http://${host}:${server.port}/`);
      await server.close();
    }
  });

  test('over TLS the scheme is https', async () => {
    const tls = certificatePair('a.test');
    const server = serve(hello, { ...LOOPBACK, tls });
    await server.ready;
    assert.equal(server.url, `https://127.0.0.1:${server.port}/`);
    await server.close();
  });

  test('a unix socket has neither', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serval-url-'));
    const server = serve(hello, { path: join(folder, 's') });
    await server.ready;
    assert.deepEqual([server.port, server.url], [undefined, undefined]);
    await server.close();
    await rm(folder, { recursive: true });
  });
});

describe('serve', () => {
  test('with a port it listens at once, and ready tells when', async () => {
    const server = serve(hello, LOOPBACK);
    await server.ready;
    const [listener, ...others] = server;
    assert.deepEqual(others, []);
    assert.deepEqual(listener?.address, {
      address: '127.0.0.1',
      port: listener?.address.port,
      family: 'IPv4',
    });
    assert.ok((listener?.address.port ?? 0) > 0);
    assert.equal(await answers(listener!.address.port), true);
    await server.close();
  });

  test('with a hostname alone it listens at once, on any free port', async () => {
    const server = serve(hello, { hostname: '127.0.0.1' });
    await server.ready;
    assert.equal([...server].length, 1);
    await server.close();
  });

  test('with neither it listens nowhere until it is told to', async () => {
    const server = serve(hello);
    await server.ready;
    assert.deepEqual([...server], []);
    const listener = await server.listen(LOOPBACK);
    assert.equal(await answers(listener.address.port), true);
    await server.close();
  });

  test('ready rejects with EADDRINUSE when the port is taken; nothing listens, and the server can be closed', () =>
    withServer(hello, async ({ port }) => {
      const second = serve(hello, { hostname: '127.0.0.1', port });
      const reason = await reasonOf('ready', second.ready);
      assert.equal((reason as { code?: string }).code, 'EADDRINUSE');
      assert.deepEqual([...second], []);
      await within('close', second.close());
      assert.equal(await answers(port), true, 'the first is not harmed');
    }));

  for (const [hostname, code] of [
    ['192.0.2.1', 'EADDRNOTAVAIL'],
    ['no.such.host.invalid', /^(ENOTFOUND|EAI_AGAIN)$/],
  ] as const) {
    test(`ready rejects with ${code} for ${hostname}`, async () => {
      const server = serve(hello, { hostname, port: 0 });
      const reason = (await reasonOf('ready', server.ready)) as { code: string };
      if (typeof code === 'string') assert.equal(reason.code, code);
      else assert.match(reason.code, code);
      await server.close();
    });
  }

  test('the port of a server that has closed is free again', async () => {
    const first = serve(hello, LOOPBACK);
    await first.ready;
    const { port } = [...first][0]!.address;
    await first.close();
    const second = serve(hello, { hostname: '127.0.0.1', port });
    await second.ready;
    assert.equal(await answers(port), true);
    await second.close();
  });

  test('a unix socket serves, is its own address, and its file is removed on close', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serval-'));
    const path = join(folder, 'socket');
    try {
      let context: ServerContext | undefined;
      const server = serve(
        (request, ctx) => {
          context = ctx;
          return new Response(request.url);
        },
        { path },
      );
      await server.ready;
      assert.deepEqual([...server][0]?.address, { address: path, port: 0, family: 'unix' });
      const { text } = await exchange({ path }, 'GET /x HTTP/1.0\r\n\r\n');
      assert.match(text, /http:\/\/localhost\/x$/);
      assert.equal(context?.localAddress.address, path);
      assert.equal(context?.remoteAddress.port, 0);
      assert.equal(existsSync(path), true);
      await within('close', server.close());
      assert.equal(existsSync(path), false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('listen', () => {
  test('gives one more listener each time, and the server iterates over those there are', async () => {
    const server = serve((_, ctx) => new Response(String(ctx.localAddress.port)));
    const first = await server.listen(LOOPBACK);
    const second = await server.listen(LOOPBACK);
    assert.deepEqual([...server], [first, second]);
    for (const listener of server) {
      const { port } = listener.address;
      assert.match((await exchange({ port }, LAST)).text, new RegExp(`\r\n\r\n${port}$`));
    }
    await within('close', first.close());
    assert.deepEqual([...server], [second]);
    assert.equal(await isRefused(first.address.port), true);
    assert.equal(await isRefused(second.address.port), false);
    await within('close', server.close());
    assert.deepEqual([...server], []);
  });

  test('rejects with EADDRINUSE, and the server goes on with what it has', async () => {
    const server = serve(hello);
    const listener = await server.listen(LOOPBACK);
    const reason = await reasonOf(
      'listen',
      server.listen({ hostname: '127.0.0.1', port: listener.address.port }),
    );
    assert.equal((reason as { code?: string }).code, 'EADDRINUSE');
    assert.deepEqual([...server], [listener]);
    assert.equal(await answers(listener.address.port), true);
    await server.close();
  });

  test('has limits and timeouts of its own', async () => {
    const server = serve(hello, { limits: { maxRequestsPerConnection: 2 } });
    const strict = await server.listen({ ...LOOPBACK, limits: { maxRequestsPerConnection: 1 } });
    const usual = await server.listen(LOOPBACK);
    const request = message('GET /');
    for (const [listener, count] of [
      [strict, 1],
      [usual, 2],
    ] as const) {
      const { text, end } = await exchange(listener.address, request + request + request);
      assert.equal(text.match(/HTTP\/1\.1 200/g)?.length, count);
      assert.equal(end, 'fin');
    }
    await server.close();
  });

  test('IPv6 has its own addresses, and ipv6Only leaves IPv4 alone', async (t) => {
    const server = serve((request, ctx) => new Response(`${ctx.localAddress.family} ${request.url} hello`));
    try {
      const listener = await server.listen({ hostname: '::1', port: 0 }).catch(() => undefined);
      if (listener === undefined) return t.skip('this machine has no IPv6');
      assert.equal(listener.address.family, 'IPv6');
      const { port } = listener.address;
      const { text } = await exchange({ port, host: '::1' }, 'GET /x HTTP/1.0\r\n\r\n');
      assert.match(text, new RegExp(`IPv6 http://\\[::1\\]:${port}/x hello$`));
      const only = await server.listen({ hostname: '::', port: 0, ipv6Only: true });
      assert.equal(await isRefused(only.address.port), true);
      assert.equal(await answers(only.address.port, '::1'), true);
    } finally {
      await server.close();
    }
  });

  test('after close and destroy it rejects with InvalidStateError', async () => {
    for (const end of ['close', 'destroy'] as const) {
      const server = serve(hello);
      await server[end]();
      assert.equal(((await reasonOf('listen', server.listen(LOOPBACK))) as Error).name, 'InvalidStateError');
      await server.closed.catch(() => {});
    }
  });
});

describe('limits.maxConnections', () => {
  test('whenFull close: one more than that is closed, until another one has gone', () =>
    withServer(
      hello,
      async ({ connect, port }) => {
        const [first, second] = [await connect(), await connect()];
        for (const connection of [first, second]) {
          await connection.send(message('GET /'));
          await connection.receiveText('hello');
        }
        const third = await connect();
        await third.send(message('GET /')).catch(() => {});
        assert.notEqual((await third.receiveAll()).end, 'timeout');
        assert.equal(third.receivedOctets, 0);
        first.close();
        for (let attempt = 0; ; attempt++) {
          if ((await exchange({ port }, LAST).catch(() => undefined))?.text.endsWith('hello') === true) break;
          assert.ok(attempt < 100, 'the place is free again');
        }
      },
      { limits: { maxConnections: 2 }, whenFull: 'close' },
    ));

  test('it counts for each listener', async () => {
    const server = serve(hello, { limits: { maxConnections: 1 } });
    const listeners = [await server.listen(LOOPBACK), await server.listen(LOOPBACK)];
    for (const { address } of listeners) assert.equal(await answers(address.port), true);
    await server.close();
  });
});

describe('a server that ends before it listens', () => {
  for (const [how, end] of Object.entries({
    close: (server: ReturnType<typeof serve>) => server.close(),
    drain: (server: ReturnType<typeof serve>) => server.drain({ grace: 50 }),
    destroy: (server: ReturnType<typeof serve>) => server.destroy(),
  })) {
    for (const way of ['serve', 'listen'] as const) {
      test(`${how} right after ${way}: nothing listens in the end`, async () => {
        const server = way === 'serve' ? serve(hello, LOOPBACK) : serve(hello);
        const listening = way === 'serve' ? server.ready : server.listen(LOOPBACK).then(() => {});
        listening.catch(() => {});
        const listeners = [...server];
        void end(server);
        await within(
          'closed',
          server.closed.catch(() => {}),
        );
        // Whether listening was given up or has come to be before the end: it does not outlive it.
        await within(
          'listening settles',
          listening.catch(() => {}),
        );
        for (const listener of [...listeners, ...server]) {
          const { port } = listener.address;
          if (port > 0) assert.equal(await isRefused(port), true);
        }
        assert.deepEqual([...server], []);
        await assertNoStrays();
      });
    }
  }

  test('with a signal that is aborted already, nothing listens and closed rejects with its reason', async () => {
    const reason = new Error('never');
    const server = serve(hello, { ...LOOPBACK, signal: AbortSignal.abort(reason) });
    const listeners = [...server];
    assert.equal(await reasonOf('closed', server.closed), reason);
    await within(
      'ready settles',
      server.ready.catch(() => {}),
    );
    for (const { address } of listeners) {
      if (address.port > 0) assert.equal(await isRefused(address.port), true);
    }
    assert.deepEqual([...server], []);
    await assertNoStrays();
  });
});
