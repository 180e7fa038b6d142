import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADD, DO_NOT_ADD, knownName, NEVER_ADD, writeString } from '../../src/hpack/field-forms.ts';
import { OctetWriter } from '../../src/octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../../src/octets/runtime.ts';
import { hexOf } from './hex.ts';

test('a name is known with its place in the static table', () => {
  assert.deepEqual([knownName('age').staticIndex, knownName('age').staticValues], [21, undefined]);
  assert.equal(knownName(':status').staticIndex, 8);
  assert.equal(knownName(':status').staticValues?.get('404'), 13);
  assert.equal(knownName('x-unheard-of').staticIndex, 0);
  assert.equal(knownName('age'), knownName('age'));
});

test('RFC 7541 §7.1.3: secrets are never added, and short cookies are secrets', () => {
  const rule = (name: string, value = 'v') => knownName(name).ruleFor(value);
  for (const name of ['authorization', 'proxy-authorization', 'set-cookie'])
    assert.equal(rule(name), NEVER_ADD);
  assert.equal(rule('cookie', 'c'.repeat(19)), NEVER_ADD);
  assert.equal(rule('cookie', 'c'.repeat(20)), ADD);
  assert.equal(rule('content-length'), DO_NOT_ADD);
  assert.equal(rule('content-type'), ADD);
});

test('a field is known when it was learnt, until 32 others with its name were', () => {
  const name = knownName('x-known');
  assert.equal(name.known('0'), undefined);
  const field = name.learn('0');
  for (let i = 1; i < 32; i++) name.learn(String(i));
  assert.equal(name.known('0'), field);
  name.learn('32');
  assert.equal(name.known('0'), undefined);
  assert.equal(field.size, 7 + 1 + 32);
});

test('a value of 256 octets is remembered, a longer one is not', () => {
  const name = knownName('x-long');
  name.learn('v'.repeat(256));
  name.learn('v'.repeat(257));
  assert.ok(name.known('v'.repeat(256)));
  assert.equal(name.known('v'.repeat(257)), undefined);
});

test('RFC 7541 §5.2: a string is Huffman-coded where that is shorter', () => {
  const written = (text: string) => {
    const out = new OctetWriter(PLAIN_RUNTIME);
    writeString(out, text);
    return hexOf(out.octets, out.length);
  };
  assert.equal(written('no-cache'), '86a8eb10649cbf');
  assert.equal(written(''), '00');
  assert.equal(written('\u00ff{'), '02ff7b');
  assert.equal(written('{'.repeat(130)).slice(0, 8), '7f037b7b');
  assert.throws(() => written('\u0100'), TypeError);
});

test('names beyond the first 512 are written all the same', () => {
  for (let i = 0; i < 600; i++) assert.equal(knownName(`x-${i}`).text, `x-${i}`);
  assert.notEqual(knownName('x-599'), knownName('x-599'));
});
