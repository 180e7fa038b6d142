import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENOUGH_OCTETS, GatheredChunk } from '../../../src/fetch/content/gathered-chunk.ts';

const piece = (length: number, octet: number): Uint8Array => new Uint8Array(length).fill(octet);

/** The chunk of these pieces, and whether it holds what they held. */
function gathered(expected: number, lengths: readonly number[]): Uint8Array {
  const chunk = new GatheredChunk(expected);
  const pieces = lengths.map((length, at) => piece(length, at + 1));
  for (const each of pieces) chunk.add(each);
  const whole = Buffer.concat(pieces);
  assert.equal(chunk.length, whole.length);
  const taken = chunk.take();
  assert.deepEqual(Buffer.from(taken), whole);
  if (pieces.length > 1) for (const each of pieces) assert.notEqual(taken.buffer, each.buffer);
  return taken;
}

const SIZES = [
  [1],
  [5_000],
  [1, 1],
  [10, 4_086],
  [4_000, 97],
  [3_000, 3_000, 3_000],
  [60_000, 16_384],
  [9, 16_375],
];

test('one piece is given out as it is, if nothing else uses its memory', () => {
  const whole = piece(100, 1);
  for (const expected of [0, 199]) {
    const chunk = new GatheredChunk(expected);
    chunk.add(whole);
    assert.equal(chunk.take().buffer, whole.buffer);
  }
  const part = new GatheredChunk(0);
  part.add(whole.subarray(1));
  assert.notEqual(part.take().buffer, whole.buffer);
});

test('several pieces are copied into memory of their own', () => {
  for (const lengths of SIZES)
    for (const expected of [0, 2, 16_384, ENOUGH_OCTETS + 16_384]) gathered(expected, lengths);
});

test('the memory of a chunk is at most twice as long as the chunk, or the smallest there is', () => {
  for (const lengths of SIZES)
    for (const expected of [0, 2, 16_384, ENOUGH_OCTETS + 16_384]) {
      const { buffer, length } = gathered(expected, lengths);
      assert.ok(
        buffer.byteLength <= length * 2 || buffer.byteLength <= 8_192,
        `${lengths}: ${buffer.byteLength}`,
      );
    }
});

test('the memory is as long as the chunk before, so that one as long fits into it', () => {
  const taken = gathered(16_384, [9, 16_375]);
  assert.equal(taken.buffer.byteLength, 16_384);
});
