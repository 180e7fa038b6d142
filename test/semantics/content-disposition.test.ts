import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contentDisposition } from '../../src/semantics/content-disposition.ts';
import { isFieldValue } from '../../src/semantics/field-syntax.ts';
import { RUNS } from '../property/arbitraries.ts';

const cases: [title: string, fileName: string, parameters: string][] = [
  ['RFC 6266 §4.1: a name is optional', '', ''],
  ['RFC 6266 §4.3: a plain name is in quotes', 'report.pdf', '; filename="report.pdf"'],
  [
    'RFC 6266 §4.3: a plain name may hold blanks and separators',
    'a b;c=d,e.txt',
    '; filename="a b;c=d,e.txt"',
  ],
  [
    'RFC 6266 appendix D: other than ASCII is in filename*',
    'naïve.txt',
    `; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt`,
  ],
  [
    'RFC 8187 §3.2.1: filename* is in UTF-8',
    '€ rates',
    `; filename="_ rates"; filename*=UTF-8''%E2%82%AC%20rates`,
  ],
  [
    'RFC 8187 §3.2.1: also outside of the basic plane',
    '\u{1f600}.png',
    `; filename="_.png"; filename*=UTF-8''%F0%9F%98%80.png`,
  ],
  [
    'RFC 6266 appendix D: no escapes: a quote',
    'say "hi"',
    `; filename="say _hi_"; filename*=UTF-8''say%20%22hi%22`,
  ],
  ['RFC 6266 appendix D: no escapes: a backslash', 'a\\b', `; filename="a_b"; filename*=UTF-8''a%5Cb`],
  [
    'RFC 6266 appendix D: nothing that looks percent-encoded',
    'a%41b',
    `; filename="a_41b"; filename*=UTF-8''a%2541b`,
  ],
  ['RFC 6266 appendix D: a percent sign alone is plain', '100%.txt', '; filename="100%.txt"'],
  [
    'RFC 8187 §3.2.1: what attr-char lacks is encoded',
    "é'()*",
    `; filename="_'()*"; filename*=UTF-8''%C3%A9%27%28%29%2A`,
  ],
  [
    'RFC 6266 §4.3: control characters are replaced',
    'a\r\nSet-Cookie: b\u007f\u0085',
    '; filename="a__Set-Cookie: b__"',
  ],
  [
    'RFC 8187 §3.2.1: half a character is replaced',
    '\ud83d.txt',
    `; filename="_.txt"; filename*=UTF-8''%EF%BF%BD.txt`,
  ],
];

for (const [title, fileName, parameters] of cases) {
  test(`${title}: ${JSON.stringify(fileName)}`, () => {
    assert.equal(contentDisposition('attachment', fileName), `attachment${parameters}`);
    assert.equal(contentDisposition('inline', fileName), `inline${parameters}`);
  });
}

test('property: any name makes a field value in the grammar, and is read back', () => {
  const plain = String.raw`filename="[\x20\x21\x23-\x5b\x5d-\x7e]*"`;
  const extended = String.raw`filename\*=UTF-8''(?<name>(?:%[0-9A-F]{2}|[A-Za-z0-9!#$&+\-.^_\x60|~])+)`;
  const grammar = new RegExp(`^attachment; ${plain}(?:; ${extended})?$`);
  const holds = fc.property(fc.string({ unit: 'binary', minLength: 1 }), (fileName) => {
    const value = contentDisposition('attachment', fileName);
    assert.ok(isFieldValue(value));
    const match = grammar.exec(value);
    assert.ok(match, value);
    const read = match.groups?.['name'] ? decodeURIComponent(match.groups['name']) : value.slice(22, -1);
    assert.equal(read, fileName.replace(/\p{Surrogate}/gu, '\ufffd').replace(/\p{Control}/gu, '_'));
  });
  fc.assert(holds, RUNS);
});
