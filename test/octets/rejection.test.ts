import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rejection, rejectionRow, rejectionsOf } from '../../src/octets/rejection.ts';

const TABLE = rejectionsOf({
  TooLarge: rejectionRow(413, 'RFC 9110 §15.5.14', 'The content is too large.'),
  Incomplete: rejectionRow(400, 'RFC 9112 §8', 'The request is not complete.'),
});

test('a table of rejections has one for each row, under its reason', () => {
  assert.deepEqual(Object.keys(TABLE), ['TooLarge', 'Incomplete']);
  assert.deepEqual(
    { ...TABLE.TooLarge },
    {
      reason: 'TooLarge',
      status: 413,
      section: 'RFC 9110 §15.5.14',
      sentence: 'The content is too large.',
    },
  );
  for (const rejection of Object.values(TABLE)) assert.ok(rejection instanceof Rejection, rejection.reason);
});

test('neither a rejection nor a table of them can be changed', () => {
  assert.throws(() => Object.assign(TABLE.TooLarge, { status: 200 }), TypeError);
  assert.throws(() => Object.assign(TABLE, { TooLarge: TABLE.Incomplete }), TypeError);
  assert.equal(TABLE.TooLarge.status, 413);
});
