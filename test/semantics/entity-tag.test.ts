import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isEntityTag,
  parseEntityTags,
  stronglyMatches,
  weakenEntityTag,
  weaklyMatches,
} from '../../src/semantics/entity-tag.ts';
import { RUNS } from '../property/arbitraries.ts';

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

const comparisons: [one: string, other: string, strong: boolean, weak: boolean][] = [
  ['W/"1"', 'W/"1"', false, true],
  ['W/"1"', 'W/"2"', false, false],
  ['W/"1"', '"1"', false, true],
  ['"1"', '"1"', true, true],
  ['"1"', '"2"', false, false],
  ['"a"', '"A"', false, false],
  ['""', '""', true, true],
  ['"W/"', 'W/""', false, false],
];

for (const [one, other, strong, weak] of comparisons) {
  test(`RFC 9110 §8.8.3.2: ${one} and ${other} match ${strong ? 'strongly' : weak ? 'weakly only' : 'in no way'}`, () => {
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      assert.equal(stronglyMatches(a, b), strong);
      assert.equal(weaklyMatches(a, b), weak);
    }
  });
}

const lists: [title: string, value: string, tags: string[]][] = [
  ['§13.1.1: one tag is a list', '"xyzzy"', ['"xyzzy"']],
  ['§13.1.2: weak and strong tags mix', 'W/"a", "b",\t"c"', ['W/"a"', '"b"', '"c"']],
  ['§8.8.3: a comma within a tag separates nothing', '"a,b" , W/","', ['"a,b"', 'W/","']],
  ['§8.8.3: a backslash escapes nothing', '"a\\", "b"', ['"a\\"', '"b"']],
  ['§8.8.3: a tag may hold obs-text', '"\u00e9"', ['"\u00e9"']],
  ['§5.6.1.2: empty members are skipped', ', ,"a",,"b" ,', ['"a"', '"b"']],
  ['§13.1.1: an empty list holds nothing', '', []],
  ['§13.1.1: what is no tag is left out', 'xyzzy, w/"a", W / "b", "c" "d", "e"', ['"e"']],
  ['§13.1.1: "*" is no tag', '*, "a"', ['"a"']],
  ['§8.8.3: no blank is within a tag', '"a b", "c"', ['"c"']],
  ['§8.8.3: a quote that nobody closes takes all that follows', '"a", "b, "c', ['"a"']],
];

for (const [title, value, tags] of lists) {
  test(`RFC 9110 ${title}: ${JSON.stringify(value)}`, () => {
    assert.deepEqual(parseEntityTags(value), tags);
  });
}

test('property: a list of tags, however it is written, is read as these tags', () => {
  const opaque = fc.string({
    unit: fc.constantFrom('a', 'Z', ',', '\\', '!', "'", '*', '\u00ff'),
    maxLength: 5,
  });
  const tag = fc.tuple(fc.constantFrom('', 'W/'), opaque).map(([weak, text]) => `${weak}"${text}"`);
  const separator = fc.constantFrom(',', ', ', ' ,', '\t,\t', ',,', ' , , ');
  const list = fc.array(fc.tuple(tag, separator), { maxLength: 8 });
  const holds = fc.property(list, (members) => {
    const tags = members.map(([member]) => member);
    assert.deepEqual(parseEntityTags(members.flat().join('')), tags);
  });
  fc.assert(holds, RUNS);
});
