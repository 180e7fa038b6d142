import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEntityTag, weakenEntityTag } from '../../src/semantics/entity-tag.ts';

const tags: [value: string, valid: boolean][] = [
  ['"xyzzy"', true],
  ['W/"xyzzy"', true],
  ['""', true],
  ['W/""', true],
  ['"a\'b\\c"', true],
  ['"\u00e9"', true],
  ['w/"xyzzy"', false],
  ['W /"xyzzy"', false],
  ['xyzzy', false],
  ['"', false],
  ['W/"', false],
  ['W/', false],
  ['', false],
  ['"a"b"', false],
  ['"a b"', false],
  ['"a\u007fb"', false],
  ['"\u0100"', false],
  ['"a", "b"', false],
  [' "a"', false],
];

for (const [value, valid] of tags) {
  test(`RFC 9110 §8.8.3: ${JSON.stringify(value)} ${valid ? 'is' : 'is not'} an entity tag`, () => {
    assert.equal(isEntityTag(value), valid);
  });
}

test('RFC 9110 §8.8.1: a strong tag is weakened, a weak one stays as it is', () => {
  assert.equal(weakenEntityTag('"xyzzy"'), 'W/"xyzzy"');
  assert.equal(weakenEntityTag('W/"xyzzy"'), 'W/"xyzzy"');
});
