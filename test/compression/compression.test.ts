import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compression } from '../../src/compression/index.ts';
import { PROTOCOL_MARKER, type ServerContext } from '../../src/server/api.ts';
import { givenResponse, requestFor, restored, TEXT, textResponse } from './restore.ts';

const context = { request: requestFor('gzip') } as ServerContext;

test('a function gives a function, which passes through all arguments', async () => {
  let given: unknown[] = [];
  const handler = compression((...args) => {
    given = args;
    return textResponse(TEXT);
  });
  const request = requestFor('gzip');
  const response = await handler(request, context, context);
  assert.deepEqual(given, [request, context, context]);
  assert.equal(response.headers.get('content-encoding'), 'gzip');
  assert.equal(await restored(response), TEXT);
});

test('an asynchronous handler is waited for, and what it rejects with is passed on', async () => {
  const response = await compression(async () => textResponse(TEXT))(requestFor('gzip'), context, context);
  assert.equal(await restored(response), TEXT);
  const fault = new Error('fault');
  await assert.rejects(
    async () => compression(() => Promise.reject(fault))(requestFor('gzip'), context, context),
    (error) => error === fault,
  );
  assert.throws(
    () =>
      compression(() => {
        throw fault;
      })(requestFor('gzip'), context, context),
    (error) => error === fault,
  );
});

test('a synchronous answer stays synchronous', () => {
  const small = new Response('small', { headers: { 'content-length': '5' } });
  assert.equal(compression(() => small)(requestFor('gzip'), context, context), small);
  const coded = compression(() => givenResponse(TEXT))(requestFor('gzip'), context, context);
  assert.ok(coded instanceof Response);
  assert.equal(coded.headers.get('content-encoding'), 'gzip');
});

class Application {
  readonly #text = TEXT;
  readonly seen: unknown[] = [];

  fetch(...args: readonly unknown[]): Response {
    this.seen.push(...args);
    return textResponse(this.#text);
  }

  connect(ctx: unknown): Response {
    this.seen.push(ctx);
    return textResponse(this.#text);
  }

  error(ctx: unknown, error: unknown): Response {
    this.seen.push(ctx, error);
    return textResponse(this.#text);
  }
}

test('an object keeps its `this`', async () => {
  const application = new Application();
  const request = requestFor('gzip');
  const response = await compression(application).fetch(request, context as never, context as never);
  assert.deepEqual(application.seen, [request, context, context]);
  assert.equal(response.headers.get('content-encoding'), 'gzip');
});

test('connect and error of a marked object are passed through uncoded', async () => {
  class Marked extends Application {
    readonly [PROTOCOL_MARKER] = 1;
  }
  const application = new Marked();
  const handler = compression(application);
  const connected = await handler.connect!(context as never);
  assert.ok(connected instanceof Response);
  assert.equal(connected.headers.get('content-encoding'), null);
  const fault = new Error('fault');
  const failed = await handler.error!(context, fault);
  assert.ok(failed instanceof Response);
  assert.equal(failed.headers.get('content-encoding'), null);
  assert.deepEqual(application.seen, [context, context, fault]);
});

test('an object without connect and error gets none: having them changes what a server does', () => {
  assert.deepEqual(Object.keys(compression({ fetch: () => new Response() })), ['fetch']);
  const marked = compression({ [PROTOCOL_MARKER]: 1, fetch: () => new Response() });
  assert.deepEqual(Object.keys(marked), ['fetch']);
});

test('a plain object keeps its other methods to itself', () => {
  assert.deepEqual(Object.keys(compression(new Application())), ['fetch']);
});

test('a marked object stays marked and is given one context', async () => {
  const given: unknown[][] = [];
  const handler = compression({
    [PROTOCOL_MARKER]: 1,
    fetch(...args: [ServerContext]) {
      given.push(args);
      return textResponse(TEXT);
    },
  });
  assert.equal(handler[PROTOCOL_MARKER], 1);
  const response = await handler.fetch(context);
  assert.deepEqual(given, [[context]]);
  assert.equal(await restored(response as Response), TEXT);
});

test('a marker of another protocol is left for the server to refuse', () => {
  const handler = compression({ [PROTOCOL_MARKER]: 2 as 1, fetch: () => undefined });
  assert.equal(handler[PROTOCOL_MARKER], 2);
});

test('ctx.request is made only when the answer depends on it', () => {
  const handler = compression({ [PROTOCOL_MARKER]: 1, fetch: () => new Response(null, { status: 204 }) });
  handler.fetch({
    get request(): Request {
      return assert.fail();
    },
  } as ServerContext);
});

test('no answer, after ctx.deny(), is passed on', () => {
  const handler = compression({ [PROTOCOL_MARKER]: 1, fetch: () => undefined });
  assert.equal(handler.fetch(context), undefined);
});

test('what is no handler is refused', () => {
  for (const handler of [undefined, null, {}, 'handler', { fetch: 1 }]) {
    assert.throws(() => compression(handler as never), TypeError);
  }
});
