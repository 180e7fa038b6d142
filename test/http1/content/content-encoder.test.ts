import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentEncoder } from '../../../src/http1/content/content-encoder.ts';
import type { Framing } from '../../../src/http1/content/framing.ts';
import { ContentLengthMismatch } from '../../../src/semantics/content-length.ts';

/** The pieces as they go to the wire. */
function encoded(framing: Framing, pieces: readonly string[], trailerLines?: string): string {
  const encoder = new ContentEncoder(framing);
  let text = '';
  for (const piece of pieces) text += encoder.before(piece.length) + piece + encoder.after;
  return text + encoder.end(trailerLines);
}

test('RFC 9112 §7.1: each piece of chunked content is a chunk, behind the last comes the last chunk', () => {
  assert.equal(encoded({ kind: 'chunked' }, []), '0\r\n\r\n');
  assert.equal(encoded({ kind: 'chunked' }, ['abc']), '3\r\nabc\r\n0\r\n\r\n');
  const long = 'x'.repeat(255);
  assert.equal(
    encoded({ kind: 'chunked' }, ['a', long, '\r\n']),
    `1\r\na\r\nff\r\n${long}\r\n2\r\n\r\n\r\n0\r\n\r\n`,
  );
});

test('RFC 9112 §7.1.2: trailer fields go behind the last chunk', () => {
  assert.equal(encoded({ kind: 'chunked' }, ['a'], 'X: y\r\nZ: \r\n'), '1\r\na\r\n0\r\nX: y\r\nZ: \r\n\r\n');
});

test('RFC 9112 §7.1.2: content that is not chunked has no place for trailer fields', () => {
  assert.equal(encoded({ kind: 'length', length: 1 }, ['a'], 'X: y\r\n'), 'a');
  assert.equal(encoded({ kind: 'until-close' }, ['a'], 'X: y\r\n'), 'a');
});

test('RFC 9112 §6.2: content of a declared length goes out as it is', () => {
  assert.equal(encoded({ kind: 'length', length: 0 }, []), '');
  assert.equal(encoded({ kind: 'length', length: 5 }, ['hello']), 'hello');
  assert.equal(encoded({ kind: 'length', length: 5 }, ['he', 'l', 'lo']), 'hello');
});

test('RFC 9112 §6.3: content that ends where the connection does goes out as it is', () => {
  assert.equal(encoded({ kind: 'until-close' }, []), '');
  assert.equal(encoded({ kind: 'until-close' }, ['he', 'llo']), 'hello');
});

test('RFC 9110 §8.6: an octet more than the declared length is refused before it is sent', () => {
  for (const pieces of [['hello!'], ['hello', '!'], ['he', 'llo!']]) {
    assert.throws(() => encoded({ kind: 'length', length: 5 }, pieces), ContentLengthMismatch);
  }
  assert.throws(() => encoded({ kind: 'length', length: 0 }, ['a']), ContentLengthMismatch);
});

test('RFC 9110 §8.6: an octet less than the declared length is refused at the end', () => {
  for (const pieces of [[], ['hell'], ['he', 'll']]) {
    assert.throws(() => encoded({ kind: 'length', length: 5 }, pieces), ContentLengthMismatch);
  }
});
