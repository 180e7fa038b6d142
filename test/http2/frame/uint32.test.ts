import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uint31, uint32 } from '../../../src/http2/frame/uint32.ts';

test('RFC 9113 §4.1: numbers are in network order, and their highest bit can be left out', () => {
  const octets = Uint8Array.of(9, 0xff, 0xff, 0xff, 0xfe, 1, 2, 3, 4);
  assert.deepEqual([uint32(octets, 1), uint31(octets, 1)], [0xffff_fffe, 0x7fff_fffe]);
  assert.deepEqual([uint32(octets, 5), uint31(octets, 5)], [0x0102_0304, 0x0102_0304]);
});
