import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOP_BY_HOP } from '../../src/semantics/connection/hop-by-hop.ts';
import { FieldLines } from '../../src/semantics/field-lines.ts';
import { FIELD_OCTET, TCHAR } from '../http1/grammar.ts';
import { withoutStacks } from '../support/without-stacks.ts';

/** It throws, and nothing of it is left. */
function assertRefused(name: string, value: string): void {
  const fields = new FieldLines();
  fields.add('A', 'b');
  const before = { ...fields };
  assert.throws(() => fields.add(name, value), TypeError, JSON.stringify([name, value]));
  assert.deepEqual({ ...fields }, before, JSON.stringify([name, value]));
}

/** The lines that come of these fields. */
function linesFor(...given: [name: string, value: string][]): string {
  const fields = new FieldLines();
  for (const [name, value] of given) fields.add(name, value);
  return fields.lines;
}

test('RFC 9112 §5: field lines are sent in the order, the case and the number given', () => {
  const given: [string, string][] = [
    ['Set-Cookie', 'a=b'],
    ['x-Y', ''],
    ['set-cookie', 'c=d, e'],
  ];
  assert.equal(linesFor(...given), 'Set-Cookie: a=b\r\nx-Y: \r\nset-cookie: c=d, e\r\n');
});

test('RFC 9110 §5.5: of all code units, HTAB, SP, VCHAR and obs-text can be sent in a field value, others throw', () =>
  withoutStacks(() => {
    for (let code = 0; code <= 0xffff; code++) {
      const character = String.fromCharCode(code);
      if (FIELD_OCTET.test(character)) {
        assert.equal(linesFor(['X', `a${character}b`]), `X: a${character}b\r\n`);
        continue;
      }
      assertRefused('X', `a${character}b`);
      if (code < 0x300)
        for (const value of [character, `${character}a`, `a${character}`]) assertRefused('X', value);
    }
  }));

test('RFC 9110 §5.1: of all code units, tchars make up a field name, others throw', () =>
  withoutStacks(() => {
    for (let code = 0; code <= 0xffff; code++) {
      const character = String.fromCharCode(code);
      if (TCHAR.test(character)) assert.equal(linesFor([`X${character}`, 'a']), `X${character}: a\r\n`);
      else assertRefused(`X${character}`, 'a');
    }
    assertRefused('', 'a');
  }));

test('RFC 9112 §11.1: a response is not split by a CR, an LF, a NUL, or what writing as latin1 would turn into them', () => {
  for (const split of [
    '\r\nSet-Cookie: a',
    '\nA: b',
    '\rA: b',
    '\0',
    '\u010d\u010aA: b',
    '\u0a0d',
    '\ud83d\ude00',
    '\u2028',
  ]) {
    assertRefused('X', `a${split}`);
    assertRefused(`X${split}`, 'a');
    assertRefused('Content-Type', `text/html${split}`);
    assertRefused('Connection', `close${split}`);
    assertRefused('Content-Length', `5${split}`);
    assertRefused('Transfer-Encoding', `chunked${split}`);
    assertRefused('Date', split);
  }
});

test('RFC 9110 §7.6.1: fields about another hop are dropped, in any case', () => {
  for (const name of HOP_BY_HOP) {
    if (name === 'upgrade') continue;
    for (const spelt of [name, name.toUpperCase(), `${name[0]!.toUpperCase()}${name.slice(1)}`]) {
      const fields = new FieldLines();
      fields.add(spelt, 'x');
      assert.deepEqual({ ...fields }, { ...new FieldLines() }, spelt);
    }
  }
});

test('RFC 9110 §8.6: a Content-Length is kept apart, to be written with the framing', () => {
  for (const [value, length] of [
    ['5', 5],
    ['0', 0],
    [' 007\t', 7],
    ['9007199254740991', 9007199254740991],
  ] as const) {
    const fields = new FieldLines();
    fields.add('content-LENGTH', value);
    assert.deepEqual([fields.contentLength, fields.lines], [length, '']);
    fields.add('Content-Length', value);
    assert.equal(fields.contentLength, length);
  }
});

test('RFC 9110 §8.6: a Content-Length that is not one decimal number throws', () => {
  for (const value of [
    '',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x5',
    '5, 5',
    '5 5',
    'NaN',
    '9007199254740992',
    '\xa05',
  ]) {
    assertRefused('Content-Length', value);
  }
  const fields = new FieldLines();
  fields.add('Content-Length', '5');
  assert.throws(() => fields.add('content-length', '6'), TypeError);
  assert.equal(fields.contentLength, 5);
});

test('RFC 9112 §9.6: close among the connection options is noticed, in any case and line', () => {
  for (const [values, closes] of [
    [['close'], true],
    [[' Close\t'], true],
    [['keep-alive, CLOSE'], true],
    [['keep-alive', 'close'], true],
    [['close', 'keep-alive'], true],
    [['keep-alive'], false],
    [['closed'], false],
    [['"close"'], false],
    [[''], false],
  ] as const) {
    const fields = new FieldLines();
    for (const value of values) fields.add('Connection', value);
    assert.deepEqual([fields.closes, fields.lines], [closes, ''], values.join());
  }
});

test('RFC 9110 §6.6.1: Date, Content-Type and Upgrade are noticed in any case, and sent', () => {
  const noticed: [name: string, notice: Partial<FieldLines>][] = [
    ['Date', { hasDate: true }],
    ['Content-Type', { contentType: 'x' }],
    ['Upgrade', { hasUpgrade: true }],
  ];
  for (const [name, notice] of noticed) {
    for (const spelt of [name, name.toLowerCase(), name.toUpperCase()]) {
      const fields = new FieldLines();
      fields.add(spelt, 'x');
      assert.deepEqual({ ...fields }, { ...new FieldLines(), lines: `${spelt}: x\r\n`, ...notice });
    }
  }
});

test('RFC 9113 §8.2.1: the section has names in lower case, values without white space around them, and their order', () => {
  const fields = new FieldLines();
  fields.add('X-B', ' \tb c\t ');
  fields.add('Set-Cookie', 'a=b');
  fields.add('x-a', '');
  fields.add('SET-COOKIE', 'c=d: e');
  const { names, values } = fields.section;
  assert.deepEqual(names, ['x-b', 'set-cookie', 'x-a', 'set-cookie']);
  assert.deepEqual(values, ['b c', 'a=b', '', 'c=d: e']);
});

test('RFC 9113 §8.2.2: the section has no field about a hop, and no Content-Length, which the encoder writes', () => {
  const fields = new FieldLines();
  for (const name of [...HOP_BY_HOP, 'Content-Length']) fields.add(name, '5');
  fields.add('Date', 'now');
  assert.deepEqual(fields.section.names, ['date']);
  assert.deepEqual(new FieldLines().section.names, []);
});

test('equal lines share one section, and other lines of the same length have another', () => {
  const sectionFor = (value: string) => {
    const fields = new FieldLines();
    fields.add('X', value);
    return fields.section;
  };
  assert.equal(sectionFor('a'), sectionFor('a'));
  assert.deepEqual(sectionFor('b').values, ['b']);
  assert.deepEqual(sectionFor('a').values, ['a']);
  // `X: ` and CRLF are 5 of at most 4,096 octets.
  for (const [length, isShared] of [
    [4_091, true],
    [4_092, false],
  ] as const) {
    const [one, other] = [sectionFor('a'.repeat(length)), sectionFor('a'.repeat(length))];
    assert.equal(one === other, isShared, `${length}`);
  }
});

test('RFC 9110 §5.1: names are checked however many there have been', () => {
  for (let i = 0; i < 1_100; i++) {
    assert.equal(linesFor([`Name-${i}`, 'a']), `Name-${i}: a\r\n`);
    assert.equal(linesFor([`Name-${i}`, 'b']), `Name-${i}: b\r\n`);
  }
  for (let i = 0; i < 2; i++) assertRefused('Name 1100', 'a');
  for (const name of ['__proto__', 'constructor', 'toString'])
    assert.equal(linesFor([name, 'a']), `${name}: a\r\n`);
});
