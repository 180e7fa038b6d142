import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldedName } from '../../../src/files/lookup/folded-name.ts';

test('every spelling that some file system takes for one name has one folded form', () => {
  for (const name of [
    'SERVAL.JSON',
    'serval.json.',
    'serval.json ',
    '\u017ferval.json',
    'ser\u00adval\u200b.json',
    '\uff33erval.json',
  ]) {
    assert.equal(foldedName(name), 'serval.json', JSON.stringify(name));
  }
  assert.equal(foldedName('\u212aelvin'), 'kelvin');
  assert.equal(foldedName('stra\u00dfe'), 'strasse');
  assert.equal(foldedName('e\u0301te\u0301'), foldedName('\u00e9t\u00e9'));
  assert.notEqual(foldedName('serval.json5'), 'serval.json');
});
