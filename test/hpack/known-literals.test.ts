import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeaderField } from '../../src/hpack/header-field.ts';
import { KnownLiterals } from '../../src/hpack/known-literals.ts';
import { latin1 } from '../support/each-split.ts';

const FIELD = HeaderField.of('name', 'value');

/** @returns whether the field was found; it is kept if it is worth that. */
function isFound(known: KnownLiterals, text: string, field = FIELD): boolean {
  const octets = latin1(`##${text}##`);
  const found = known.find(octets, 2, 2 + text.length);
  if (found !== undefined) assert.equal(found, field);
  else if (known.isWorthKeeping) known.keep(field, octets, 2, 2 + text.length);
  return found !== undefined;
}

test('a field is kept when it comes for the second time, and found from then on', () => {
  const known = new KnownLiterals();
  assert.deepEqual(
    ['one', 'one', 'one', 'one'].map((text) => isFound(known, text)),
    [false, false, true, true],
  );
});

test('a field is found only where each octet is the same', () => {
  const known = new KnownLiterals();
  const text = 'abcdefghijklmnopqrstuvwxyz0123456789';
  for (let times = 0; times < 3; times++) isFound(known, text);
  for (let at = 0; at < text.length; at++) {
    assert.equal(isFound(known, `${text.slice(0, at)}!${text.slice(at + 1)}`), false);
    assert.equal(isFound(known, text.slice(0, at)), false);
  }
  assert.equal(isFound(known, `${text}!`), false);
  assert.equal(isFound(known, text), true);
});

test('a field that comes once does not take the place of one that comes often', () => {
  const known = new KnownLiterals();
  for (let times = 0; times < 3; times++) isFound(known, 'often');
  for (let once = 0; once < 10_000; once++) {
    const octets = latin1(`once ${once}`);
    assert.equal(known.find(octets, 0, octets.length), undefined);
    assert.equal(known.isWorthKeeping, false);
  }
  assert.equal(isFound(known, 'often'), true);
});

test('a field of 192 octets is kept, a longer one is not', () => {
  const known = new KnownLiterals();
  for (let times = 0; times < 3; times++) {
    assert.equal(isFound(known, 'a'.repeat(192)), times === 2);
    assert.equal(isFound(known, 'a'.repeat(193)), false);
  }
});
