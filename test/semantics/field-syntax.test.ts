import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isFieldValue,
  isToken,
  listMembers,
  parseDecimal,
  withoutOWS,
} from '../../src/semantics/field-syntax.ts';
import { FIELD_OCTET, TCHAR } from '../http1/grammar.ts';

test('RFC 9110 §5.6.2: of all code units, tchars and only they make up a token', () => {
  for (let code = 0; code <= 0xffff; code++) {
    const character = String.fromCharCode(code);
    for (const text of [character, `a${character}`, `${character}a`]) {
      assert.equal(isToken(text), TCHAR.test(character), `U+${code.toString(16)}`);
    }
  }
});

test('RFC 9110 §5.6.2: a token has at least one character', () => {
  assert.equal(isToken(''), false);
});

test('RFC 9110 §5.5: of all code units, HTAB, SP, VCHAR and obs-text make up a field value', () => {
  for (let code = 0; code <= 0xffff; code++) {
    const character = String.fromCharCode(code);
    assert.equal(isFieldValue(`a${character}b`), FIELD_OCTET.test(character), `U+${code.toString(16)}`);
  }
  assert.equal(isFieldValue(''), true);
  assert.equal(isFieldValue('a\ud83d\ude00'), false);
});

test('RFC 9110 §5.6.3: optional white space is SP and HTAB, and nothing else that JavaScript trims', () => {
  assert.equal(withoutOWS(' \t a \t b\t '), 'a \t b');
  assert.equal(withoutOWS(' \t'), '');
  assert.equal(withoutOWS(''), '');
  for (const other of ['\v', '\f', '\r', '\n', '\xa0', '\ufeff', '\u2003', '\u2028']) {
    assert.equal(withoutOWS(` ${other}a${other} `), `${other}a${other}`);
  }
});

test('RFC 9110 §5.6.3: white space outside of the part in question is left alone', () => {
  assert.equal(withoutOWS('a; b ;c', 2, 5), 'b');
  assert.equal(withoutOWS('a  b', 1, 3), '');
  assert.equal(withoutOWS(' a', 1), 'a');
});

test('RFC 5234 §B.1: a decimal number is digits alone, as many as are allowed', () => {
  for (const [text, number] of [
    ['0', 0],
    ['007', 7],
    ['999', 999],
    ['', -1],
    ['1000', -1],
    ['-1', -1],
    ['1.', -1],
    [' 1', -1],
    ['1e2', -1],
    ['\u0661', -1],
    ['/', -1],
    [':', -1],
  ] as const) {
    assert.equal(parseDecimal(text, 3), number, JSON.stringify(text));
  }
});

test('RFC 9110 §5.6.1: the members of a list stand between commas, without the white space around them', () => {
  for (const [value, members] of [
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a ,\tb c\t, d', ['a', 'b c', 'd']],
    ['', ['']],
    [',', ['', '']],
    ['a,,b,', ['a', '', 'b', '']],
    ['\xa0,a\v', ['\xa0', 'a\v']],
  ] as const) {
    assert.deepEqual(listMembers(value), members, JSON.stringify(value));
  }
});
