import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scratchOf } from '../../src/hpack/decoding-scratch.ts';
import { HeaderField } from '../../src/hpack/header-field.ts';
import { latin1 } from '../../src/octets/octet-table.ts';
import { PLAIN_RUNTIME } from '../../src/octets/runtime.ts';
import { latin1 as octetsOf } from '../support/each-split.ts';

test('all decoders of a runtime use the same scratch', () => {
  assert.equal(scratchOf(PLAIN_RUNTIME), scratchOf(PLAIN_RUNTIME));
  assert.notEqual(scratchOf({ ...PLAIN_RUNTIME }), scratchOf(PLAIN_RUNTIME));
});

/** Two literals, the first one added, the second one named after it. */
function madeWith(tableSize: number): { fields: HeaderField[]; texts: number } {
  let texts = 0;
  const scratch = scratchOf({
    ...PLAIN_RUNTIME,
    latin1: (...what) => {
      texts++;
      return latin1(...what);
    },
  });
  scratch.begin();
  const text = `name${'v'.repeat(40)}${'w'.repeat(60)}`;
  scratch.reserve(text.length);
  scratch.octets.set(octetsOf(text));
  scratch.length = text.length;
  const fields = [new HeaderField(4, 40, false, 0), new HeaderField(4, 60, false, 0)];
  scratch.note(fields[0]!, undefined, true);
  scratch.note(fields[1]!, fields[0], false);
  scratch.makeStrings(tableSize);
  return { fields, texts };
}

test('literals get slices of one text, and a name that came as an index is the name that was meant', () => {
  const { fields, texts } = madeWith(76);
  assert.deepEqual(
    fields.map(({ name, value }) => [name, value]),
    [
      ['name', 'v'.repeat(40)],
      ['name', 'w'.repeat(60)],
    ],
  );
  assert.equal(texts, 1);
});

test('an entry of the table gets strings of its own where it would keep much more text alive', () => {
  assert.equal(madeWith(26).texts, 1);
  const { fields, texts } = madeWith(25);
  assert.equal(texts, 3);
  assert.equal(fields[0]!.value, 'v'.repeat(40));
});

test('a scratch grows and keeps what it has', () => {
  const scratch = scratchOf({ ...PLAIN_RUNTIME });
  scratch.begin();
  scratch.octets[0] = 7;
  scratch.length = 1;
  scratch.reserve(100_000);
  assert.ok(scratch.octets.length >= 100_001);
  assert.equal(scratch.octets[0], 7);
});
