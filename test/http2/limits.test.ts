import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../../src/http1/limits.ts';
import { DEFAULT_HTTP2_LIMITS, RATES } from '../../src/http2/limits.ts';

test('what both versions bound has the same bound', () => {
  for (const name of ['fieldSection', 'fieldLines', 'trailerSection', 'requestLine', 'content'] as const)
    assert.equal(DEFAULT_HTTP2_LIMITS[name], DEFAULT_LIMITS[name], name);
});

test('each rate allows something at once, and something with time', () => {
  for (const [name, { burst, perSecond }] of Object.entries(RATES))
    assert.ok(burst > 0 && perSecond > 0, name);
});
