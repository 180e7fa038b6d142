import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseContentLength, responseMayHaveContent } from '../../src/semantics/content-length.ts';

test('RFC 9110 §8.6: a Content-Length is 1 to 16 decimal digits, at most 2^53-1', () => {
  for (const [value, length] of [
    ['0', 0],
    ['5', 5],
    ['0000000000000005', 5],
    ['9007199254740991', 9007199254740991],
  ] as const) {
    assert.equal(parseContentLength(value), length, value);
  }
  for (const value of [
    '',
    '9007199254740992',
    '9007199254740993',
    '9999999999999999',
    '00000000000000005',
    '99999999999999999999',
    '-1',
    '+5',
    '0x5',
    '5.0',
    '1e3',
    '1_0',
    ' 5',
    '5 ',
    '5,5',
    '5abc',
    '\u00a05',
    '\u0665',
    'Infinity',
  ]) {
    assert.equal(parseContentLength(value), -1, JSON.stringify(value));
  }
});

test('RFC 9112 §6.3: a response to HEAD, an interim one, 204, 304 and a 2xx to CONNECT have no content', () => {
  for (const [method, status, mayHave] of [
    ['GET', 200, true],
    ['GET', 404, true],
    ['GET', 205, true],
    ['GET', 100, false],
    ['GET', 103, false],
    ['GET', 199, false],
    ['GET', 204, false],
    ['GET', 304, false],
    ['HEAD', 200, false],
    ['HEAD', 500, false],
    ['head', 200, true],
    ['CONNECT', 200, false],
    ['CONNECT', 299, false],
    ['CONNECT', 300, true],
    ['CONNECT', 502, true],
  ] as const) {
    assert.equal(responseMayHaveContent(method, status), mayHave, `${method} ${status}`);
  }
});
