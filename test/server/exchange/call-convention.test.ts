/** The two conventions by which a handler is called, and what is no handler. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Handler, PROTOCOL_MARKER, Response, serve } from '../../../src/index.ts';
import { get, message, withServer } from '../with-server.ts';

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

  test('connect gets one context in both conventions, and the object is this', async () => {
    const offer = message('GET /', ['Connection: upgrade', 'Upgrade: x']);
    for (const marker of [{}, { [PROTOCOL_MARKER]: 1 }]) {
      const { handler, call } = await called(
        (connect) => ({ ...marker, fetch: () => assert.fail(), connect }) as Handler,
        offer,
      );
      assert.equal(call.self, handler);
      assert.equal(call.args.length, 1);
      assert.equal((call.args[0] as { connectProtocol: unknown }).connectProtocol, 'x');
    }
  });

  test('error gets the context of the handler that failed and what it threw, and the object is this', async () => {
    for (const marker of [{}, { [PROTOCOL_MARKER]: 1 }]) {
      const thrown = new Error('thrown');
      let context: unknown;
      const fetch = (...args: unknown[]) => {
        context = args.at(-1);
        throw thrown;
      };
      const { handler, call } = await called((error) => ({ ...marker, fetch, error }) as unknown as Handler);
      assert.equal(call.self, handler);
      assert.deepEqual(call.args, [context, thrown]);
      assert.equal(call.args[0], context);
    }
  });

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
    'an object whose connect is no function': { fetch() {}, connect: 'x' },
    'an object whose error is no function': { fetch() {}, error: {} },
  })) {
    test(`${shown} is none: a TypeError at once`, () => {
      assert.throws(() => serve(handler as unknown as Handler), TypeError);
    });
  }
});
