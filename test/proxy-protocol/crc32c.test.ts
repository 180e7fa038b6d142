import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32c } from '../../src/proxy-protocol/crc32c.ts';
import { latin1 } from '../support/each-split.ts';

test('RFC 3720 §B.4: the check sums of the examples are those that stand there', () => {
  const counted = Uint8Array.from({ length: 32 }, (_, i) => i);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(counted), 0x46dd794e);
  assert.equal(crc32c(counted.reverse()), 0x113fdb5c);
});

test('CRC-32C: its check value is E3069283, and of nothing it is 0', () => {
  assert.equal(crc32c(latin1('123456789')), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(0)), 0);
});
