import assert from 'node:assert/strict';
import { test } from 'node:test';
import { health } from '../../src/health/index.ts';
import { serve } from '../../src/index.ts';
import { limit } from '../../src/limit/index.ts';

const handler = () => new Response();

const WRONG: [options: unknown, error: RegExp][] = [
  [null, /^TypeError: options: not an object: null/],
  [{ redy: () => true }, /^TypeError: options\.redy: there is no such option/],
  [{ ready: true }, /^TypeError: options\.ready: not a function: true/],
  [{ server: null }, /^TypeError: options\.server: not a server: null/],
  [{ server: {} }, /^TypeError: options\.server: not a server/],
  [{ limit: handler }, /^TypeError: options\.limit: not what limit\(\) returned/],
];
for (const [index, [options, error]] of WRONG.entries()) {
  test(`health refuses wrong options at once, ${index + 1}: ${error.source}`, () => {
    assert.throws(() => health(handler, options as never), error);
  });
}

test('health refuses what is no handler', () => {
  assert.throws(() => health('handler' as never), /^TypeError: handler: neither/);
});

test('health takes a server, and what limit() returned', async () => {
  const server = serve(handler);
  health(handler, { server, limit: limit(handler, { concurrency: 1 }), ready: () => true });
  await server.close();
});
