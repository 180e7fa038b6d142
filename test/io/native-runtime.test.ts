import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nativeRuntime } from '../../src/io/native-runtime.ts';
import { PLAIN_RUNTIME } from '../../src/octets/runtime.ts';

test('the native conversions do what the plain ones do, for each octet', () => {
  const text = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
  const native = nativeRuntime.allocate(300);
  const plain = PLAIN_RUNTIME.allocate(300);
  for (const octets of [native, plain]) octets.fill(7);
  nativeRuntime.writeLatin1(native, text, 20);
  PLAIN_RUNTIME.writeLatin1(plain, text, 20);
  assert.deepEqual(new Uint8Array(native), plain);
  assert.equal(nativeRuntime.latin1(native, 20, 276), text);
});
