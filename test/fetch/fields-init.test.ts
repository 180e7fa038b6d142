/** Fields in every form that `new Headers()` takes, without a `Headers`. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addFields } from '../../src/fetch/fields-init.ts';

const added = (init: unknown): [string, string][] => {
  const fields: [string, string][] = [];
  addFields(init as never, { add: (name, value) => fields.push([name, value]) });
  return fields;
};

describe('addFields', () => {
  test('nothing gives nothing', () => {
    assert.deepEqual(added(undefined), []);
    assert.deepEqual(added(null), []);
    assert.deepEqual(added({}), []);
    assert.deepEqual(added([]), []);
  });

  test('a record, pairs, a Map and Headers give the same fields', () => {
    const expected = [
      ['x-a', '1'],
      ['x-b', '2'],
    ];
    const record = { 'x-a': '1', 'x-b': '2' };
    for (const init of [
      record,
      Object.entries(record),
      new Map(Object.entries(record)),
      new Headers(record),
    ]) {
      assert.deepEqual(added(init), expected);
    }
  });

  test('repeated names in pairs, and Set-Cookie in Headers, stay repeated', () => {
    const pairs = [
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ];
    assert.deepEqual(added(pairs), pairs);
    assert.deepEqual(added(new Headers(pairs as [string, string][])), pairs);
  });

  test('values are made strings, and lose the white space around them, as in Headers', () => {
    assert.deepEqual(added({ a: 1, b: ' \tx y\t ' }), [
      ['a', '1'],
      ['b', 'x y'],
    ]);
  });

  test('only SP and HTAB are white space', () => {
    assert.deepEqual(added({ a: '\u00a0x\u00a0' }), [['a', '\u00a0x\u00a0']]);
  });

  test('what an object inherits is not a field', () => {
    assert.deepEqual(added(Object.create({ inherited: '1' })), []);
  });

  test('a member of a list that is not a pair is a TypeError', () => {
    for (const init of [[['a']], [['a', 'b', 'c']], [[]]]) assert.throws(() => added(init), TypeError);
  });
});
