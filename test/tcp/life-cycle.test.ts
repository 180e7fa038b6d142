/** From `ready` to `closed`: how a server starts, declines for a while, and stops. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { RawConnection, sleep, withConnection } from '../support/raw-client.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import type { ConnectionRecord } from '../support/servers/routes.ts';
import { until } from '../support/until.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

/** Starts a server of its own for `use`, as these tests end theirs. */
async function withServer(
  use: (server: ServerProcess) => Promise<void>,
  options: object = {},
): Promise<void> {
  const server = await startServer('routes', options);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

/** A kept connection that has had one answer. */
async function idleConnection(server: ServerProcess): Promise<RawConnection> {
  const connection = await RawConnection.connect(server);
  await connection.send(get('/'));
  await connection.receiveResponses(['GET']);
  return connection;
}

/** A connection whose request has reached its handler, which waits until it is released. */
async function waitingConnection(server: ServerProcess, name: string): Promise<RawConnection> {
  const connection = await RawConnection.connect(server);
  await connection.send(get(`/gate?name=${name}`));
  await until('the request reaches its handler', async () =>
    (await server.command<string[]>('waiting')).includes(name),
  );
  return connection;
}

/** A connection whose request has reached its handler. */
async function busyConnection(server: ServerProcess, raw: string): Promise<RawConnection> {
  const connection = await RawConnection.connect(server);
  await connection.send(raw);
  await until('the request reaches its handler', async () => {
    const { handled } = await server.command<ConnectionRecord>('peek', connection.localPort);
    return handled.length > 0;
  });
  return connection;
}

async function isRefused(server: ServerProcess): Promise<boolean> {
  try {
    (await RawConnection.connect(server)).close();
    return false;
  } catch {
    return true;
  }
}

describe('life cycle: start', { concurrency: 2 }, () => {
  test('serve: ready rejects with EADDRINUSE when the port is taken, and the first server goes on', () =>
    withServer(async (server) => {
      assert.equal(await server.command('listen-again', server.port), 'EADDRINUSE');
      (await idleConnection(server)).close();
    }));

  test('serve: a unix socket serves, and its file is removed on close', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serval-'));
    const path = join(folder, 'socket');
    try {
      await withServer(
        async (server) => {
          await withConnection({ path }, async (connection) => {
            await connection.send(get('/'));
            const [answer] = await connection.receiveResponses(['GET']);
            assert.equal(answer?.text, 'hello');
          });
          await server.command('close');
          assert.equal(existsSync(path), false, 'the file of the socket');
        },
        { serve: { path } },
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('life cycle: busy', () => {
  test('RFC 9110 §15.6.4: while busy, requests are answered 503 with Retry-After, and connections are kept', () =>
    withServer(async (server) => {
      const connection = await idleConnection(server);
      await server.command('connection', connection.localPort);

      await server.command('busy', true);
      await connection.send(get('/target?busy'));
      const [, declined] = await connection.receiveResponses(['GET', 'GET']);
      assert.equal(declined?.status, 503);
      assert.match(declined?.field('retry-after') ?? '', /^\d+$/);
      assert.equal(declined?.field('connection'), 'keep-alive');

      await server.command('busy', false);
      await connection.send(get('/target?again'));
      const [, , served] = await connection.receiveResponses(['GET', 'GET', 'GET']);
      assert.equal(served?.text, '/target?again');

      const { handled } = await server.command<ConnectionRecord>('connection', connection.localPort);
      assert.deepEqual(handled, ['GET /target?again']);
      connection.close();
    }));
});

describe('life cycle: close', { concurrency: 2 }, () => {
  test('close: ends idle connections with a FIN, refuses new ones and fulfils', () =>
    withServer(async (server) => {
      const silent = await RawConnection.connect(server);
      const idle = await idleConnection(server);
      const closing = server.command('close');
      for (const connection of [silent, idle]) {
        assert.equal((await connection.receiveAll()).end, 'fin', connection.transcript());
        connection.close();
      }
      await closing;
      assert.equal(await isRefused(server), true);
      await server.command('closed');
    }));

  test('RFC 9112 §9.6: close waits for the answer under way, which says close', () =>
    withServer(async (server) => {
      const connection = await waitingConnection(server, 'slow');
      let closed = false;
      const closing = server.command('close').then(() => {
        closed = true;
      });
      await until('nobody new is let in', () => isRefused(server));
      await sleep(150);
      assert.equal(closed, false, 'close() waits');

      await server.command('release', 'slow');
      const received = await connection.receiveAll();
      assert.equal(received.end, 'fin', connection.transcript());
      const [answer] = await connection.receiveResponses(['GET']);
      assert.equal(answer?.text, 'released');
      assert.equal(answer?.field('connection')?.toLowerCase(), 'close');
      connection.close();
      await closing;
    }));

  test('close: waits for what was given to waitUntil', () =>
    withServer(async (server) => {
      const connection = await RawConnection.connect(server);
      await connection.send(get('/wait-until?name=work'));
      await connection.receiveResponses(['GET']);
      let closed = false;
      const closing = server.command('close').then(() => {
        closed = true;
      });
      assert.equal((await connection.receiveAll()).end, 'fin');
      connection.close();
      await sleep(150);
      assert.equal(closed, false, 'close() waits');
      await server.command('release', 'work');
      await closing;
    }));

  test('close: waits for content that is still coming, and answers it', () =>
    withServer(async (server) => {
      const raw = 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello';
      const connection = await busyConnection(server, raw);
      const closing = server.command('close');
      await sleep(100);
      await connection.send('world');
      const [answer] = await connection.receiveResponses(['POST']);
      assert.equal(answer?.text, 'helloworld');
      connection.close();
      await closing;
    }));

  test('close: a request that crosses it on a kept connection is never half answered', () =>
    withServer(async (server) => {
      const connection = await idleConnection(server);
      const closing = server.command('close');
      await connection.send(get('/target?late'));
      await connection.receiveAll();
      const answers = await connection.receiveResponses(['GET', 'GET']);
      // Whichever came first: it is answered (and the connection then ends), declined, or not looked at.
      const late = answers[1];
      if (late?.status === 503) assert.equal(late.field('connection')?.toLowerCase(), 'close');
      else if (late !== undefined) assert.equal(late.text, '/target?late', connection.transcript());
      connection.close();
      await closing;
    }));
});

describe('life cycle: drain', { concurrency: 2 }, () => {
  test('RFC 9112 §9.6: while draining, kept connections are served once more, with close', () =>
    withServer(async (server) => {
      const kept = await idleConnection(server);
      const draining = server.command('drain', { grace: 60_000 });
      await until('nobody new is let in', () => isRefused(server));
      await sleep(150);
      assert.equal(kept.ended, null, 'a connection on which a request may be crossing is not closed');

      await kept.send(get('/target?late'));
      const received = await kept.receiveAll();
      assert.equal(received.end, 'fin', kept.transcript());
      const [, answer] = await kept.receiveResponses(['GET', 'GET']);
      assert.equal(answer?.text, '/target?late');
      assert.equal(answer?.field('connection')?.toLowerCase(), 'close');
      kept.close();
      await draining;
    }));

  test('drain: after the grace it closes what is idle', () =>
    withServer(async (server) => {
      const idle = await idleConnection(server);
      const start = performance.now();
      const draining = server.command('drain', { grace: 500 });
      assert.equal((await idle.receiveAll()).end, 'fin', idle.transcript());
      idle.close();
      await draining;
      const elapsed = performance.now() - start;
      assert.ok(elapsed >= 480 && elapsed < 15_000, `after ${Math.round(elapsed)} ms`);
    }));

  test('drain: answers what is under way, however long the grace', () =>
    withServer(async (server) => {
      const connection = await waitingConnection(server, 'slow');
      const draining = server.command('drain', { grace: 100 });
      await until('nobody new is let in', () => isRefused(server));
      await sleep(400);
      await server.command('release', 'slow');
      await connection.receiveAll();
      const [answer] = await connection.receiveResponses(['GET']);
      assert.equal(answer?.text, 'released', connection.transcript());
      connection.close();
      await draining;
    }));
});

describe('life cycle: destroy', { concurrency: 2 }, () => {
  for (const [how, command] of [
    ['destroy()', 'destroy'],
    ['aborting the signal', 'abort'],
  ] as const) {
    test(`${how} cuts off every connection, aborts the handlers and fulfils closed`, () =>
      withServer(async (server) => {
        const idle = await idleConnection(server);
        const busy = await busyConnection(server, get('/never'));
        await server.command(command);
        for (const connection of [idle, busy]) {
          assert.notEqual((await connection.receiveAll()).end, 'timeout', connection.transcript());
        }
        const { outcomes } = await server.command<ConnectionRecord>('connection', busy.localPort);
        assert.equal(outcomes.length, 1, 'the signal of the request is aborted once');
        assert.match(outcomes[0] ?? '', /^aborted /);
        assert.equal(await isRefused(server), true);
        idle.close();
        busy.close();
        await server.command('closed').catch(() => {}); // With an error it may reject; it must not stay pending.
      }));
  }

  test('close: is idempotent, and destroy cuts short a close that waits', () =>
    withServer(async (server) => {
      const connection = await waitingConnection(server, 'forever');
      // They may reject; they must not stay pending.
      const closing = Promise.allSettled([server.command('close'), server.command('close')]);
      await sleep(100);
      await server.command('destroy');
      await closing;
      assert.notEqual((await connection.receiveAll()).end, 'timeout');
      connection.close();
    }));
});
