import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CONNECTION,
  CONTENT_LENGTH,
  EXPECT,
  FieldSectionScanner,
  HOST,
  TRANSFER_ENCODING,
  UPGRADE,
} from '../../../src/http1/head/field-section-scanner.ts';
import { unfold } from '../../../src/http1/head/obs-fold.ts';
import { REJECTIONS, type RejectionReason } from '../../../src/http1/rejections.ts';
import { NEED_OCTETS, REJECTED } from '../../../src/octets/results.ts';
import { FieldSection } from '../../../src/semantics/field-section.ts';
import { eachSplit } from '../../support/each-split.ts';
import { sweptFieldLines } from '../grammar.ts';
import { linesOf, scanChunks } from '../incremental.ts';

const LIMITS = { octets: 2_000, lines: 20, tooLarge: REJECTIONS.FieldSectionTooLarge };
/** What may stand behind a section: content, or the next request. */
const BEHIND = ' GET / HTTP/1.1\r\n';

/** `name: value` lines, or the status with which the section is refused. */
function assertUnderstood(raw: string, expected: string[] | number, limits = LIMITS): void {
  eachSplit(
    raw,
    (chunks) => {
      const scanner = new FieldSectionScanner(limits);
      const { outcome, text } = scanChunks(scanner, chunks);
      if (typeof expected === 'number') {
        assert.equal(outcome, REJECTED, `accepted: ${JSON.stringify(raw)}`);
        return assert.equal(scanner.rejection.status, expected, JSON.stringify(raw));
      }
      assert.equal(outcome, raw.length, `${outcome}: ${JSON.stringify(raw)}`);
      assert.deepEqual(linesOf(new FieldSection(text, text.indexOf(raw))), expected);
    },
    BEHIND,
  );
}

function assertRefused(raw: string, reason: RejectionReason, limits = LIMITS): void {
  eachSplit(
    raw,
    (chunks) => {
      const scanner = new FieldSectionScanner(limits);
      assert.equal(scanChunks(scanner, chunks).outcome, REJECTED, `accepted: ${JSON.stringify(raw)}`);
      assert.equal(
        scanner.rejection,
        REJECTIONS[reason],
        `${scanner.rejection.reason}: ${JSON.stringify(raw)}`,
      );
    },
    BEHIND,
  );
}

test('RFC 9112 §2.1: a field section is any number of field lines and an empty line', () => {
  assertUnderstood('\r\n', []);
  assertUnderstood('A: b\r\n\r\n', ['a: b']);
  assertUnderstood('A: b\r\nC: d\r\na: e\r\n\r\n', ['a: b', 'c: d', 'a: e']);
});

test('RFC 9112 §5: a section that is not complete waits for more', () => {
  const section = 'A: b\r\nC:\r\n\r\n';
  for (let length = 1; length < section.length; length++) {
    eachSplit(section.slice(0, length), (chunks) => {
      assert.equal(scanChunks(new FieldSectionScanner(LIMITS), chunks).outcome, NEED_OCTETS);
    });
  }
});

test('RFC 9112 §5.1: SP and HTAB around a field value are not part of it, other octets are', () => {
  assertUnderstood('X:v\r\n\r\n', ['x: v']);
  assertUnderstood('X: \t v \t w\t \r\n\r\n', ['x: v \t w']);
  assertUnderstood('X:\xa0v\x85\r\n\r\n', ['x: \xa0v\x85']);
});

test('RFC 9110 §5.5: a field value may be empty, and may hold colons', () => {
  assertUnderstood('X:\r\nY: \t\r\nZ: :\r\nW::a:b\r\n\r\n', ['x: ', 'y: ', 'z: :', 'w: :a:b']);
});

test('RFC 9110 §5.1: field names are case-insensitive, and mean nothing to JavaScript', () => {
  assertUnderstood('ACCEPT: a\r\naCCept: b\r\n\r\n', ['accept: a', 'accept: b']);
  assertUnderstood('__proto__: a\r\nconstructor: b\r\n0: c\r\n\r\n', [
    '__proto__: a',
    'constructor: b',
    '0: c',
  ]);
});

test('RFC 9110 §5.5: of all octets, each place of a field line takes those of the grammar', () => {
  for (const { line, field } of sweptFieldLines()) {
    assertUnderstood(`A: b\r\n${line}\r\n`, field === undefined ? 400 : ['a: b', field]);
  }
});

const refusals: { title: string; reason: RejectionReason; sections: string[] }[] = [
  {
    title: 'RFC 9112 §5.2: a line that begins with white space is no field line, the first one neither',
    reason: 'ObsoleteFolding',
    sections: [
      'A: b\r\n c\r\n\r\n',
      'A: b\r\n\tc\r\n\r\n',
      ' A: b\r\n\r\n',
      '\tA: b\r\n\r\n',
      'A:\r\n \r\n\r\n',
      ' \r\n\r\n',
    ],
  },
  {
    title: 'RFC 9112 §5.1: a field name is a token, and the colon follows at once',
    reason: 'FieldNameSyntax',
    sections: [
      'A : b\r\n\r\n',
      'A\t: b\r\n\r\n',
      ': b\r\n\r\n',
      'A\r\n\r\n',
      'A b: c\r\n\r\n',
      'A[]: b\r\n\r\n',
      '\xa0A: b\r\n\r\n',
    ],
  },
  {
    title: 'RFC 9112 §2.2: a bare LF ends no field line, and no section',
    reason: 'BareLF',
    sections: ['A: b\n\r\n', '\n', 'A: b\r\n\n', 'A:\n\r\n'],
  },
  {
    title: 'RFC 9112 §2.2: a CR in a field section is followed by an LF',
    reason: 'BareCR',
    sections: ['A: b\rc\r\n\r\n', 'A: b\r\r\n\r\n', '\r\r\n', 'A: b\r\n\rB: c\r\n\r\n', 'A: \r\0\n\r\n'],
  },
  {
    title: 'RFC 9110 §5.5: a control octet has no place in a field value',
    reason: 'FieldValueSyntax',
    sections: ['A: \0\r\n\r\n', 'A: b\x07\r\n\r\n', 'A: \x7fb\r\n\r\n', 'A: b\vc\r\n\r\n', 'A:\f\r\n\r\n'],
  },
];

for (const { title, reason, sections } of refusals) {
  test(title, () => {
    for (const section of sections) assertRefused(section, reason);
  });
}

test('RFC 9110 §5.4: a section of the limit is accepted, of one octet more it is too large', () => {
  for (const line of ['A: ', 'A:', `${'A'.repeat(8)}:`]) {
    const section = `${line.padEnd(LIMITS.octets - 4, 'b')}\r\n\r\n`;
    assert.equal(section.length, LIMITS.octets);
    assertUnderstood(section, [
      section.slice(0, -4).replace(/^A+:\s*/, (name) => `${name.trim().toLowerCase()} `),
    ]);
    assertRefused(section.replace('b', 'bb'), 'FieldSectionTooLarge');
  }
  assertRefused('a'.repeat(LIMITS.octets), 'FieldSectionTooLarge');
  assertUnderstood('\r\n', [], { ...LIMITS, octets: 2 });
  assertRefused('\r\n', 'FieldSectionTooLarge', { ...LIMITS, octets: 1 });
});

test('RFC 9110 §5.4: as many field lines as the limit are accepted, one more is too many', () => {
  const line = 'A: b\r\n';
  assertUnderstood(`${line.repeat(LIMITS.lines)}\r\n`, Array(LIMITS.lines).fill('a: b'));
  assertRefused(`${line.repeat(LIMITS.lines + 1)}\r\n`, 'TooManyFieldLines');
  assertUnderstood('\r\n', [], { ...LIMITS, lines: 0 });
});

const noted: [field: number, name: string][] = [
  [HOST, 'Host'],
  [CONTENT_LENGTH, 'Content-Length'],
  [TRANSFER_ENCODING, 'Transfer-Encoding'],
  [CONNECTION, 'Connection'],
  [EXPECT, 'Expect'],
  [UPGRADE, 'Upgrade'],
];

/** How often the field was noted, and the value of its last line. */
function assertNoted(field: number, raw: string, count: number, value: string): void {
  eachSplit(raw, (chunks) => {
    const scanner = new FieldSectionScanner(LIMITS);
    const { text } = scanChunks(scanner, chunks);
    assert.equal(scanner.noted[field], count, JSON.stringify(raw));
    const last = text.slice(scanner.notedStart[field], scanner.notedEnd[field]);
    if (count > 0) assert.equal(last, value, JSON.stringify(raw));
  });
}

test('RFC 9110 §5.1: the fields for framing and routing are noted in any case, each with its last value', () => {
  for (const [field, name] of noted) {
    assertNoted(field, `${name}: a b \r\n\r\n`, 1, 'a b');
    assertNoted(field, `A: b\r\n${name.toUpperCase()}:c\t\r\nD: e\r\n\r\n`, 1, 'c');
    assertNoted(field, `${name.toLowerCase()}: a\r\nB: c\r\n${name}:\r\n\r\n`, 2, '');
    assertNoted(field, `X: ${name}: a\r\n\r\n`, 0, '');
  }
});

test('RFC 9110 §5.1: a name that differs from a noted one in a single bit other than case is another field', () => {
  for (const [field, name] of noted) {
    for (let at = 0; at < name.length; at++) {
      for (let bit = 1; bit < 256; bit <<= 1) {
        const other = name.slice(0, at) + String.fromCharCode(name.charCodeAt(at) ^ bit) + name.slice(at + 1);
        const isSame = other.toLowerCase() === name.toLowerCase();
        assertNoted(field, `${other}: a\r\n\r\n`, isSame ? 1 : 0, 'a');
      }
    }
    for (const other of [`${name}s`, name.slice(1), `X-${name}`, `${name}-`]) {
      assertNoted(field, `${other}: a\r\n\r\n`, 0, '');
    }
  }
});

const FOLDING = { ...LIMITS, allowsFolding: true };

test('RFC 9112 §5.2: where folding is allowed, a line that begins with white space continues the field before', () => {
  for (const [raw, lines] of [
    ['A: b\r\n c\r\n\r\n', ['a: b   c']],
    ['A: b\r\n\tc\r\n d\r\nE: f\r\n\r\n', ['a: b   c   d', 'e: f']],
    ['A:\r\n b\r\n\r\n', ['a: b']],
    ['A: b\r\n \r\n\r\n', ['a: b']],
    ['A: b\r\n C: d\r\n\r\n', ['a: b   C: d']],
  ] as const) {
    eachSplit(
      raw,
      (chunks) => {
        const scanner = new FieldSectionScanner(FOLDING);
        const { outcome, text } = scanChunks(scanner, chunks);
        assert.equal(outcome, raw.length, JSON.stringify(raw));
        assert.equal(scanner.hasFolds, true);
        assert.deepEqual(linesOf(new FieldSection(unfold(text), text.indexOf(raw))), lines);
      },
      'BEHIND',
    );
  }
  for (const raw of [' A: b\r\n\r\n', '\tA: b\r\n\r\n', ' \r\n\r\n'])
    assertRefused(raw, 'ObsoleteFolding', FOLDING);
  assertRefused('A: b\r\n c\n\r\n', 'BareLF', FOLDING);
  assertRefused('A: b\r\n c\0\r\n\r\n', 'FieldValueSyntax', FOLDING);
});

test('RFC 9112 §5.2: a folded field is noted once, with all of its value', () => {
  for (const [field, name] of noted) {
    for (const [raw, count, value] of [
      [`${name}: a\r\n b\r\nX: y\r\n\r\n`, 1, 'a\r\n b'],
      [`${name}:\r\n \tb\r\n\r\n`, 1, 'b'],
      [`${name}: a\r\n${name}: b\r\n\tc\r\n\r\n`, 2, 'b\r\n\tc'],
      [`X: y\r\n ${name}: a\r\n\r\n`, 0, ''],
    ] as const) {
      eachSplit(raw, (chunks) => {
        const scanner = new FieldSectionScanner(FOLDING);
        const { text } = scanChunks(scanner, chunks);
        assert.equal(scanner.noted[field], count, JSON.stringify(raw));
        if (count > 0) assert.equal(text.slice(scanner.notedStart[field], scanner.notedEnd[field]), value);
      });
    }
  }
});

test('RFC 9112 §2.2: a scanner that begins again has forgotten the section before', () => {
  const scanner = new FieldSectionScanner(LIMITS);
  eachSplit(`${'Host: a\r\n'.repeat(LIMITS.lines)}\r\n`, (chunks) => {
    scanChunks(scanner, chunks);
    assert.equal(scanner.noted[HOST], LIMITS.lines);
  });
  eachSplit('A: b\r\n\r\n', (chunks) => {
    assert.equal(scanChunks(scanner, chunks).outcome, 8);
    assert.equal(scanner.noted[HOST], 0);
  });
});

test('RFC 9110 §5.3: the lines of one field are one value, joined by a comma in the order received', () => {
  const section = new FieldSection('A: 1\r\nB: 2\r\na:\r\nA: 3, 4\r\n\r\n');
  assert.equal(section.get('a'), '1, , 3, 4');
  assert.equal(section.get('b'), '2');
  assert.equal(section.get('c'), null);
  assert.equal(section.get('__proto__'), null);
});

test('RFC 9110 §6.5.1: fields can be left out of a section, which stays as it was', () => {
  const section = new FieldSection('A: 1\r\nB: 2\r\nC: \xe9\r\na: 3\r\n\r\n');
  assert.deepEqual(linesOf(section.filter((name) => name !== 'a')), ['b: 2', 'c: \xe9']);
  assert.deepEqual(linesOf(section), ['a: 1', 'b: 2', 'c: \xe9', 'a: 3']);
  assert.deepEqual(linesOf(section.filter(() => false)), []);
});
