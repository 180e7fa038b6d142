import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHttpDate, serializeHttpDate } from '../../src/semantics/http-date.ts';

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

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const EXAMPLE = 784111777000;

for (const [form, value] of [
  ['IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT'],
  ['RFC 850 date', 'Sunday, 06-Nov-94 08:49:37 GMT'],
  ['asctime() date', 'Sun Nov  6 08:49:37 1994'],
]) {
  test(`RFC 9110 §5.6.7: the ${form} is accepted`, () => {
    assert.equal(parseHttpDate(value!, NOW), EXAMPLE);
  });
}

test('RFC 9110 §5.6.7: every day of four centuries is read back as it was written', () => {
  for (let day = 0; day < 146_097; day++) {
    const seconds = Date.UTC(1800, 0, 1) / 1000 + day * (86_400 + 1_234);
    assert.equal(parseHttpDate(serializeHttpDate(seconds * 1000), NOW), seconds * 1000);
  }
});

const valid: [value: string, iso: string][] = [
  ['Thu, 01 Jan 1970 00:00:00 GMT', '1970-01-01T00:00:00Z'],
  ['Wed, 31 Dec 1969 23:59:59 GMT', '1969-12-31T23:59:59Z'],
  ['Sat, 01 Jan 0000 00:00:00 GMT', '0000-01-01T00:00:00Z'],
  ['Thu, 29 Feb 0096 23:59:59 GMT', '0096-02-29T23:59:59Z'],
  ['Fri, 31 Dec 9999 23:59:59 GMT', '9999-12-31T23:59:59Z'],
  ['Tue, 29 Feb 2000 00:00:00 GMT', '2000-02-29T00:00:00Z'],
  // The leap second at the end of 2016; Unix time has no name for it but the next second's.
  ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00Z'],
  // It was a Sunday.
  ['Mon, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['Sat Nov 16 08:49:37 2024', '2024-11-16T08:49:37Z'],
  ['Sat Nov 06 08:49:37 2024', '2024-11-06T08:49:37Z'],
];

for (const [value, iso] of valid) {
  test(`RFC 9110 §5.6.7: ${value} is ${iso}`, () => {
    assert.equal(parseHttpDate(value, NOW), Date.parse(iso));
  });
}

const centuries: [twoDigits: string, year: number][] = [
  ['Monday, 23-Nov-76 12:00:00 GMT', 2076],
  ['Tuesday, 23-Nov-76 12:00:01 GMT', 1976],
  ['Friday, 31-Dec-76 00:00:00 GMT', 1976],
  ['Saturday, 01-Jan-77 00:00:00 GMT', 1977],
  ['Monday, 23-Nov-26 12:00:00 GMT', 2026],
  ['Wednesday, 01-Jan-70 00:00:00 GMT', 2070],
  ['Friday, 31-Dec-99 23:59:59 GMT', 1999],
  ['Tuesday, 29-Feb-00 23:59:59 GMT', 2000],
];

for (const [value, year] of centuries) {
  test(`RFC 9110 §5.6.7: in November 2026, ${value} is in ${year}: what is more than 50 years ahead is past`, () => {
    const read = parseHttpDate(value, NOW);
    assert.equal(read === undefined ? undefined : new Date(read).getUTCFullYear(), year);
  });
}

test('RFC 9110 §5.6.7: a two-digit year near the end of a century can be in the next one', () => {
  const inNovember2095 = Date.UTC(2095, 10, 23);
  const read = (value: string): number =>
    new Date(parseHttpDate(value, inNovember2095) ?? Number.NaN).getUTCFullYear();
  assert.equal(read('Saturday, 01-Jan-00 00:00:00 GMT'), 2100);
  assert.equal(read('Saturday, 01-Jan-45 00:00:00 GMT'), 2145);
  assert.equal(read('Saturday, 01-Jan-46 00:00:00 GMT'), 2046);
});

const invalid = [
  '',
  '0',
  '784111777',
  '1994-11-06T08:49:37Z',
  'Sun, 06 Nov 1994 08:49:37',
  'Sun, 06 Nov 1994 08:49:37 UTC',
  'Sun, 06 Nov 1994 08:49:37 +0000',
  'Sun, 06 Nov 1994 08:49:37 gmt',
  'sun, 06 nov 1994 08:49:37 GMT',
  'SUN, 06 NOV 1994 08:49:37 GMT',
  'Xyz, 06 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nox 1994 08:49:37 GMT',
  'Sun, 6 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 94 08:49:37 GMT',
  'Sun, 06 Nov 19940 08:49:37 GMT',
  'Sun, 06  Nov 1994 08:49:37 GMT',
  'Sun 06 Nov 1994 08:49:37 GMT',
  ' Sun, 06 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 08:49:37 GMT ',
  'Sun, 06 Nov 1994 08:49:37 GMT\n',
  'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 08:49:37 GMT; length=1234',
  'Sun, 06 Nov 1994 24:00:00 GMT',
  'Sun, 06 Nov 1994 08:60:00 GMT',
  'Sun, 06 Nov 1994 08:49:61 GMT',
  'Sun, 00 Nov 1994 08:49:37 GMT',
  'Thu, 31 Nov 1994 08:49:37 GMT',
  'Sun, 99 Nov 1994 08:49:37 GMT',
  'Sat, 32 Dec 1994 08:49:37 GMT',
  'Mon, 29 Feb 1900 08:49:37 GMT',
  'Wed, 29 Feb 2023 08:49:37 GMT',
  'Sun, 06-Nov-94 08:49:37 GMT',
  'Sunday, 06-Nov-1994 08:49:37 GMT',
  'Sunday, 06 Nov 94 08:49:37 GMT',
  'Monday, 31-Feb-94 08:49:37 GMT',
  'Sun Nov 6 08:49:37 1994',
  'Sun Nov  6 08:49:37 1994 GMT',
  'Sun Nov  6 08:49:37 94',
  'Sunday Nov  6 08:49:37 1994',
  'Sun, \u0660\u0666 Nov 1994 08:49:37 GMT',
];

for (const value of invalid) {
  test(`RFC 9110 §5.6.7: ${JSON.stringify(value)} is not a date`, () => {
    assert.equal(parseHttpDate(value, NOW), undefined);
  });
}
