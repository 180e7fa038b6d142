import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldSection, NO_FIELDS } from '../../src/semantics/field-section.ts';

const SECTION = new FieldSection(
  'GET / HTTP/1.1\r\nHost: a\r\nX-List:1\r\nEmpty:\r\nx-list: \t2, 3 \t\r\nTime: 12:30\r\nX-LIST: \xe9\r\n\r\nrest',
  16,
);

test('RFC 9110 §5.1: names are in lower case and in the order received, repeated ones too', () => {
  assert.deepEqual(SECTION.names, ['host', 'x-list', 'empty', 'x-list', 'time', 'x-list']);
});

test('RFC 9112 §5.1: values have no white space around them; only the first colon ends the name', () => {
  assert.deepEqual(SECTION.values, ['a', '1', '', '2, 3', '12:30', '\xe9']);
});

test('RFC 9110 §5.3: the lines of one name are joined by comma and space, or returned one by one', () => {
  assert.equal(SECTION.get('x-list'), '1, 2, 3, \xe9');
  assert.deepEqual(SECTION.lines('x-list'), ['1', '2, 3', '\xe9']);
  assert.equal(SECTION.get('host'), 'a');
  assert.equal(SECTION.get('empty'), '');
  assert.equal(SECTION.get('missing'), null);
  assert.deepEqual(SECTION.lines('missing'), []);
});

test('RFC 6265 §4.2.1: the lines of Cookie are joined by semicolon and space', () => {
  const section = new FieldSection('Cookie: a=1\r\nAccept: x\r\ncookie: b=2; c=3\r\nCOOKIE: d=4\r\n\r\n');
  assert.equal(section.get('cookie'), 'a=1; b=2; c=3; d=4');
  assert.deepEqual(section.lines('cookie'), ['a=1', 'b=2; c=3', 'd=4']);
  assert.equal(new FieldSection('Set-Cookie: a\r\nSet-Cookie: b\r\n\r\n').get('set-cookie'), 'a, b');
});

test('a name of a property of objects is an ordinary field name', () => {
  const section = new FieldSection('__proto__: a\r\nconstructor: b\r\n\r\n');
  assert.equal(section.get('__proto__'), 'a');
  assert.equal(section.get('constructor'), 'b');
  assert.equal(SECTION.get('__proto__'), null);
});

test('values can be read before names', () => {
  assert.deepEqual(new FieldSection('A: b\r\n\r\n').values, ['b']);
});

test('a filtered section has the fields whose name was kept, in their order, and the original has all', () => {
  const filtered = SECTION.filter((name) => name !== 'x-list');
  assert.deepEqual(filtered.names, ['host', 'empty', 'time']);
  assert.deepEqual(filtered.values, ['a', '', '12:30']);
  assert.equal(filtered.get('x-list'), null);
  assert.equal(SECTION.names.length, 6);
});

test('a section can be made of names and values', () => {
  const section = FieldSection.of(['a', 'a'], ['1', '2']);
  assert.equal(section.get('a'), '1, 2');
  assert.deepEqual(NO_FIELDS.names, []);
  assert.deepEqual(NO_FIELDS.values, []);
});
