import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldPairs } from '../../../src/http2/head/field-pairs.ts';
import { fieldLines } from '../conversation.ts';

test('RFC 9113 §8.2.1: names are in lower case, values without white space around them', () => {
  const pairs = fieldPairs(
    fieldLines(['Content-Type', ' text/plain\t'], ['X-Empty', ''], ['X-Colon', 'a: b']),
  );
  assert.deepEqual(pairs, {
    names: ['content-type', 'x-empty', 'x-colon'],
    values: ['text/plain', '', 'a: b'],
  });
});

test('RFC 9113 §8.2.2: fields about the connection are left out', () => {
  const pairs = fieldPairs(
    fieldLines(['Upgrade', 'h2c'], ['TE', 'trailers'], ['X', 'y'], ['Keep-Alive', 'timeout=1']),
  );
  assert.deepEqual(pairs, { names: ['x'], values: ['y'] });
});

test('the same text is taken apart once, a long one each time', () => {
  const short = () => fieldLines(['X', 'remembered']);
  assert.equal(fieldPairs(short()), fieldPairs(short()));
  const long = () => fieldLines(['X', 'y'.repeat(4_096)]);
  assert.notEqual(fieldPairs(long()), fieldPairs(long()));
  assert.deepEqual(fieldPairs(long()), fieldPairs(long()));
});

test('texts that share their place are told apart', () => {
  for (let i = 0; i < 200; i++) assert.deepEqual(fieldPairs(fieldLines(['X', `v${i}`])).values, [`v${i}`]);
  assert.deepEqual(fieldPairs(fieldLines()), { names: [], values: [] });
});
