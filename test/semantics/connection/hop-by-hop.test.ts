import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endToEnd, HOP_BY_HOP } from '../../../src/semantics/connection/hop-by-hop.ts';

test('RFC 9110 §7.6.1: Connection and the fields that need no mention in it are about one hop', () => {
  assert.deepEqual(
    [...HOP_BY_HOP].sort(),
    ['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade'].sort(),
  );
  const isEndToEnd = endToEnd(null);
  for (const name of HOP_BY_HOP) assert.equal(isEndToEnd(name), false, name);
  for (const name of ['host', 'date', 'trailer', 'content-length', 'x-a', '__proto__'])
    assert.equal(isEndToEnd(name), true, name);
});

test('RFC 9110 §7.6.1: fields that Connection names are about one hop too, in any case', () => {
  const isEndToEnd = endToEnd(' close,, X-Hop ,\tforwarded,');
  for (const name of ['x-hop', 'forwarded', 'close', 'connection', 'te'])
    assert.equal(isEndToEnd(name), false, name);
  for (const name of ['x-hop2', 'x', 'date']) assert.equal(isEndToEnd(name), true, name);
});
