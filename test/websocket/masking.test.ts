import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyMask, writeMask } from '../../src/websocket/frames/masking.ts';

test('RFC 6455 §5.3: the mask is applied octet by octet, wherever the payload lies in memory', () => {
  const mask = Buffer.from([0, 0x1f, 0x80, 0xff, 0x55]);
  for (let lead = 0; lead < 8; lead++) {
    for (const length of [0, 1, 2, 3, 4, 5, 7, 8, 63, 64, 65, 66, 67, 71, 1_000, 1_023]) {
      const memory = Buffer.alloc(lead + length + 3, 0xaa);
      applyMask(memory, lead, lead + length, mask, 1);
      const expected = Buffer.alloc(length).map((_, index) => 0xaa ^ mask[1 + (index & 3)]!);
      assert.ok(memory.subarray(lead, lead + length).equals(expected), `${length} octets at ${lead}`);
      // Nothing around it has changed.
      assert.ok(memory.subarray(0, lead).every((octet) => octet === 0xaa));
      assert.ok(memory.subarray(lead + length).every((octet) => octet === 0xaa));
    }
  }
});

test('RFC 6455 §10.3: masks differ', () => {
  const masks = new Set<string>();
  for (let count = 0; count < 3_000; count++) {
    const mask = Buffer.alloc(6);
    writeMask(mask, 1);
    assert.deepEqual([mask[0], mask[5]], [0, 0]);
    masks.add(mask.toString('hex'));
  }
  assert.ok(masks.size > 2_990, `${masks.size}`);
});
