/** The table "Error handling" of the draft, the rows of `fetch()` and `error()`, as far as HTTP/1.1 has them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response, type ServerContext } from '../../../src/index.ts';
import { answered, handlerOf, type Rows, secret } from '../../fetch/error-rows.ts';
import { until } from '../../support/until.ts';
import { gate, get, message, withServer } from '../with-server.ts';

describe('fetch()', () => {
  const faults: Record<string, () => unknown> = {
    throws: () => {
      throw secret();
    },
    rejects: () => Promise.reject(secret()),
    'throws what is no error': () => {
      throw 'SECRET';
    },
    'rejects with undefined': () => Promise.reject(undefined),
    'returns undefined': () => undefined,
    'returns null': () => null,
    'returns a string': () => 'SECRET',
    'returns something like a Response': () => ({ status: 200, headers: {}, body: null }),
    'returns a promise of undefined': async () => undefined,
    'returns a thenable that throws': () => ({
      // biome-ignore lint/suspicious/noThenProperty: that is the point.
      then() {
        throw secret();
      },
    }),
    'returns a thenable whose then can not be had': () => ({
      // biome-ignore lint/suspicious/noThenProperty: that is the point.
      get then() {
        throw secret();
      },
    }),
  };
  for (const [what, fetch] of Object.entries(faults)) {
    answered(
      `that ${what} is a 500, and reported`,
      { fetch },
      { status: 500, text: 'Internal Server Error\n', faults: 1 },
    );
    answered(
      `that ${what} is answered by error()`,
      { fetch, error: () => new Response('sorry', { status: 503 }) },
      { status: 503, text: 'sorry' },
    );
  }

  test('error() gets what was thrown, and a TypeError for an invalid return', async () => {
    const thrown = secret();
    for (const [fetch, check] of [
      [() => Promise.reject(thrown), (error: unknown) => assert.equal(error, thrown)],
      [() => 'x', (error: unknown) => assert.ok(error instanceof TypeError)],
      [() => undefined, (error: unknown) => assert.ok(error instanceof TypeError)],
    ] as const) {
      let seen: unknown;
      const error = (_: ServerContext, reason: unknown) => {
        seen = reason;
      };
      await withServer(handlerOf({ fetch, error }), async ({ ask }) => {
        assert.equal((await ask(get())).status, 500);
        check(seen);
      });
    }
  });

  const fails = () => Promise.reject(secret());
  answered(
    'error() that returns undefined leaves the 500',
    { fetch: fails, error: () => undefined },
    { status: 500, faults: 1 },
  );
  answered(
    'error() may be asynchronous',
    { fetch: fails, error: async () => new Response('x', { status: 418 }) },
    { status: 418 },
  );
  for (const [what, error] of Object.entries({
    throws: (): unknown => {
      throw secret();
    },
    rejects: (): unknown => Promise.reject(secret()),
    'returns a string': (): unknown => 'SECRET',
    'returns null': (): unknown => null,
  })) {
    let calls = 0;
    const counted = () => {
      calls++;
      assert.equal(calls, 1, 'no re-entry');
      return error();
    };
    answered(
      `error() that ${what} leaves the 500, and is not called again`,
      { fetch: fails, error: counted },
      { status: 500, faults: 2 },
    );
  }
  answered(
    'error() may deny',
    {
      fetch: fails,
      error: (ctx) => ctx.deny(),
    },
    { status: 503 },
  );
  answered(
    'error() answers after an interim response, too',
    {
      fetch: (ctx) => {
        ctx.sendInformational(103);
        throw secret();
      },
      error: () => new Response('x', { status: 500 }),
    },
    { status: 500, text: 'x' },
  );

  test('that has denied and returns a Response, or fails: reported, nothing more is sent, error() is not called', async () => {
    for (const after of [
      () => new Response('SECRET'),
      () => 'SECRET',
      () => fails(),
      () => new globalThis.Response('SECRET'),
    ]) {
      const rows: Rows = {
        fetch: (ctx) => {
          ctx.deny();
          return after();
        },
        error: () => assert.fail('error() was called'),
      };
      await withServer(handlerOf(rows), async ({ connect, faults }) => {
        const connection = await connect();
        await connection.send(get());
        const { text, end } = await connection.receiveAll();
        assert.match(text, /^HTTP\/1\.1 503 /);
        assert.doesNotMatch(text, /SECRET/);
        assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
        assert.equal(end, 'fin');
        await until('reported', () => faults.length === 1);
      });
    }
  });

  test('of a client that has gone: its outcome is discarded, error() is not called, nothing is reported', async () => {
    const outcomes: (() => unknown)[] = [
      () => fails(),
      () => undefined,
      () => new Response('x'),
      () => new Response(new Blob(['x']).stream() as ReadableStream<Uint8Array>),
      () => new globalThis.Response('x'),
      () => 'x',
    ];
    for (const outcome of outcomes) {
      const started = gate<ServerContext>();
      const settled = gate();
      const rows: Rows = {
        fetch: async (ctx) => {
          started.open(ctx);
          await new Promise((resolve) => ctx.request.signal.addEventListener('abort', resolve));
          setImmediate(settled.open);
          return outcome();
        },
        error: () => assert.fail('error() was called'),
      };
      await withServer(handlerOf(rows), async ({ connect, faults, ask }) => {
        const connection = await connect();
        await connection.send(get());
        await started.opened;
        connection.reset();
        await settled.opened;
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(faults, []);
        assert.equal((await ask('GET / HTTP/1.1\r\n\r\n')).status, 400, 'the server is alive');
      });
    }
  });

  test('of a client that has gone: a body that can not be cancelled harms nobody', async () => {
    const bodies: (() => ReadableStream<Uint8Array>)[] = [
      () => new ReadableStream({ cancel: () => Promise.reject(secret()) }),
      () => new ReadableStream({ start: (controller) => controller.error(secret()) }),
    ];
    for (const body of bodies) {
      for (const Answer of [Response, globalThis.Response]) {
        const started = gate();
        const settled = gate();
        const fetch = async ({ request }: ServerContext) => {
          setImmediate(started.open);
          await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
          setImmediate(settled.open);
          return new Answer(body());
        };
        await withServer(handlerOf({ fetch }), async ({ connect }) => {
          const connection = await connect();
          await connection.send(get());
          await started.opened;
          connection.reset();
          await settled.opened;
        });
      }
    }
  });

  test('of a client that vanished mid-upload: answering with the body that failed harms nobody', async () => {
    const started = gate();
    const settled = gate();
    const fetch = async ({ request }: ServerContext) => {
      setImmediate(started.open);
      await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
      setImmediate(settled.open);
      return new Response(request.body);
    };
    await withServer(handlerOf({ fetch }), async ({ connect, ask }) => {
      const connection = await connect();
      await connection.send(message('POST /', ['Content-Length: 10'], 'hello'));
      await started.opened;
      connection.reset();
      await settled.opened;
      assert.equal((await ask('GET / HTTP/1.1\r\n\r\n')).status, 400, 'the server is alive');
    });
  });

  test('that fails over content which is too large is a 413, and error() is not asked', async () => {
    const chunked = message('POST /', ['Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n');
    const fetch = async ({ request }: ServerContext) => new Response(await request.text());
    const error = () => assert.fail('asked');
    for (const handler of [{ fetch }, { fetch, error }]) {
      await withServer(
        handlerOf(handler),
        async ({ ask }) => assert.equal((await ask(chunked)).status, 413),
        { limits: { maxRequestBodySize: 4 } },
      );
    }
  });
});
