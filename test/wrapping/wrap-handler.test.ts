/** That each convention comes out as it went in is tested through `serval/compression`, which is such a wrapper. */
import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { compression } from '../../src/compression/index.ts';
import { Response } from '../../src/index.ts';
import { limit } from '../../src/limit/index.ts';
import {
  type Handler,
  type MarkedHandlerObject,
  PROTOCOL_MARKER,
  type ServerContext,
} from '../../src/server/api.ts';
import { type Around, type HandlerResult, isPromise, wrapHandler } from '../../src/wrapping/wrap-handler.ts';

const request = new Request('http://a.example/');
const context = { request } as ServerContext;
const response = new Response('answer');

/** What a wrapper is given, for each convention in turn. */
function seenBy(handler: Handler): { seen: unknown[]; answer: unknown } {
  const seen: unknown[] = [];
  const around: Around = (next, requestOf, ctx) => {
    seen.push(requestOf(), ctx);
    return next();
  };
  const wrapped = wrapHandler(handler, around);
  if (typeof wrapped === 'function') return { seen, answer: wrapped(request, context, context) };
  if (PROTOCOL_MARKER in wrapped) return { seen, answer: wrapped.fetch(context) };
  return { seen, answer: wrapped.fetch(request, context, context) };
}

test('a wrapper sees the request, the context and the answer, whatever the convention', () => {
  const marked: MarkedHandlerObject = { [PROTOCOL_MARKER]: 1, fetch: () => response };
  for (const handler of [() => response, { fetch: () => response }, marked]) {
    const { seen, answer } = seenBy(handler);
    assert.deepEqual(seen, [request, context]);
    assert.equal(answer, response);
  }
});

test('a wrapper may answer without calling the handler', () => {
  const wrapped = wrapHandler(
    () => assert.fail('the handler was called'),
    () => response,
  );
  assert.ok(typeof wrapped === 'function');
  assert.equal(wrapped(request, context, context), response);
});

test('what is no handler is refused', () => {
  for (const wrong of [undefined, null, 'handler', {}, { fetch: true }]) {
    assert.throws(
      () => wrapHandler(wrong as never, (next) => next()),
      /^TypeError: handler: expected a function/,
    );
  }
});

test('isPromise: what has a then() is one', () => {
  class Thenable extends Promise<never> {}
  assert.ok(isPromise(Promise.resolve(response)));
  assert.ok(isPromise(new Thenable(() => {})));
  for (const value of [response, undefined, null]) assert.ok(!isPromise(value as HandlerResult));
});

test('connect and error of an unmarked literal are dropped with the warning that serve gives', async () => {
  const literal = { fetch: () => response, connect: () => response, error: () => response };
  for (const wrap of [
    () => wrapHandler(literal, (next) => next()),
    () => limit(literal, { concurrency: 1 }),
    () => compression(literal),
  ]) {
    const warnings: string[] = [];
    const note = (warning: Error & { code?: string }) => {
      if (warning.code === 'SERVAL_HANDLER_IGNORED') warnings.push(warning.message);
    };
    process.on('warning', note);
    wrap();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    assert.deepEqual(
      warnings.map((text) => text.slice(0, 'handler.connect: ignored'.length)),
      ['handler.connect: ignored', 'handler.error: ignored, '],
    );
  }
});
