import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serverOptions } from '../../../src/site/config/server-config.ts';

describe('serverOptions', () => {
  it('gives times in milliseconds and sizes in bytes', () => {
    assert.deepEqual(
      serverOptions({
        timeouts: { idle: '620s', send: '0' },
        limits: { maxHeaderSize: '32K', maxConnections: 5 },
      }),
      { timeouts: { idle: 620_000, send: 0 }, limits: { maxHeaderSize: 32_768, maxConnections: 5 } },
    );
    assert.deepEqual(serverOptions({}), { timeouts: {}, limits: {} });
  });
});
