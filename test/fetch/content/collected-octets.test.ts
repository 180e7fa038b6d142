import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CollectedOctets } from '../../../src/fetch/content/collected-octets.ts';

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

describe('octets that are read to where they are collected', () => {
  const content = numbered(3_000_000);

  /** Adds each next piece in the room that there is, if any; as a reader does. */
  function readInPlace(expected: number, length: (room: number) => number) {
    const collected = new CollectedOctets(() => expected);
    let inPlace = 0;
    for (let at = 0; at < content.length; ) {
      const room = collected.room();
      const octets = content.subarray(at, at + length(room?.length ?? 65_536));
      at += octets.length;
      room?.set(octets);
      if (room !== undefined) inPlace += octets.length;
      collected.add(room?.subarray(0, octets.length) ?? octets);
    }
    return { joined: collected.join(), inPlace };
  }

  test('a room that is filled, or filled in part, is content', () => {
    for (const length of [(room: number) => room, (room: number) => Math.min(room, 50_000)]) {
      const { joined, inPlace } = readInPlace(content.length, length);
      assert.equal(Buffer.compare(joined, content), 0);
      assert.equal(joined.buffer.byteLength, content.length);
      assert.ok(inPlace > 2_900_000);
    }
  });

  test('there is no room before the first piece, for an unknown length, and beyond the end', () => {
    const collected = new CollectedOctets(() => 10);
    assert.equal(collected.room(), undefined);
    collected.add(content.subarray(0, 4));
    assert.equal(collected.room()?.length, 6);
    collected.add(content.subarray(4, 10));
    assert.equal(collected.room(), undefined);
    assert.equal(readInPlace(-1, (room) => room).inPlace, 0);
  });

  test('a room that was not used does not matter', () => {
    const collected = new CollectedOctets(() => content.length);
    collected.add(content.subarray(0, 65_536));
    collected.room()?.fill(1);
    for (let at = 65_536; at < content.length; at += 65_536) collected.add(content.subarray(at, at + 65_536));
    assert.equal(Buffer.compare(collected.join(), content), 0);
  });
});
