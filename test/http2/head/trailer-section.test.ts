import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HpackDecoder } from '../../../src/hpack/decoder.ts';
import { Http2Error } from '../../../src/http2/errors.ts';
import { readTrailerSection } from '../../../src/http2/head/trailer-section.ts';
import { block, type Fields } from '../frames.ts';

function read(...fields: Fields): string[] | string {
  const decoder = new HpackDecoder();
  decoder.decode(block(fields));
  const section = readTrailerSection(decoder.fields);
  return section instanceof Http2Error
    ? section.reason
    : section.names.map((name, i) => `${name}: ${section.values[i]}`);
}

test('RFC 9113 §8.1: a trailer section has fields, and may have none', () => {
  assert.deepEqual(read(['digest', 'a'], ['x', 'b'], ['x', 'c']), ['digest: a', 'x: b', 'x: c']);
  assert.deepEqual(read(), []);
});

test('RFC 9110 §6.5.1: fields that come too late are dropped, and are checked all the same', () => {
  assert.deepEqual(read(['host', 'a'], ['authorization', 'b'], ['x', 'c']), ['x: c']);
  assert.equal(read(['host', 'a b']), 'AuthoritySyntax');
});

test('RFC 9113 §8.1: pseudo-fields, known and unknown, and malformed fields are refused', () => {
  assert.equal(read([':path', '/']), 'PseudoFieldInTrailers');
  assert.equal(read([':path', '']), 'PseudoFieldInTrailers');
  assert.equal(read([':status', '200']), 'PseudoFieldInTrailers');
  assert.equal(read([':x', 'y']), 'PseudoFieldInTrailers');
  assert.equal(read(['x', 'a\n']), 'FieldValueSyntax');
  assert.equal(read(['upgrade', 'h2c']), 'ConnectionField');
});
