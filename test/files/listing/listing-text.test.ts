import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf, humanSize, isoDate, visibleName } from '../../../src/files/listing/listing-text.ts';

describe('humanSize', () => {
  const sizes: [octets: number, text: string][] = [
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1049, '1.0 kB'],
    [9949, '9.9 kB'],
    [9950, '10 kB'],
    [12_345, '12 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [123_456_789, '123 MB'],
    [2 ** 30, '1.1 GB'],
    [2 ** 40, '1.1 TB'],
    [Number.MAX_SAFE_INTEGER, '9.0 PB'],
  ];
  for (const [octets, text] of sizes) {
    test(`${octets} octets are ${text}`, () => assert.equal(humanSize(octets), text));
  }
});

test('countOf groups digits, and knows one from many', () => {
  assert.equal(countOf(1, 'file', 'files'), '1 file');
  assert.equal(countOf(0, 'file', 'files'), '0 files');
  assert.equal(countOf(1_234_567, 'octet', 'octets'), '1,234,567 octets');
});

test('isoDate knows no date beyond what JavaScript has', () => {
  assert.equal(isoDate(784_111_777_000), '1994-11-06T08:49:37.000Z');
  assert.equal(isoDate(-1), '1969-12-31T23:59:59.999Z');
  assert.equal(isoDate(9e15), undefined);
  assert.equal(isoDate(Number.NaN), undefined);
});

describe('visibleName', () => {
  const names: Record<string, string> = {
    'a.txt': 'a.txt',
    '<b>&"\'': '&lt;b&gt;&amp;&quot;&#39;',
    'evil\u202egpj.exe': 'evil<i>U+202E</i>gpj.exe',
    '\u2066a\u2069': '<i>U+2066</i>a<i>U+2069</i>',
    'a\u200bb': 'a<i>U+200B</i>b',
    'a\nb': 'a<i>U+000A</i>b',
    'a\u0085b': 'a<i>U+0085</i>b',
    '\ufeffa': '<i>U+FEFF</i>a',
    // Joiners are how families and Persian words are written.
    '👩‍👧.png': '👩‍👧.png',
    می‌خواهم: 'می‌خواهم',
    שלום: 'שלום',
  };
  for (const [name, shown] of Object.entries(names)) {
    test(`${JSON.stringify(name)} is shown as ${shown}`, () => {
      assert.equal(visibleName(name).text, `<bdi>${shown}</bdi>`);
    });
  }
});
