/** How a server ends, or pauses: close, drain, destroy, a signal, disposal, and busy. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROTOCOL_MARKER, Response, serve } from '../../src/index.ts';
import type { RawConnection } from '../support/raw-client.ts';
import { until } from '../support/until.ts';
import {
  assertProtocolError,
  gate,
  get,
  message,
  type Running,
  reasonOf,
  within,
  withServer,
} from './with-server.ts';

const LAST = message('GET /', ['Connection: close']);

/** A server with one request under way, which is answered when the test says so, and one idle connection. */
function withBusyServer(
  use: (
    running: Running & { answer(): void; active: RawConnection; idle: RawConnection; signal: AbortSignal },
  ) => Promise<void>,
  options = {},
): Promise<void> {
  const end = gate();
  const seen = gate<AbortSignal>();
  const handler = async ({ url, signal }: Request) => {
    if (!url.endsWith('/slow')) return new Response('quick');
    seen.open(signal);
    await end.opened;
    return new Response('slow');
  };
  return withServer(
    handler,
    async (running) => {
      const idle = await running.connect();
      await idle.send(get());
      await idle.receiveText('quick');
      const active = await running.connect();
      await active.send(get('/slow'));
      const signal = await within('the handler', seen.opened);
      await use({ ...running, answer: end.open, active, idle, signal });
    },
    options,
  );
}

const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  let pending = true;
  const settle = () => {
    pending = false;
  };
  promise.then(settle, settle);
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  return pending;
};

describe('close', () => {
  test('ends what is idle, lets what is under way finish with Connection: close, accepts no more, and fulfils', () =>
    withBusyServer(async ({ server, answer, active, idle, connect, signal }) => {
      const closing = server.close();
      assert.equal((await idle.receiveAll()).end, 'fin');
      idle.close();
      assert.equal(await isPending(closing), true);
      await assert.rejects(connect());
      assert.equal(signal.aborted, false);
      answer();
      const [response] = await active.receiveResponses(['GET']);
      assert.equal(response?.text, 'slow');
      assert.equal(response?.field('connection'), 'close');
      active.finish();
      await within('close', closing);
      await within('closed', server.closed);
      assert.deepEqual([...server], []);
    }));

  test('a second close gives the same promise, and destroy after it does nothing', () =>
    withServer(
      () => new Response(),
      async ({ server }) => {
        assert.equal(await Promise.all([server.close(), server.close()]).then(() => 'closed'), 'closed');
        server.destroy(new Error('too late'));
        await within('closed', server.closed);
      },
    ));

  test('of one listener leaves the others, and the server, as they are', async () => {
    const server = serve(() => new Response('here'));
    const [first, second] = [
      await server.listen({ hostname: '127.0.0.1' }),
      await server.listen({ hostname: '127.0.0.1' }),
    ];
    await within('close', first.close());
    await within('closed', first.closed);
    assert.equal(
      (await fetch(`http://127.0.0.1:${second.address.port}`, { headers: { connection: 'close' } })).status,
      200,
    );
    await within('close', server.close());
    await within('closed', second.closed);
  });

  test('closed of a server that nobody ends stays pending', () =>
    withServer(
      () => new Response(),
      async ({ server, ask }) => {
        await ask(LAST);
        assert.equal(await isPending(server.closed), true);
      },
    ));
});

describe('drain', () => {
  test('answers once more what is idle and lets what is under way finish, each with Connection: close', () =>
    withBusyServer(async ({ server, answer, active, idle, connect }) => {
      const draining = server.drain({ grace: 60_000 });
      await assert.rejects(connect());
      await idle.send(get('/again'));
      const answers = await idle.receiveResponses(['GET', 'GET']);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200],
      );
      assert.equal(answers[1]?.field('connection'), 'close');
      idle.close();
      answer();
      const [response] = await active.receiveResponses(['GET']);
      assert.equal(response?.text, 'slow');
      assert.equal(response?.field('connection'), 'close');
      active.close();
      await within('drain', draining);
      await within('closed', server.closed);
    }));

  test('after the grace it closes what is idle, and still waits for what is under way', () =>
    withBusyServer(async ({ server, answer, active, idle }) => {
      const draining = server.drain({ grace: 30 });
      assert.equal((await idle.receiveAll()).end, 'fin');
      idle.close();
      assert.equal(await isPending(draining), true);
      answer();
      await active.receiveText('slow');
      active.close();
      await within('drain', draining);
    }));

  test('close during it closes what is idle at once', () =>
    withBusyServer(async ({ server, answer, active, idle }) => {
      const draining = server.drain({ grace: 60_000 });
      const closing = server.close();
      assert.equal((await idle.receiveAll()).end, 'fin');
      idle.close();
      answer();
      await active.receiveText('slow');
      active.close();
      await within('both', Promise.all([draining, closing]));
    }));
});

describe('destroy', () => {
  test('cuts everything off, and closed rejects with an AbortError', () =>
    withBusyServer(async ({ server, active, idle, signal, connect }) => {
      server.destroy();
      assert.equal(((await reasonOf('closed', server.closed)) as Error).name, 'AbortError');
      for (const connection of [active, idle])
        assert.notEqual((await connection.receiveAll()).end, 'timeout');
      assert.doesNotMatch(active.soFar().toString('latin1'), /HTTP/);
      await assert.rejects(connect());
      assert.equal(signal.aborted, true);
      assert.deepEqual([...server], []);
    }));

  test('closed rejects with the error that is given, of the listeners too', () =>
    withServer(
      () => new Response(),
      async ({ server }) => {
        const [listener] = server;
        const error = new Error('mine');
        server.destroy(error);
        server.destroy(new Error('another'));
        assert.equal(await reasonOf('closed', server.closed), error);
        assert.equal(await reasonOf('closed', listener!.closed), error);
      },
    ));

  test('handlers see a TypeError with a code, as of any lost connection (draft, "Inbound errors")', () =>
    withBusyServer(async ({ server, signal }) => {
      server.destroy(new Error('SECRET'));
      await until('aborted', () => signal.aborted);
      assertProtocolError(signal.reason, 'ERR_HTTP_CONNECTION_RESET');
    }));

  test('cuts short a close that waits', () =>
    withBusyServer(async ({ server, signal }) => {
      const closing = server.close();
      closing.catch(() => {});
      assert.equal(await isPending(closing), true);
      const error = new Error('now');
      server.destroy(error);
      assert.equal(await reasonOf('close', closing), error);
      assert.equal(signal.aborted, true);
    }));

  test('of one listener leaves the others as they are', async () => {
    const server = serve(() => new Response('here'));
    const [first, second] = [
      await server.listen({ hostname: '127.0.0.1' }),
      await server.listen({ hostname: '127.0.0.1' }),
    ];
    first.destroy();
    assert.equal(((await reasonOf('closed', first.closed)) as Error).name, 'AbortError');
    assert.deepEqual([...server], [second]);
    assert.equal(
      (await fetch(`http://127.0.0.1:${second.address.port}`, { headers: { connection: 'close' } })).status,
      200,
    );
    await within('close', server.close());
  });
});

describe('options.signal', () => {
  test('aborting it destroys the server with its reason', async () => {
    const controller = new AbortController();
    await withBusyServer(
      async ({ server, active, signal }) => {
        const reason = new Error('shutting down');
        controller.abort(reason);
        assert.equal(await reasonOf('closed', server.closed), reason);
        assert.equal(signal.aborted, true);
        assert.notEqual((await active.receiveAll()).end, 'timeout');
      },
      { signal: controller.signal },
    );
  });

  test('aborting it after the server has closed does nothing', async () => {
    const controller = new AbortController();
    const server = serve(() => new Response(), { hostname: '127.0.0.1', signal: controller.signal });
    await server.ready;
    await server.close();
    controller.abort();
    await within('closed', server.closed);
  });
});

describe('await using', () => {
  test('closes a server, and a listener, at the end of its scope', async () => {
    let server: ReturnType<typeof serve>;
    let port = 0;
    {
      await using scoped = serve(() => new Response('scoped'), { hostname: '127.0.0.1' });
      await scoped.ready;
      server = scoped;
      port = [...scoped][0]!.address.port;
      const answer = await fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } });
      assert.equal(await answer.text(), 'scoped');
    }
    await within('closed', server.closed);
    await assert.rejects(fetch(`http://127.0.0.1:${port}`));

    const other = serve(() => new Response());
    {
      await using _listener = await other.listen({ hostname: '127.0.0.1' });
      assert.equal([...other].length, 1);
    }
    assert.deepEqual([...other], []);
    await other.close();
  });
});

describe('busy', () => {
  for (const whose of ['server', 'listener'] as const) {
    test(`of the ${whose}: 503 with Retry-After, nothing is closed, and what is under way goes on`, () =>
      withBusyServer(async ({ server, idle, active, answer, connect }) => {
        const target = whose === 'server' ? server : [...server][0]!;
        target.busy = true;
        await idle.send(get());
        const [, refused] = await idle.receiveResponses(['GET', 'GET']);
        assert.equal(refused?.status, 503);
        assert.match(refused?.field('retry-after') ?? '', /^\d+$/);
        assert.equal(refused?.field('connection'), 'keep-alive');
        const fresh = await connect();
        await fresh.send(message('POST /', [], 'hello') + get());
        const answers = await fresh.receiveResponses(['POST', 'GET']);
        assert.deepEqual(
          answers.map(({ status }) => status),
          [503, 503],
          'content is read past',
        );
        answer();
        assert.equal((await active.receiveResponses(['GET']))[0]?.text, 'slow');
        target.busy = false;
        await idle.send(get());
        assert.equal((await idle.receiveResponses(['GET', 'GET', 'GET']))[2]?.status, 200);
      }));
  }

  test('is false to begin with, and refuses CONNECT and Upgrade alike', async () => {
    const connect = () => assert.fail('connect() was called');
    await withServer(
      { [PROTOCOL_MARKER]: 1, fetch: () => new Response(), connect },
      async ({ server, ask }) => {
        assert.equal(server.busy, false);
        server.busy = true;
        assert.equal((await ask('CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n')).status, 503);
        assert.equal((await ask(message('GET /', ['Connection: upgrade', 'Upgrade: x']))).status, 503);
      },
    );
  });
});
