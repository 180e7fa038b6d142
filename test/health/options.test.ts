import assert from 'node:assert/strict';
import { test } from 'node:test';
import { health } from '../../src/health/index.ts';
import { serve } from '../../src/index.ts';
import { limit } from '../../src/limit/index.ts';

const handler = () => new Response();

const WRONG: [options: unknown, error: RegExp][] = [
  [null, /^TypeError: options: expected an object, got null/],
  [{ redy: () => true }, /^TypeError: options\.redy: there is no such option/],
  [{ ready: true }, /^TypeError: options\.ready: expected a function, got true/],
  [{ server: null }, /^TypeError: options\.server: expected a server, got null/],
  [{ server: {} }, /^TypeError: options\.server: expected a server/],
  [{ limit: handler }, /^TypeError: options\.limit: expected the result of limit\(\), got a function/],
];
for (const [index, [options, error]] of WRONG.entries()) {
  test(`health refuses wrong options at once, ${index + 1}: ${error.source}`, () => {
    assert.throws(() => health(handler, options as never), error);
  });
}

test('health refuses what is no handler', () => {
  assert.throws(() => health('handler' as never), /^TypeError: handler: expected a function or an object/);
});

test('health takes a server, and what limit() returned', async () => {
  const server = serve(handler);
  health(handler, { server, limit: limit(handler, { concurrency: 1 }), ready: () => true });
  await server.close();
});
