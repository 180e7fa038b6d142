import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  INTEGER_INCOMPLETE,
  INTEGER_TOO_LARGE,
  IntegerReader,
  MOST_INTEGER,
  writeInteger,
} from '../../src/hpack/integer.ts';
import { OctetWriter } from '../../src/octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../../src/octets/runtime.ts';
import { hex, hexOf } from './hex.ts';

function written(pattern: number, mask: number, value: number): string {
  const out = new OctetWriter(PLAIN_RUNTIME);
  writeInteger(out, pattern, mask, value);
  return hexOf(out.octets, out.length);
}

function read(text: string, mask: number): { value: number; at: number } {
  const reader = new IntegerReader();
  const octets = hex(text);
  return { value: reader.read(octets, 0, octets.length, mask), at: reader.at };
}

const EXAMPLES = [
  { title: 'RFC 7541 §C.1.1: 10 with a prefix of five bits', octets: '0a', mask: 0x1f, value: 10 },
  { title: 'RFC 7541 §C.1.2: 1337 with a prefix of five bits', octets: '1f9a0a', mask: 0x1f, value: 1337 },
  { title: 'RFC 7541 §C.1.3: 42 with a prefix of eight bits', octets: '2a', mask: 0xff, value: 42 },
];

for (const { title, octets, mask, value } of EXAMPLES) {
  test(title, () => {
    assert.deepEqual(read(octets, mask), { value, at: octets.length / 2 });
    assert.equal(written(0, mask, value), octets);
  });
}

test('RFC 7541 §5.1: the bits before the prefix are not of the integer', () => {
  assert.deepEqual(read('ea', 0x1f), { value: 10, at: 1 });
  assert.equal(written(0xe0, 0x1f, 10), 'ea');
  assert.equal(written(0xe0, 0x1f, 1337), 'ff9a0a');
});

test('RFC 7541 §5.1: each integer is read as it was written, with each prefix', () => {
  for (let bits = 1; bits <= 8; bits++) {
    const mask = 2 ** bits - 1;
    for (const near of [
      0,
      mask,
      127,
      128,
      mask + 127,
      mask + 128,
      16_383,
      2 ** 21,
      2 ** 28,
      MOST_INTEGER - 1,
    ]) {
      for (const value of [near - 1, near, near + 1].filter((some) => some >= 0)) {
        const octets = written(0, mask, value);
        assert.deepEqual(read(octets, mask), { value, at: octets.length / 2 }, `${value}, ${bits} bits`);
      }
    }
  }
});

test('RFC 7541 §5.1: 2^31-1 is read, 2^31 is too large', () => {
  assert.equal(MOST_INTEGER, 2 ** 31 - 1);
  assert.equal(read(written(0, 0x7f, MOST_INTEGER), 0x7f).value, MOST_INTEGER);
  assert.equal(read(written(0, 0x7f, MOST_INTEGER + 1), 0x7f).value, INTEGER_TOO_LARGE);
  assert.equal(read('7f ff ff ff ff ff ff ff ff 7f', 0x7f).value, INTEGER_TOO_LARGE);
});

test('RFC 7541 §5.1: five octets behind the prefix are read, a sixth is one too many, even of zeros', () => {
  assert.deepEqual(read('7f 80 80 80 80 00', 0x7f), { value: 127, at: 6 });
  assert.equal(read('7f 80 80 80 80 80 00', 0x7f).value, INTEGER_TOO_LARGE);
});

test('RFC 7541 §5.1: an integer without its last octet is incomplete', () => {
  for (const octets of ['', '1f', '1f 9a', '1f 80 80 80 80']) {
    assert.equal(read(octets, 0x1f).value, INTEGER_INCOMPLETE, octets);
  }
});
