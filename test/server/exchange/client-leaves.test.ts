/**
 * A client that leaves by FIN, which is how a closed tab and Ctrl-C leave: the exchange hears of it at once, and everything
 * that it held is let go. An answer that is being written is finished.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { after, describe, test } from 'node:test';
import { Response, type ServerContext } from '../../../src/index.ts';
import { limit } from '../../../src/limit/index.ts';
import { sleep } from '../../support/raw-client.ts';
import { assertNoStrays, gate, get, message, until, within, withServer } from '../with-server.ts';

after(assertNoStrays);

/** A stream that gives one piece and then waits for ever, as a source of server-sent events does. */
function idleStream() {
  const cancelled = gate<unknown>();
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
    cancel: (reason) => cancelled.open(reason),
  });
  return { stream, cancelled };
}

describe('a client that leaves by FIN', () => {
  test('aborts the signal of a handler that is at work, rejects completed, and frees its place', async () => {
    const called = gate<ServerContext>();
    const handler = limit(
      (request, ctx) =>
        new Promise<Response>((resolve) => {
          request.signal.addEventListener('abort', () => resolve(new Response('too late')));
          called.open(ctx);
        }),
      { concurrency: 1, queue: 0 } as never,
    );
    await withServer(handler, async ({ connect, server, faults }) => {
      const connection = await connect();
      await connection.send(get());
      const ctx = await within('the handler', called.opened);
      const start = performance.now();
      connection.finish();
      await assert.rejects(ctx.completed, { code: 'ERR_HTTP_CONNECTION_RESET' });
      assert.ok(performance.now() - start < 1_000);
      await until('the connection is gone', () => server.counts.connections === 0);
      assert.deepEqual(faults, []);
    });
  });

  for (const [flavour, Answer] of Object.entries({ serval: Response, native: globalThis.Response })) {
    test(`cancels the idle stream of a ${flavour} Response, and close() has nothing to wait for`, async () => {
      const { stream, cancelled } = idleStream();
      await withServer(
        () => new Answer(stream as never) as never,
        async ({ connect, server }) => {
          const connection = await connect();
          await connection.send(get());
          await connection.receiveText('data: 1');
          connection.finish();
          assert.equal(await within('the source', cancelled.opened), undefined);
          await within('close', server.close());
        },
      );
    });

    test(`cancels the stream of a ${flavour} Response that is returned after the client has gone`, async () => {
      const { stream, cancelled } = idleStream();
      await withServer(
        async (request) => {
          await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
          await sleep(5);
          return new Answer(stream as never) as never;
        },
        async ({ connect }) => {
          const connection = await connect();
          await connection.send(get());
          await sleep(20);
          connection.finish();
          await within('the source', cancelled.opened);
        },
      );
    });
  }

  test('cancels the idle stream that answers a request whose content nobody reads', async () => {
    const { stream, cancelled } = idleStream();
    await withServer(
      () => new Response(stream as never),
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(
          message('POST /', ['Content-Length: 8'], '').replace('\r\n\r\n', '\r\n\r\npart'),
        );
        await connection.receiveText('data: 1');
        connection.finish();
        await within('the source', cancelled.opened);
      },
    );
  });

  for (const [what, octets, isWhole] of [
    ['whole content', message('POST /', [], 'content'), true],
    [
      'whole content in chunks',
      `${message('POST /', ['Transfer-Encoding: chunked'])}7\r\ncontent\r\n0\r\n\r\n`,
      true,
    ],
    ['a part of its content', `${message('POST /', ['Content-Length: 8'])}content`, false],
    ['none of its content', message('POST /', ['Content-Length: 8']), false],
  ] as const) {
    test(`with ${what} that nobody reads is noticed at once${isWhole ? ', and the content can be read' : ''}`, async () => {
      const read = gate<unknown>();
      const handler = async (request: Request) => {
        await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
        read.open(await request.text().catch((error) => error.code));
        return new Response();
      };
      await withServer(handler, async ({ connect, server }) => {
        const connection = await connect();
        await connection.send(octets);
        connection.finish();
        assert.equal(
          await within('the handler', read.opened),
          isWhole ? 'content' : 'ERR_HTTP_CONNECTION_RESET',
        );
        await until('the connection is gone', () => server.counts.connections === 0);
      });
    });
  }

  test('destroys the idle Readable that a Response was made of', async () => {
    const body = new Readable({ read() {} });
    const closed = once(body, 'close');
    await withServer(
      () => new Response(body),
      async ({ connect, faults }) => {
        const connection = await connect();
        await connection.send(get());
        await connection.receiveText('\r\n\r\n');
        connection.finish();
        await within('the source', closed);
        assert.deepEqual(faults, []);
      },
    );
  });

  test('still gets a response that is being written to its end, piece by piece', () =>
    withServer(
      () => {
        let left = 5;
        return new Response(
          new ReadableStream<Uint8Array>({
            async pull(controller) {
              await sleep(20);
              if (left-- > 0) controller.enqueue(new TextEncoder().encode('piece '));
              else controller.close();
            },
          }),
        );
      },
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(get());
        await connection.receiveText('piece');
        connection.finish();
        const [answer] = await connection.receiveResponses(['GET']);
        assert.equal(answer?.text, 'piece '.repeat(5));
      },
    ));

  test('still gets a native response whose first piece is at hand a turn later', () =>
    withServer(
      () =>
        new globalThis.Response(
          new ReadableStream({
            async pull(controller) {
              await sleep(1);
              controller.enqueue(new TextEncoder().encode('piece'));
              controller.close();
            },
          }),
        ) as never,
      async ({ connect }) => {
        const connections = await Promise.all(Array.from({ length: 20 }, () => connect()));
        await Promise.all(
          connections.map(async (connection) => {
            await connection.send(get());
            connection.finish();
            const [answer] = await connection.receiveResponses(['GET']);
            assert.equal(answer?.text, 'piece');
          }),
        );
      },
    ));

  test('still gets a response that is larger than the buffers on the way', () => {
    const large = 'x'.repeat(8 * 1024 * 1024);
    return withServer(
      () => new Response(large),
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(get());
        connection.finish();
        const [answer] = await connection.receiveResponses(['GET']);
        assert.equal(answer?.text.length, large.length);
      },
    );
  });

  test('gets the answers to what it had pipelined, as far as they are at hand', () =>
    withServer(
      (request) => new Response(new URL(request.url).pathname),
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(get('/a') + get('/b'));
        connection.finish();
        const answers = await connection.receiveResponses(['GET', 'GET']);
        assert.deepEqual(
          answers.map(({ text }) => text),
          ['/a', '/b'],
        );
      },
    ));
});

describe('content that is read in part and abandoned', () => {
  const half = (connection: { send(octets: string): Promise<void> }) =>
    connection.send(`${message('POST /', ['Content-Length: 20'])}0123456789`);
  const rest = 'abcdefghij';

  for (const [how, give] of Object.entries({
    'still locked': () => {},
    released: (reader: ReadableStreamDefaultReader) => reader.releaseLock(),
  })) {
    for (const ending of ['an early answer', 'a throw']) {
      test(`by a reader ${how} before ${ending} does not hold the next request up`, () =>
        withServer(
          async (request) => {
            if (request.method === 'GET') return new Response('next');
            const reader = request.body!.getReader();
            await reader.read();
            give(reader);
            if (ending === 'a throw') throw new Error('enough');
            return new Response('early', { status: 413 });
          },
          async ({ connect }) => {
            const connection = await connect();
            await half(connection);
            await connection.receiveText(ending === 'a throw' ? '500' : 'early');
            const start = performance.now();
            await connection.send(rest + get());
            await connection.receiveText('next');
            assert.ok(performance.now() - start < 5_000, 'it waited');
          },
        ));
    }
  }
});

test('content of which a reader holds more than the buffers take, after the response, closes the connection', () =>
  withServer(
    async (request) => {
      await request.body!.getReader().read();
      return new Response('early', { status: 413 });
    },
    async ({ connect, server }) => {
      const connection = await connect();
      const sent = connection.send(message('POST /', ['Content-Length: 10000000']) + 'x'.repeat(9_999_999));
      await connection.receiveText('early');
      await until('the connection is gone', () => server.counts.connections === 0);
      await sent.catch(() => {});
    },
  ));

test('RFC 9110 §10.1.1: a response whose body is the request’s content sends 100 (Continue) before its head', () =>
  withServer(
    (request) => new Response(request.body as never),
    async ({ connect }) => {
      const connection = await connect();
      await connection.send(message('POST /', ['Content-Length: 4', 'Expect: 100-continue']));
      await connection.receiveText('HTTP/1.1 100 Continue\r\n\r\n');
      await connection.send('echo');
      await connection.receiveText('echo');
    },
  ));

test('RFC 9110 §10.1.1: and so does one whose body is made of that content', () =>
  withServer(
    (request) => new Response(request.body!.pipeThrough(new TransformStream()) as never),
    async ({ connect }) => {
      const connection = await connect();
      await connection.send(message('POST /', ['Content-Length: 4', 'Expect: 100-continue']));
      await connection.receiveText('HTTP/1.1 100 Continue\r\n\r\n');
      await connection.send('echo');
      await connection.receiveText('echo');
    },
  ));

test('the head of a native Response with a stream does not wait for the first piece', () => {
  const silent = new ReadableStream<Uint8Array>();
  return withServer(
    () => new globalThis.Response(silent, { headers: { 'Content-Type': 'text/event-stream' } }) as never,
    async ({ connect }) => {
      const connection = await connect();
      await connection.send(get());
      await connection.receiveText('text/event-stream');
    },
  );
});

describe('the end of a server under an idle stream', () => {
  for (const way of ['close', 'drain'] as const) {
    test(`${way}() cuts it off after timeouts.close, and the handler hears that draining has begun`, async () => {
      const { stream, cancelled } = idleStream();
      const draining = gate();
      await withServer(
        (_request, ctx) => {
          ctx.server.drainSignal.addEventListener('abort', () => draining.open());
          return new Response(stream);
        },
        async ({ connect, server }) => {
          const connection = await connect();
          await connection.send(get());
          await connection.receiveText('data: 1');
          const ended = way === 'close' ? server.close() : server.drain({ grace: 10 });
          await within('the handler', draining.opened);
          await within('the end', ended);
          await within('the source', cancelled.opened);
        },
        { timeouts: { close: 100 } },
      );
    });
  }
});
