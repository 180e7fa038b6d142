/** What is not sent, not waited for or not needed any more is let go. */
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { after, describe, test } from 'node:test';
import { PROTOCOL_MARKER, Response, serve } from '../../../src/index.ts';
import { until } from '../../support/until.ts';
import { assertNoStrays, gate, get, message, within, withServer } from '../with-server.ts';

after(assertNoStrays);

/** A stream that never yields, and says when it is cancelled. */
function watchedStream(onCancel: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream({ cancel: onCancel });
}

describe('the body of a response that can not be sent is cancelled', () => {
  for (const [flavour, Answer] of Object.entries({ serval: Response, native: globalThis.Response })) {
    test(`for a response after deny(), ${flavour}`, async () => {
      const cancelled = gate();
      await withServer(
        (_, ctx) => {
          ctx.deny();
          return new Answer(watchedStream(cancelled.open)) as Response;
        },
        async ({ ask }) => {
          assert.equal((await ask(get())).status, 503);
          await within('cancelled', cancelled.opened);
        },
      );
    });
  }

  test('for a field that is not valid', async () => {
    const cancelled = gate();
    await withServer(
      () => {
        const response = new Response(watchedStream(cancelled.open));
        // `Headers` takes it, and RFC 9110 §5.5 does not.
        response.headers.set('X-A', 'bad\u0001value');
        return response;
      },
      async ({ ask }) => {
        assert.equal((await ask(get())).status, 500);
        await within('cancelled', cancelled.opened);
      },
    );
  });

  test('for a first piece that is no octets, native', async () => {
    const cancelled = gate();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(1),
      cancel: () => cancelled.open(),
    });
    await withServer(
      () => new globalThis.Response(body as never) as Response,
      async ({ ask }) => {
        assert.equal((await ask(get())).status, 500);
        await within('cancelled', cancelled.opened);
      },
    );
  });
});

describe('a body that fails before anything was sent is answered 500', () => {
  class Unreadable extends ReadableStream<Uint8Array> {
    override getReader(): never {
      throw new Error('SECRET');
    }
  }
  const bodies: Record<string, () => ReadableStream<Uint8Array>> = {
    'whose getReader() throws': () => new Unreadable(),
    'whose first read fails': () =>
      new ReadableStream({
        pull: () => Promise.reject(new Error('SECRET')),
      }),
    'that yields what can not be sent': () =>
      new ReadableStream({
        start: (controller) => controller.enqueue({} as never),
      }),
  };
  for (const [title, body] of Object.entries(bodies)) {
    test(`native, ${title}`, () =>
      withServer(
        () => new globalThis.Response(body() as never) as Response,
        async ({ ask }) => assert.equal((await ask(get())).status, 500),
      ));
  }
  test('serval, whose getReader() throws', () =>
    withServer(
      () => new Response(new Unreadable()),
      async ({ ask }) => assert.equal((await ask(get())).status, 500),
    ));
});

describe('ends settle', () => {
  test('waitUntil after an abort is waited for no longer than its time', async () => {
    const begun = gate();
    const added = gate();
    await withServer(
      async (request, ctx) => {
        const aborted = new Promise((resolve) => request.signal.addEventListener('abort', resolve));
        begun.open();
        await aborted;
        ctx.waitUntil(new Promise(() => {}));
        added.open();
        return new Response();
      },
      async ({ connect, server }) => {
        const connection = await connect();
        await connection.send(get());
        await within('begun', begun.opened);
        connection.reset();
        await within('added', added.opened);
        await within('close', server.close());
      },
      { timeouts: { waitUntil: 50 } },
    );
  });

  test('a socket that is destroyed already is not counted', () =>
    withServer(
      () => new Response(),
      async ({ server }) => {
        const [listener] = server;
        const socket = new Socket();
        socket.destroy();
        listener!.accept(socket);
        assert.equal(listener!.connectionCount, 0);
      },
    ));

  for (const grace of [Number.NaN, -1, 2 ** 31, '5' as never]) {
    test(`drain() refuses a grace of ${String(grace)}`, () =>
      withServer(
        () => new Response(),
        async ({ server }) => assert.throws(() => server.drain({ grace }), RangeError),
      ));
  }

  test('a signal keeps no server that has ended', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const watched = Object.assign(signal, {
      addEventListener: (...args: Parameters<AbortSignal['addEventListener']>) => {
        listeners++;
        AbortSignal.prototype.addEventListener.apply(signal, args);
      },
      removeEventListener: (...args: Parameters<AbortSignal['removeEventListener']>) => {
        listeners--;
        AbortSignal.prototype.removeEventListener.apply(signal, args);
      },
    });
    const server = serve(() => new Response(), { port: 0, hostname: '127.0.0.1', signal: watched });
    await server.ready;
    await server.close();
    await until('forgotten', () => listeners === 0);
  });

  test('what was handed over whole is complete, whatever becomes of the connection', async () => {
    const contexts: { completed: Promise<void> }[] = [];
    await withServer(
      (_, ctx) => {
        contexts.push(ctx);
        return new Response('ok');
      },
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(message('POST /', ['Content-Length: 10']));
        await connection.receiveText('ok');
        connection.reset();
        await new Promise((resolve) => setTimeout(resolve, 50));
        await within('completed', contexts[0]!.completed);
      },
    );
  });
});

test('clone() and blob() have the status and the fields, also those set later', async () => {
  const response = new Response(new Blob(['x']), {
    status: 404,
    headers: { a: '1', 'content-type': 'text/x' },
  });
  response.headers.set('a', '2');
  const copy = response.clone();
  assert.equal(copy.status, 404);
  assert.equal(copy.headers.get('a'), '2');
  assert.equal((await response.blob()).type, 'text/x');
});

describe('a tunnel that its application gives up', () => {
  const flood = 'x'.repeat(200_000);
  const offer = message('GET /', ['Connection: upgrade', 'Upgrade: x']);
  const ends: Record<string, (tunnel: import('../../../src/index.ts').Tunnel) => Promise<unknown>> = {
    'by a sink that throws': (tunnel) =>
      tunnel.readable.pipeTo(
        new WritableStream({
          write: () => {
            throw new Error('full');
          },
        }),
      ),
    'by destroy() behind a read': async (tunnel) => {
      await tunnel.readable.getReader().read();
      tunnel.destroy();
    },
    'by writing what is no octets': (tunnel) => tunnel.writable.getWriter().write({} as never),
  };
  for (const [how, end] of Object.entries(ends)) {
    test(`${how} harms nobody, and is over`, async () => {
      const over = gate();
      await withServer(
        {
          [PROTOCOL_MARKER]: 1,
          fetch: () => new Response(),
          async connect(ctx) {
            const tunnel = await ctx.accept();
            tunnel.closed.then(over.open, () => over.open());
            await end(tunnel).catch(() => {});
          },
        },
        async ({ connect, ask }) => {
          const connection = await connect();
          await connection.send(offer + flood);
          await within('closed', over.opened);
          assert.equal((await ask(get())).status, 200);
        },
      );
    });
  }
});
