import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FIELD_CONTENT,
  hexDigit,
  isBlank,
  isDigit,
  isTokenOctet,
  latin1,
  OCTET_CLASS,
  PATH,
  QDTEXT,
  REG_NAME,
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
    title: 'RFC 3986 §3.3: the class of a path holds pchar, slash, [, ] and |, and no other octet',
    flag: PATH,
    allowed: grammar.PATH,
  },
  {
    title:
      'RFC 3986 §3.2.2: the class of reg-name holds unreserved and sub-delims except the comma, and no other octet',
    flag: REG_NAME,
    allowed: /^[\w\-.~!$&'()*+;=]$/,
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

const predicates = [
  {
    title: 'RFC 9110 §5.6.2: of all code units, the tchars are token octets',
    is: isTokenOctet,
    allowed: grammar.TCHAR,
  },
  {
    title: 'RFC 9110 §5.6.3: of all code units, SP and HTAB are white space',
    is: isBlank,
    allowed: /^[ \t]$/,
  },
  { title: 'RFC 5234 §B.1: of all code units, 0 to 9 are digits', is: isDigit, allowed: /^[0-9]$/ },
];

for (const { title, is, allowed } of predicates) {
  test(title, () => {
    for (let code = 0; code <= 0xffff; code++)
      assert.equal(is(code), allowed.test(String.fromCharCode(code)), `code unit ${code}`);
    assert.equal(is(Number.NaN), false, 'the code unit behind the end of a text');
  });
}

test('RFC 5234 §B.1: hexadecimal digits have the values 0 to 15 in either case, other code units have none', () => {
  for (let code = 0; code <= 0xffff; code++) {
    const value = '0123456789abcdef'.indexOf(code < 128 ? String.fromCharCode(code).toLowerCase() : '?');
    assert.equal(hexDigit(code), value, `code unit ${code}`);
  }
  assert.equal(hexDigit(Number.NaN), -1, 'the code unit behind the end of a text');
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
