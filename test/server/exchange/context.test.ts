/** `ctx`: what it says of the connection and the request, how it denies, and when it is `completed`. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FALL_THROUGH, PROTOCOL_MARKER, Response, type ServerContext } from '../../../src/index.ts';
import { until } from '../../support/until.ts';
import {
  assertProtocolError,
  gate,
  get,
  inHandler,
  message,
  OVER_TLS,
  reasonOf,
  within,
  withServer,
} from '../with-server.ts';

const isInvalidState = { name: 'InvalidStateError' };

describe('ctx', () => {
  test('can be the prototype of another object, as frameworks make one of their own', async () => {
    const done = gate();
    const handler = (_: Request, ctx: ServerContext) => {
      const own = Object.create(ctx, { extra: { value: 1 } }) as ServerContext;
      assert.equal(own.request, ctx.request);
      assert.equal(own.path, '/p');
      assert.equal(own.remoteAddress, ctx.remoteAddress);
      own.serverPriority = { urgency: 1, incremental: false };
      assert.equal(ctx.serverPriority?.urgency, 1);
      own.waitUntil(done.opened);
      own.sendInformational(103);
      own.completed.then(() => done.open());
      return new Response(own.receivedHead);
    };
    await withServer(handler, async ({ ask, server }) => {
      const answer = await ask(get('/p'));
      assert.match(answer.text, /^GET \/p HTTP\/1\.1/);
      assert.equal(answer.informational.length, 1);
      await within('close', server.close());
    });
  });

  test('of an upgrade can be the prototype of another object, too', () =>
    withServer(
      () => new Response('fetched'),
      async ({ ask }) => {
        assert.equal((await ask(message('GET /', ['Connection: upgrade', 'Upgrade: x']))).text, 'fetched');
      },
      {
        connect(ctx) {
          const own = Object.create(ctx) as typeof ctx;
          assert.equal(own.connectProtocol, 'x');
          own.deny(FALL_THROUGH);
          assert.throws(() => ctx.deny(), isInvalidState);
        },
      },
    ));

  test('remoteAddress and localAddress are the two ends of the connection', async () => {
    const seen = gate<ServerContext>();
    const handler = (_: Request, ctx: ServerContext) => {
      seen.open(ctx);
      return new Response(JSON.stringify([ctx.remoteAddress, ctx.localAddress]));
    };
    await withServer(handler, async ({ connect, port }) => {
      const connection = await connect();
      await connection.send(get());
      const [answer] = await connection.receiveResponses(['GET']);
      assert.deepEqual(JSON.parse(answer?.text ?? ''), [
        { address: '127.0.0.1', port: connection.localPort, family: 'IPv4' },
        { address: '127.0.0.1', port, family: 'IPv4' },
      ]);
    });
  });

  test('alpnProtocol, encrypted and serverName are those of HTTP/1.1 without TLS', () =>
    inHandler(get(), (_, ctx) => {
      assert.equal(ctx.alpnProtocol, 'http/1.1');
      assert.equal(ctx.encrypted, OVER_TLS);
      assert.equal(ctx.serverName, null);
    }));

  test('receivedHead is the head, octet by octet', () => {
    const head = 'GET /%2e?q HTTP/1.1\r\nHost: a\r\nX-A:\t caf\xe9 \r\n\r\n';
    return inHandler(head, (_, ctx) => assert.equal(ctx.receivedHead, head));
  });

  for (const [field, expected] of [
    ['', { urgency: 3, incremental: false }],
    ['u=0', { urgency: 0, incremental: false }],
    ['u=7, i', { urgency: 7, incremental: true }],
    ['i=?0, u=1', { urgency: 1, incremental: false }],
    ['u=8, x=1', { urgency: 3, incremental: false }],
    ['u=, i=2', { urgency: 3, incremental: false }],
  ] as const) {
    test(`clientPriority of ${JSON.stringify(field)} is ${JSON.stringify(expected)}`, () =>
      inHandler(get('/', ...(field === '' ? [] : [`Priority: ${field}`])), (_, ctx) => {
        assert.deepEqual({ ...ctx.clientPriority }, expected);
      }));
  }

  test('serverPriority and onpriority are null, and take what they are given', () =>
    inHandler(get(), (_, ctx) => {
      assert.equal(ctx.serverPriority, null);
      assert.equal(ctx.onpriority, null);
      ctx.serverPriority = { urgency: 1, incremental: false };
      assert.deepEqual(ctx.serverPriority, { urgency: 1, incremental: false });
      ctx.onpriority = () => {};
      ctx.onpriority = null;
    }));

  test('autoContinue is true unless the options say otherwise', async () => {
    await inHandler(get(), (_, ctx) => assert.equal(ctx.autoContinue, true));
    await inHandler(get(), (_, ctx) => assert.equal(ctx.autoContinue, false), { autoContinue: false });
  });
});

describe('ctx.deny()', () => {
  const denies = (use: (ctx: ServerContext) => void) => ({
    [PROTOCOL_MARKER]: 1 as const,
    fetch(ctx: ServerContext) {
      use(ctx);
    },
  });

  for (const [what, error] of [
    ['nothing', undefined],
    ['an error', new Error('SECRET')],
    ['ERR_HTTP_GOAWAY', Object.assign(new TypeError('SECRET'), { code: 'ERR_HTTP_GOAWAY' })],
    ['an unknown code', Object.assign(new TypeError('SECRET'), { code: 'ERR_SECRET' })],
  ] as const) {
    test(`with ${what} is a 503 and the end of the connection, without a detail`, () =>
      withServer(
        denies((ctx) => ctx.deny(error)),
        async ({ connect, faults }) => {
          const connection = await connect();
          await connection.send(get() + get());
          const [answer, second] = await connection.receiveResponses(['GET', 'GET']);
          assert.equal(answer?.status, 503);
          assert.equal(answer?.field('connection'), 'close');
          assert.equal(second, undefined);
          assert.doesNotMatch(connection.soFar().toString('latin1'), /SECRET/);
          assert.deepEqual(faults, []);
        },
      ));
  }

  test('twice, after an interim response and after the response throws InvalidStateError', async () => {
    await inHandlerMarked((ctx) => {
      ctx.deny();
      assert.throws(() => ctx.deny(), isInvalidState);
      assert.throws(() => ctx.sendInformational(103), isInvalidState);
    });
    await inHandlerMarked((ctx) => {
      ctx.sendInformational(103);
      assert.throws(() => ctx.deny(), isInvalidState);
      return new Response();
    });
    let late: ServerContext | undefined;
    await inHandlerMarked((ctx) => {
      late = ctx;
      return new Response();
    });
    assert.throws(() => late!.deny(), isInvalidState);
  });

  test('with the fall-through sentinel in fetch() throws InvalidStateError: there is no upgrade to decline', () =>
    inHandlerMarked((ctx) => {
      assert.throws(() => ctx.deny(FALL_THROUGH), isInvalidState);
      return new Response();
    }));

  test('after the client has gone does nothing', async () => {
    const gone = gate();
    const started = gate();
    const fetch = async (ctx: ServerContext) => {
      const { signal } = ctx.request;
      started.open();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      try {
        ctx.deny();
        ctx.deny();
        ctx.sendInformational(103);
        gone.open();
      } catch (error) {
        gone.fail(error);
      }
    };
    await withServer({ [PROTOCOL_MARKER]: 1, fetch }, async ({ connect }) => {
      const connection = await connect();
      await connection.send(get());
      await started.opened;
      connection.reset();
      await within('the handler', gone.opened);
    });
  });
});

describe('ctx.completed', () => {
  test('is the same promise each time, and fulfils when the response was handed over', async () => {
    const seen = gate<ServerContext>();
    const handler = (_: Request, ctx: ServerContext) => {
      assert.equal(ctx.completed, ctx.completed);
      seen.open(ctx);
      return new Response('x');
    };
    await withServer(handler, async ({ ask }) => {
      assert.equal((await ask(get())).status, 200);
      await within('completed', (await seen.opened).completed);
    });
  });

  test('waits for the end of a stream, and not for waitUntil', async () => {
    const seen = gate<ServerContext>();
    const end = gate();
    let done = false;
    const handler = (_: Request, ctx: ServerContext) => {
      ctx.waitUntil(new Promise(() => {}));
      ctx.completed.then(() => {
        done = true;
      });
      seen.open(ctx);
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(Uint8Array.of(0x78)),
        pull: (controller) => end.opened.then(() => controller.close()),
      });
      return new Response(body);
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(get());
      await connection.receiveText('x\r\n');
      assert.equal(done, false);
      end.open();
      await within('completed', (await seen.opened).completed);
    });
  });

  test('asked for only after the response, while the connection has its next request, it is fulfilled', async () => {
    const contexts: ServerContext[] = [];
    const handler = (request: Request, ctx: ServerContext) => {
      contexts.push(ctx);
      return request.url.endsWith('/wait') ? new Promise<Response>(() => {}) : new Response('x');
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(get('/') + get('/wait'));
      await until('both have begun', () => contexts.length === 2);
      await within('completed of the first', contexts[0]!.completed);
    });
  });

  test('fulfils after deny()', async () => {
    const seen = gate<ServerContext>();
    await inHandlerMarked((ctx) => {
      seen.open(ctx);
      ctx.deny();
    });
    await within('completed', (await seen.opened).completed);
  });

  test('rejects with the reason of the signal when the client goes away', async () => {
    const seen = gate<[ServerContext, AbortSignal]>();
    const handler = (request: Request, ctx: ServerContext) => {
      seen.open([ctx, request.signal]);
      void ctx.completed;
      return new Promise<Response>(() => {});
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(get());
      const [ctx, signal] = await seen.opened;
      connection.reset();
      const reason = await reasonOf('completed', ctx.completed);
      assertProtocolError(reason, 'ERR_HTTP_CONNECTION_RESET');
      assert.equal(signal.reason, reason);
    });
  });

  test('rejects with ERR_HTTP_TIMEOUT when content does not come in time', async () => {
    const seen = gate<ServerContext>();
    const handler = async (request: Request, ctx: ServerContext) => {
      seen.open(ctx);
      void ctx.completed;
      return new Response(await request.text());
    };
    await withServer(
      handler,
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(message('POST /', ['Content-Length: 9']));
        const ctx = await seen.opened;
        assertProtocolError(await reasonOf('completed', ctx.completed), 'ERR_HTTP_TIMEOUT');
      },
      { timeouts: { receive: 50 } },
    );
  });

  test('asked for after the client has gone, it is rejected', async () => {
    const seen = gate<[ServerContext, AbortSignal]>();
    const handler = (request: Request, ctx: ServerContext) => {
      seen.open([ctx, request.signal]);
      return new Promise<Response>(() => {});
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(get());
      const [ctx, signal] = await seen.opened;
      connection.reset();
      await until('aborted', () => signal.aborted);
      assertProtocolError(await reasonOf('completed', ctx.completed), 'ERR_HTTP_CONNECTION_RESET');
    });
  });
});

/** Has a handler of the draft do something in its exchange, and fails when that failed. */
async function inHandlerMarked(use: (ctx: ServerContext) => unknown): Promise<void> {
  let failure: unknown;
  const fetch = (ctx: ServerContext) => {
    try {
      return use(ctx) as Response | undefined;
    } catch (error) {
      failure = error;
      return new Response();
    }
  };
  await withServer({ [PROTOCOL_MARKER]: 1, fetch }, async ({ ask }) => {
    await ask(get());
  });
  if (failure !== undefined) throw failure;
}
