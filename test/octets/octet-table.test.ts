import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DIGIT,
  FIELD_CONTENT,
  hexDigit,
  latin1,
  OCTET_CLASS,
  QDTEXT,
  TARGET,
  TCHAR,
} from '../../src/octets/octet-table.ts';
import * as grammar from '../http1/grammar.ts';

const classes: { title: string; flag: number; allowed: RegExp }[] = [
  {
    title: 'RFC 9110 §5.6.2: the class of tchar holds every tchar and no other octet',
    flag: TCHAR,
    allowed: grammar.TCHAR,
  },
  {
    title: 'RFC 9110 §5.5: the class of field content holds VCHAR, obs-text, SP and HTAB, and no other octet',
    flag: FIELD_CONTENT,
    allowed: grammar.FIELD_OCTET,
  },
  {
    title: 'RFC 9110 §5.6.4: the class of qdtext holds all of it and no other octet',
    flag: QDTEXT,
    allowed: grammar.QDTEXT,
  },
  {
    title: 'RFC 9112 §3.2: the class of the request-target holds visible ASCII but for the number sign',
    flag: TARGET,
    allowed: grammar.TARGET,
  },
  {
    title: 'RFC 5234 §B.1: the class of DIGIT holds the ten digits and no other octet',
    flag: DIGIT,
    allowed: /^[0-9]$/,
  },
];

for (const { title, flag, allowed } of classes) {
  test(title, () => {
    for (const [octet, character] of grammar.OCTETS.entries()) {
      const belongs = (OCTET_CLASS[octet]! & flag) !== 0;
      assert.equal(belongs, allowed.test(character), `octet ${octet}`);
    }
  });
}

test('RFC 5234 §B.1: hexadecimal digits have the values 0 to 15 in either case, other octets have none', () => {
  for (const [octet, character] of grammar.OCTETS.entries()) {
    const value = '0123456789abcdef'.indexOf(character.toLowerCase());
    assert.equal(hexDigit(octet), value, `octet ${octet}`);
  }
});

test('RFC 9110 §5.5: octets become text one character an octet, however many there are', () => {
  const octets = new Uint8Array(3 * 4096 + 5).map((_, index) => index * 7);
  const expected = Array.from(octets, (octet) => String.fromCharCode(octet)).join('');
  assert.equal(latin1(octets, 0, octets.length), expected);
  for (const [start, end] of [
    [0, 0],
    [5, 5],
    [1, 4096],
    [4095, 4097],
    [0, 8192],
    [8191, 12_293],
  ] as const) {
    assert.equal(latin1(octets, start, end), expected.slice(start, end), `${start} to ${end}`);
  }
});
