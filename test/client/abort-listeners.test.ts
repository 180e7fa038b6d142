import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abortOn, forgetAbort } from '../../src/client/abort-listeners.ts';
import { Response as ServalResponse } from '../../src/fetch/response.ts';
import { withClient } from './with-client.ts';

test('client: many requests with one signal give no warning, and are all aborted by it', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on('warning', onWarning);
  await using pair = await withClient((request) =>
    request.url.endsWith('/never') ? new Promise<Response>(() => {}) : new ServalResponse('ok'),
  );
  const abort = new AbortController();
  const { signal } = abort;
  const ask = (path: string) => pair.client.fetch(`${pair.url}${path}`, { signal });
  const texts = Array.from({ length: 30 }, async () => (await ask('/')).text());
  assert.deepEqual(await Promise.all(texts), Array(30).fill('ok'));
  const pending = Array.from({ length: 30 }, () => ask('/never').catch((error: unknown) => error));
  await new Promise((resolve) => setTimeout(resolve, 20));
  abort.abort('enough');
  assert.deepEqual(await Promise.all(pending), Array(30).fill('enough'));
  process.off('warning', onWarning);
  assert.deepEqual(warnings, []);
});

test('client: a signal is listened to while a request needs it, and no longer', () => {
  const added: string[] = [];
  const signal = new AbortController().signal;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    added.push('add');
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    added.push('remove');
    removeEventListener.apply(signal, given);
  };
  const requests = Array.from({ length: 3 }, () => ({ abort: () => {} }));
  for (const request of requests) abortOn(signal, request);
  for (const request of requests) forgetAbort(signal, request);
  forgetAbort(signal, requests[0]!);
  assert.deepEqual(added, ['add', 'remove']);
});
