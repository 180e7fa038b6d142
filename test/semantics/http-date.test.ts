import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serializeHttpDate } from '../../src/semantics/http-date.ts';

const DAY = 86_400_000;

test('RFC 9110 §5.6.7: the preferred form is an IMF-fixdate', () => {
  assert.equal(serializeHttpDate(784111777000), 'Sun, 06 Nov 1994 08:49:37 GMT');
  assert.equal(serializeHttpDate(0), 'Thu, 01 Jan 1970 00:00:00 GMT');
});

test('RFC 9110 §5.6.7: a date has whole seconds, a fraction is dropped', () => {
  assert.equal(serializeHttpDate(999), 'Thu, 01 Jan 1970 00:00:00 GMT');
  assert.equal(serializeHttpDate(59_999.9), 'Thu, 01 Jan 1970 00:00:59 GMT');
  assert.equal(serializeHttpDate(-1), 'Wed, 31 Dec 1969 23:59:59 GMT');
});

test('RFC 9110 §5.6.7: every day of four centuries is what Date.prototype.toUTCString says', () => {
  // The time of day moves on by a little more than a day's length each day, so that all of it is met.
  for (let day = 0; day < 146_097; day++) {
    const milliseconds = Date.UTC(1800, 0, 1) + day * (DAY + 1_234_567);
    assert.equal(serializeHttpDate(milliseconds), new Date(milliseconds).toUTCString());
  }
});

test('RFC 9110 §5.6.7: a year has four digits', () => {
  for (const year of ['0000', '0001', '0099', '0999', '9999']) {
    const date = new Date(`${year}-03-01T00:00:00Z`);
    assert.equal(serializeHttpDate(date.getTime()), date.toUTCString());
    assert.equal(serializeHttpDate(date.getTime()).slice(12, 16), year);
  }
});
