import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLAIN_RUNTIME } from '../../src/octets/runtime.ts';

test('without a runtime, text and octets are turned into each other all the same', () => {
  const octets = PLAIN_RUNTIME.allocate(300);
  assert.equal(octets.length, 300);
  const text = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
  PLAIN_RUNTIME.writeLatin1(octets, text, 10);
  assert.equal(PLAIN_RUNTIME.latin1(octets, 10, 266), text);
});
