import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkInteger, checkMembers, checkObject, checkOneOf, checkType } from '../../src/options/checks.ts';

const cases: readonly [string, () => void, RegExp | undefined][] = [
  ['an integer at its lower bound', () => checkInteger('options.port', 0, 0, 65_535), undefined],
  ['an integer at its upper bound', () => checkInteger('options.port', 65_535, 0, 65_535), undefined],
  [
    'an integer above it',
    () => checkInteger('options.port', 65_536, 0, 65_535),
    /^RangeError: options\.port: expected an integer from 0 to 65535, got 65536$/,
  ],
  [
    'a fraction',
    () => checkInteger('a', 1.5, 0, 9),
    /^RangeError: a: expected an integer from 0 to 9, got 1\.5$/,
  ],
  [
    'text for a number',
    () => checkInteger('a', '1', 0, 9),
    /^TypeError: a: expected an integer from 0 to 9, got "1"$/,
  ],
  ['no value at all', () => checkInteger('a', undefined, 0, 9), undefined],
  ['a function where one is needed', () => checkType('a', () => {}, 'function'), undefined],
  [
    'null for a function',
    () => checkType('a', null, 'function'),
    /^TypeError: a: expected a function, got null$/,
  ],
  ['an array for an object', () => checkObject('a', []), /^TypeError: a: expected an object, got an array$/],
  ['an object', () => checkObject('a', {}), undefined],
  ['members with known names', () => checkMembers('a', { x: 1 }, ['x', 'y']), undefined],
  [
    'a member with another name',
    () => checkMembers('a', { z: 1 }, ['x', 'y']),
    /^TypeError: a\.z: there is no such option$/,
  ],
  ['a choice', () => checkOneOf('a', 'x', ['x', 'y']), undefined],
  ['no choice', () => checkOneOf('a', 'z', ['x', 'y']), /^RangeError: a: expected one of "x", "y", got "z"$/],
  [
    'a long text, which is cut',
    () => checkType('a', 's'.repeat(100), 'boolean'),
    /^TypeError: a: expected a boolean, got "s{80}…"$/,
  ],
  ['an object for a text', () => checkType('a', new Map(), 'string'), /got an object \(Map\)$/],
];

for (const [title, check, message] of cases) {
  test(`options: ${title}`, () => {
    if (message === undefined) assert.doesNotThrow(check);
    else assert.throws(check, (error: unknown) => message.test(String(error)));
  });
}
