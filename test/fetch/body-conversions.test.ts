import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toArrayBuffer, toBytes } from '../../src/fetch/body-conversions.ts';
import { NO_OCTETS } from '../../src/octets/no-octets.ts';

test('a buffer that holds exactly the octets is returned itself, any other part of a buffer is copied', () => {
  const octets = new Uint8Array([1, 2, 3]);
  assert.equal(toArrayBuffer(octets), octets.buffer);
  for (const part of [octets.subarray(1), octets.subarray(0, 2), octets.subarray(1, 1)]) {
    assert.notEqual(toArrayBuffer(part), octets.buffer);
    assert.deepEqual(new Uint8Array(toArrayBuffer(part)), new Uint8Array(part));
  }
});

test('an application may transfer the buffer of an empty body: it is not the one that all code shares', () => {
  structuredClone(0, { transfer: [toArrayBuffer(NO_OCTETS), toBytes(NO_OCTETS).buffer] });
  assert.equal(NO_OCTETS.subarray(0).length, 0);
  assert.equal(toBytes(NO_OCTETS).length, 0);
});
