import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CollectedOctets } from '../../src/fetch/collected-octets.ts';

/** Octets that differ, so that none can be in the place of another. */
const numbered = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);

function collect(content: Uint8Array, pieceLength: number, expected?: number): Uint8Array {
  const collected = new CollectedOctets(expected === undefined ? undefined : () => expected);
  for (let at = 0; at < content.length; at += pieceLength)
    collected.add(content.subarray(at, at + pieceLength));
  return collected.join();
}

describe('collected octets', () => {
  const LENGTHS = [1, 4095, 4096, 4097, 65_536, 1_048_577, 3_000_000];
  for (const length of LENGTHS) {
    test(`${length} bytes come out as they came in, in pieces of any size`, () => {
      const content = numbered(length);
      for (const pieceLength of [7, 4095, 4096, 65_536, length].filter((size) => length / size < 5000)) {
        for (const expected of [undefined, -1, length]) {
          const joined = collect(content, pieceLength, expected);
          assert.equal(Buffer.compare(joined, content), 0, `${pieceLength}, expected ${expected}`);
        }
      }
    });
  }

  test('more or less than was declared is as good', () => {
    const content = numbered(300_000);
    for (const expected of [1, 70_000, 299_999, 300_001, 2 ** 40])
      assert.equal(Buffer.compare(collect(content, 65_536, expected), content), 0, `expected ${expected}`);
  });

  test('content of two pieces or more is the whole of its buffer, which can be given away', () => {
    const content = numbered(300_000);
    for (const expected of [undefined, 300_000]) {
      const joined = collect(content, 65_536, expected);
      assert.equal(joined.buffer.byteLength, 300_000);
    }
  });

  test('a large length that was only promised takes no memory of its size', () => {
    const collected = new CollectedOctets(() => 2 ** 40);
    for (let i = 0; i < 4; i++) collected.add(new Uint8Array(65_536));
    // A block of a terabyte would throw.
    assert.equal(collected.join().length, 4 * 65_536);
  });

  test('no content is no octets', () => {
    assert.equal(new CollectedOctets().join().length, 0);
  });
});
