/** `ctx.waitUntil()`: what `close()` waits for, how long, and what becomes of a rejection. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROTOCOL_MARKER, Response, type ServerContext } from '../../../src/index.ts';
import { until } from '../../support/until.ts';
import { gate, get, message, within, withServer } from '../with-server.ts';

describe('waitUntil', () => {
  test('the response does not wait, close() does', async () => {
    const work = gate();
    await withServer(
      (_, ctx) => {
        ctx.waitUntil(work.opened);
        return new Response('at once');
      },
      async ({ ask, server }) => {
        assert.equal((await ask(message('GET /', ['Connection: close']))).text, 'at once');
        let closed = false;
        const closing = server.close().then(() => {
          closed = true;
        });
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        assert.equal(closed, false);
        work.open();
        await within('close', closing);
      },
    );
  });

  test('several promises are all waited for, also those added by one of them', async () => {
    const [first, second, third] = [gate(), gate(), gate()];
    await withServer(
      (_, ctx) => {
        ctx.waitUntil(first.opened.then(() => ctx.waitUntil(third.opened)));
        ctx.waitUntil(second.opened);
        return new Response();
      },
      async ({ ask, server }) => {
        await ask(message('GET /', ['Connection: close']));
        let closed = false;
        const closing = server.close().then(() => {
          closed = true;
        });
        for (const one of [second, first]) {
          one.open();
          for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
          assert.equal(closed, false);
        }
        third.open();
        await within('close', closing);
      },
    );
  });

  test('after timeouts.waitUntil nobody waits any longer', () =>
    withServer(
      (_, ctx) => {
        ctx.waitUntil(new Promise(() => {}));
        return new Response();
      },
      async ({ ask, server }) => {
        await ask(message('GET /', ['Connection: close']));
        await within('close', server.close());
      },
      { timeouts: { waitUntil: 50 } },
    ));

  test('the time runs from the end of the response, also when the promise is given after that', async () => {
    const contexts: ServerContext[] = [];
    const handler = (request: Request, ctx: ServerContext) => {
      contexts.push(ctx);
      return request.url.endsWith('/wait')
        ? new Promise<Response>((resolve) =>
            request.signal.addEventListener('abort', () => resolve(new Response())),
          )
        : new Response('x');
    };
    await withServer(
      handler,
      async ({ connect, server }) => {
        const connection = await connect();
        await connection.send(get('/') + get('/wait'));
        await until('both have begun', () => contexts.length === 2);
        // The first exchange is over, the connection is at its second.
        contexts[0]!.waitUntil(new Promise(() => {}));
        connection.reset();
        await within('close', server.close());
      },
      { timeouts: { waitUntil: 50 } },
    );
  });

  test('a rejection is reported, harms nobody and does not reach error()', async () => {
    const failed = new Error('in the background');
    await withServer(
      {
        [PROTOCOL_MARKER]: 1,
        fetch: (ctx: ServerContext) => {
          ctx.waitUntil(Promise.reject(failed));
          return new Response('fine');
        },
        error: () => assert.fail('error() was called'),
      },
      async ({ ask, faults, server }) => {
        assert.equal((await ask(get())).text, 'fine');
        await until('reported', () => faults.length === 1);
        assert.equal(faults[0]?.error, failed);
        assert.match(faults[0]?.where ?? '', /waitUntil/);
        await within('close', server.close());
      },
    );
  });

  test('a rejection after the time is reported all the same', async () => {
    const work = gate();
    await withServer(
      (_, ctx) => {
        ctx.waitUntil(work.opened);
        return new Response();
      },
      async ({ ask, server, faults }) => {
        await ask(message('GET /', ['Connection: close']));
        await within('close', server.close());
        work.fail(new Error('late'));
        await until('reported', () => faults.length === 1);
      },
      { timeouts: { waitUntil: 50 } },
    );
  });

  test('what is no promise is taken for one that has settled', () =>
    withServer(
      (_, ctx) => {
        ctx.waitUntil('x' as never);
        ctx.waitUntil(undefined as never);
        return new Response();
      },
      async ({ ask, server }) => {
        assert.equal((await ask(get())).status, 200);
        await within('close', server.close());
      },
    ));

  test('destroy() does not wait', () =>
    withServer(
      (_, ctx) => {
        ctx.waitUntil(new Promise(() => {}));
        return new Response();
      },
      async ({ ask, server }) => {
        await ask(get());
        server.destroy();
        await within(
          'closed',
          server.closed.catch(() => {}),
        );
      },
    ));
});
