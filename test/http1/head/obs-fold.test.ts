import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unfold } from '../../../src/http1/head/obs-fold.ts';

test('RFC 9112 §5.2: each obs-fold, with the white space around its CRLF, becomes as many spaces', () => {
  for (const [folded, unfolded] of [
    ['A: b\r\n c\r\n\r\n', 'A: b   c\r\n\r\n'],
    ['A: b\r\n\tc\r\n\r\n', 'A: b   c\r\n\r\n'],
    ['A: b \t\r\n \t c\r\n\r\n', 'A: b       c\r\n\r\n'],
    ['A: b\r\n c\r\n d\r\nE:\r\n f\r\n\r\n', 'A: b   c   d\r\nE:   f\r\n\r\n'],
    ['A:\r\n \r\n\t\r\n b\r\n\r\n', 'A:         b\r\n\r\n'],
    ['A: b\r\n \r\n\r\n', 'A: b   \r\n\r\n'],
  ] as const) {
    assert.equal(unfold(folded), unfolded);
  }
});

test('RFC 9112 §5.2: a text without obs-fold stays as it is, tabs included', () => {
  for (const text of ['', '\r\n', 'HTTP/1.1 200 OK\r\nA:\tb\t c \r\nD: e\r\n\r\n'])
    assert.equal(unfold(text), text);
});

test('RFC 9112 §5.2: unfolding takes time in proportion to the text, however much of it is white space', () => {
  const blanks = ' \t'.repeat(100_000);
  const begin = performance.now();
  assert.equal(unfold(`A: ${blanks}b\r\n c\r\n\r\n`), `A: ${blanks}b   c\r\n\r\n`);
  assert.match(unfold(`A:${'\r\n '.repeat(100_000)}b\r\n\r\n`), /^A: {300000}b\r\n\r\n$/);
  assert.ok(performance.now() - begin < 2_000);
});
