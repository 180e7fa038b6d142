import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeaderField } from '../../src/hpack/header-field.ts';

test('RFC 7541 §4.1: the size of a field is known before its strings are', () => {
  const field = new HeaderField(3, 5, true, 0);
  assert.deepEqual([field.size, field.nameLength, field.valueLength], [40, 3, 5]);
  assert.deepEqual([field.name, field.value, field.isSensitive, field.mark], ['', '', true, 0]);
});

test('a field of a name and a value has their sizes', () => {
  const field = HeaderField.of('age', '10');
  assert.deepEqual([field.name, field.value, field.size, field.isSensitive], ['age', '10', 37, false]);
});
