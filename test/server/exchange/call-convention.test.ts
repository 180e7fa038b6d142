/** The two conventions by which a handler is called, and what is no handler. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import process from 'node:process';
import { describe, test } from 'node:test';
import {
  type FetchFunction,
  type Handler,
  PROTOCOL_MARKER,
  Response,
  type ServerContext,
  type ServerOptions,
  serve,
} from '../../../src/index.ts';
import { get, message, withServer } from '../with-server.ts';

const OFFER = message('GET /', ['Connection: upgrade', 'Upgrade: x']);

type Call = { self: unknown; args: readonly unknown[] };

/** A method that keeps how it was called. */
function recorder() {
  const calls: Call[] = [];
  function method(this: unknown, ...args: unknown[]) {
    calls.push({ self: this, args });
    return new Response('called');
  }
  return { calls, method };
}

async function called(
  make: (method: never) => Handler,
  text = get(),
): Promise<{ handler: Handler; call: Call }> {
  const { calls, method } = recorder();
  const handler = make(method as never);
  await withServer(handler, async ({ ask }) => {
    assert.equal((await ask(text)).text, 'called');
  });
  assert.equal(calls.length, 1);
  return { handler, call: calls[0]! };
}

/** Something with a `then`, as libraries of promises make them. */
function thenable<T>(value: T): Promise<T> {
  // biome-ignore lint/suspicious/noThenProperty: that is the point.
  return { then: (resolve: (value: T) => void) => resolve(value) } as Promise<T>;
}

describe('a handler', () => {
  test('as a bare function gets the request and twice the same context', async () => {
    const { call } = await called((method) => method);
    assert.equal(call.args.length, 3);
    assert.ok(call.args[0] instanceof Request);
    assert.equal(call.args[1], call.args[2]);
    assert.equal(typeof (call.args[1] as { waitUntil?: unknown }).waitUntil, 'function');
    assert.equal(call.self, undefined);
  });

  test('as a plain object gets the same, and is this', async () => {
    const { handler, call } = await called((fetch) => ({ fetch }));
    assert.equal(call.self, handler);
    assert.equal(call.args.length, 3);
    assert.ok(call.args[0] instanceof Request);
    assert.equal(call.args[1], call.args[2]);
  });

  test('with the marker gets one context, and is this', async () => {
    const { handler, call } = await called((fetch) => ({ [PROTOCOL_MARKER]: 1, fetch }));
    assert.equal(call.self, handler);
    assert.equal(call.args.length, 1);
    assert.ok((call.args[0] as { request: unknown }).request instanceof Request);
  });

  test('with the marker has its own connect: it gets one context, and the object is this', async () => {
    const { handler, call } = await called(
      (connect) => ({ [PROTOCOL_MARKER]: 1, fetch: () => assert.fail(), connect }),
      OFFER,
    );
    assert.equal(call.self, handler);
    assert.equal(call.args.length, 1);
    assert.equal((call.args[0] as { connectProtocol: unknown }).connectProtocol, 'x');
  });

  test('with the marker has its own error: it gets the context and the error, and the object is this', async () => {
    const thrown = new Error('thrown');
    let context: unknown;
    const fetch = (ctx: ServerContext) => {
      context = ctx;
      throw thrown;
    };
    const { handler, call } = await called((error) => ({ [PROTOCOL_MARKER]: 1, fetch, error }));
    assert.equal(call.self, handler);
    assert.deepEqual(call.args, [context, thrown]);
    assert.equal(call.args[0], context);
  });

  for (const [kind, make] of Object.entries({
    'a function': (fetch: FetchFunction) => fetch,
    'a plain object': (fetch: FetchFunction) => ({ fetch }),
  })) {
    test(`as ${kind} gets connect and error from the options of serve`, async () => {
      const calls: unknown[] = [];
      const thrown = new Error('thrown');
      const options: ServerOptions = {
        connect: (ctx) => {
          calls.push(ctx.connectProtocol);
          return new Response('connected');
        },
        error: (_ctx, error) => {
          calls.push(error);
          return new Response('failed', { status: 503 });
        },
      };
      const fetch = () => {
        throw thrown;
      };
      await withServer(
        make(fetch),
        async ({ ask }) => {
          assert.equal((await ask(OFFER)).text, 'connected');
          assert.equal((await ask(get())).text, 'failed');
        },
        options,
      );
      assert.deepEqual(calls, ['x', thrown]);
    });
  }

  for (const name of ['connect', 'error'] as const) {
    test(`as a plain object with ${name} and without the marker is warned of, and a router of a class is not`, async () => {
      const warned = once(process, 'warning');
      class Router {
        fetch = () => new Response();
        [name]() {}
      }
      await withServer(new Router(), async () => {});
      await withServer({ fetch: () => new Response(), [name]: () => {} }, async () => {}, {
        [name]: () => undefined,
      });
      await withServer({ fetch: () => new Response(), [name]: () => {} }, async () => {});
      const [{ message, code }] = (await warned) as [NodeJS.ErrnoException];
      assert.equal(code, 'SERVAL_HANDLER_IGNORED');
      assert.equal(
        message,
        `handler.${name}: ignored, because the handler has no [Symbol.for('wintertc.server.protocol')]: 1. ` +
          `Add it, or use options.${name}`,
      );
    });
  }

  test('as a plain object keeps its own connect and error to itself, as routers need that have such methods', async () => {
    const router = {
      fetch: (request: Request) => {
        if (request.url.endsWith('/fails')) throw new Error('SECRET');
        return new Response('fetched');
      },
      connect: () => assert.fail('connect() was called'),
      error: () => assert.fail('error() was called'),
    };
    await withServer(router, async ({ ask }) => {
      assert.equal((await ask(OFFER)).text, 'fetched');
      assert.equal((await ask(get('/fails'))).status, 500);
      assert.equal((await ask('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n')).status, 501);
    });
  });

  for (const name of ['connect', 'error'] as const) {
    test(`with the marker and its own ${name} refuses the option of that name`, () => {
      const handler = { [PROTOCOL_MARKER]: 1, fetch: () => undefined, [name]: () => undefined } as const;
      assert.throws(() => serve(handler, { [name]: () => undefined }), {
        name: 'TypeError',
        message: `options.${name}: cannot be combined with handler.${name}`,
      });
    });

    test(`may be given with an option ${name} only if that is a function`, () => {
      assert.throws(() => serve(() => new Response(), { [name]: 'x' as never }), TypeError);
    });
  }

  test('may inherit its methods, and its marker', async () => {
    class App {
      [PROTOCOL_MARKER] = 1 as const;
      name = 'app';
      fetch() {
        return new Response(this.name);
      }
    }
    await withServer(new App(), async ({ ask }) => assert.equal((await ask(get())).text, 'app'));
  });

  test('may be asynchronous, and may give any thenable', async () => {
    const answers = [
      async () => new Response('x'),
      () => thenable(new Response('x')),
      async () => new globalThis.Response('x'),
    ];
    for (const handler of answers) {
      await withServer(handler, async ({ ask }) => assert.equal((await ask(get())).text, 'x'));
    }
  });

  test('PROTOCOL_MARKER is the registered symbol of the draft', () => {
    assert.equal(PROTOCOL_MARKER, Symbol.for('wintertc.server.protocol'));
  });

  for (const version of [0, 2, '1', true, undefined, null]) {
    test(`with the marker ${JSON.stringify(version) ?? 'undefined'} is refused, and told which version is spoken`, () => {
      const handler = { [PROTOCOL_MARKER]: version, fetch: () => new Response() };
      assert.throws(
        () => serve(handler as unknown as Handler),
        (error: unknown) => {
          assert.ok(error instanceof TypeError);
          assert.match(error.message, /wintertc\.server\.protocol/);
          assert.match(error.message, /1/);
          assert.match(error.message, new RegExp(String(version)));
          return true;
        },
      );
    });
  }

  for (const [shown, handler] of Object.entries({
    undefined,
    null: null,
    'a string': 'x',
    'an object without fetch': {},
    'an object whose fetch is no function': { fetch: 'x' },
    'a marked object whose connect is no function': { [PROTOCOL_MARKER]: 1, fetch() {}, connect: 'x' },
    'a marked object whose error is no function': { [PROTOCOL_MARKER]: 1, fetch() {}, error: {} },
  })) {
    test(`${shown} is none: a TypeError at once`, () => {
      assert.throws(() => serve(handler as unknown as Handler), TypeError);
    });
  }
});
