import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ByteRange,
  contentRange,
  DEFAULT_RANGE_LIMITS,
  parseRange,
  type RangeLimits,
  unsatisfiedRange,
} from '../../src/semantics/ranges.ts';
import { RUNS } from '../property/arbitraries.ts';

const LENGTH = 10_000;
const HUGE = '9'.repeat(25);

/** `'0-499 9500-9999'` for what is sent, both ends included, as the field says them. */
function asked(value: string | null, length = LENGTH, limits?: RangeLimits): string {
  const result = parseRange(value, length, limits);
  if (result.kind !== 'ranges') return result.kind;
  return result.ranges.map(({ start, end }) => `${start}-${end - 1}`).join(' ');
}

const cases: [title: string, value: string | null, length: number, sent: string][] = [
  ['§14.2: no field is no range', null, LENGTH, 'whole'],

  ['§14.1.2: the first 500 octets', 'bytes=0-499', LENGTH, '0-499'],
  ['§14.1.2: the second 500 octets', 'bytes=500-999', LENGTH, '500-999'],
  ['§14.1.2: one octet', 'bytes=0-0', LENGTH, '0-0'],
  ['§14.1.2: the last octet', 'bytes=9999-9999', LENGTH, '9999-9999'],
  ['§14.1.2: all from an octet on', 'bytes=9500-', LENGTH, '9500-9999'],
  ['§14.1.2: all octets', 'bytes=0-', LENGTH, '0-9999'],
  ['§14.1.2: a last position beyond the end is the end', 'bytes=9999-10000', LENGTH, '9999-9999'],
  ['§14.1.2: a last position beyond the end is the end', `bytes=0-${HUGE}`, LENGTH, '0-9999'],
  ['§14.1.2: a first position at the end is unsatisfiable', 'bytes=10000-', LENGTH, 'unsatisfiable'],
  ['§14.1.2: a first position at the end is unsatisfiable', 'bytes=10000-10000', LENGTH, 'unsatisfiable'],
  ['§14.1.2: a first position beyond the end is unsatisfiable', `bytes=${HUGE}-`, LENGTH, 'unsatisfiable'],
  ['§14.1.2: leading zeros are digits', 'bytes=0000000000000000000000001-02', LENGTH, '1-2'],

  ['§14.1.2: the last 500 octets', 'bytes=-500', LENGTH, '9500-9999'],
  ['§14.1.2: the last octet', 'bytes=-1', LENGTH, '9999-9999'],
  ['§14.1.2: a suffix as long as the content is the whole', 'bytes=-10000', LENGTH, '0-9999'],
  ['§14.1.2: a suffix longer than the content is the whole', 'bytes=-10001', LENGTH, '0-9999'],
  ['§14.1.2: a suffix longer than the content is the whole', `bytes=-${HUGE}`, LENGTH, '0-9999'],
  ['§14.1.2: a suffix of no octets is unsatisfiable', 'bytes=-0', LENGTH, 'unsatisfiable'],
  ['§14.1.2: a suffix of no octets is unsatisfiable', 'bytes=-000', LENGTH, 'unsatisfiable'],

  ['§14.1.1: last before first is invalid', 'bytes=500-499', LENGTH, 'whole'],
  ['§14.1.1: last before first is invalid beyond the end too', 'bytes=20000-19999', LENGTH, 'whole'],
  ['§14.1.2: large numerals are compared exactly', `bytes=${HUGE}1-${HUGE}0`, LENGTH, 'whole'],
  ['§14.1.2: large numerals are compared exactly', `bytes=${HUGE}0-${HUGE}1`, LENGTH, 'unsatisfiable'],
  ['§14.1.2: large numerals are compared exactly', `bytes=${HUGE}-000${HUGE}`, LENGTH, 'unsatisfiable'],
  [
    '§14.1.2: more digits than a number holds overflow nothing',
    `bytes=0-${'9'.repeat(4_000)}`,
    LENGTH,
    '0-9999',
  ],

  ['§14.1: names of units are case-insensitive', 'Bytes=0-0', LENGTH, '0-0'],
  ['§14.1: names of units are case-insensitive', 'BYTES=-1', LENGTH, '9999-9999'],
  ['§14.2: another unit is ignored', 'octets=0-0', LENGTH, 'whole'],
  ['§14.2: another unit is ignored', 'items=20000-', LENGTH, 'whole'],
  ['§14.2: another unit is ignored', 'none=0-0', LENGTH, 'whole'],
  ['§14.1.1: no unit is invalid', '=0-0', LENGTH, 'whole'],
  ['§14.1.1: no unit is invalid', '0-0', LENGTH, 'whole'],
  ['§14.1.1: no "=" is invalid', 'bytes', LENGTH, 'whole'],
  ['§14.1.1: no "=" is invalid', 'bytes 0-0', LENGTH, 'whole'],
  ['§14.1.1: white space before "=" is invalid', 'bytes =0-0', LENGTH, 'whole'],
  ['§14.1.1: white space before the unit is invalid', ' bytes=0-0', LENGTH, 'whole'],
  ['§14.1.1: an empty set is invalid', 'bytes=', LENGTH, 'whole'],
  ['§14.1.1: an empty set is invalid', 'bytes=,', LENGTH, 'whole'],
  ['§14.1.1: an empty set is invalid', 'bytes= , ,', LENGTH, 'whole'],
  ['§14.1.1: a dash alone is invalid', 'bytes=-', LENGTH, 'whole'],
  ['§14.1.1: no dash is invalid', 'bytes=5', LENGTH, 'whole'],
  ['§14.1.1: two dashes are invalid', 'bytes=--5', LENGTH, 'whole'],
  ['§14.1.1: two dashes are invalid', 'bytes=1--5', LENGTH, 'whole'],
  ['§14.1.1: two dashes are invalid', 'bytes=0-1-', LENGTH, 'whole'],
  ['§14.1.1: positions are digits', 'bytes=a-b', LENGTH, 'whole'],
  ['§14.1.1: positions are digits', 'bytes=+1-2', LENGTH, 'whole'],
  ['§14.1.1: positions are digits', 'bytes=0x1-0x2', LENGTH, 'whole'],
  ['§14.1.1: positions are digits', 'bytes=1e1-2e1', LENGTH, 'whole'],
  ['§14.1.1: positions are digits', 'bytes=0-1.5', LENGTH, 'whole'],
  ['§14.1.1: positions are digits', 'bytes=\u0661-\u0662', LENGTH, 'whole'],
  ['§14.1.1: no white space is within a range', 'bytes=0 -0', LENGTH, 'whole'],
  ['§14.1.1: no white space is within a range', 'bytes=0- 0', LENGTH, 'whole'],
  ['§14.1.1: one invalid range makes the set invalid', 'bytes=0-0,x', LENGTH, 'whole'],
  ['§14.1.1: one invalid range makes the set invalid', 'bytes=0-0,5-4', LENGTH, 'whole'],
  ['§14.1.1: one invalid range makes the set invalid', 'bytes=0-0,bytes=5-5', LENGTH, 'whole'],
  ['§14.1.1: ranges are separated by commas', 'bytes=0-0 5-5', LENGTH, 'whole'],
  ['§14.1.1: ranges are separated by commas', 'bytes=0-0;5-5', LENGTH, 'whole'],

  ['§14.1.2: the first and the last octet', 'bytes=0-0,-1', LENGTH, '0-0 9999-9999'],
  [
    '§14.1.2: the first, middle and last 1000',
    'bytes= 0-999, 4500-5499, -1000',
    LENGTH,
    '0-999 4500-5499 9000-9999',
  ],
  ['§5.6.1.2: white space stands around commas', 'bytes=0-0\t ,\t 5-5', LENGTH, '0-0 5-5'],
  ['§5.6.1.2: empty members are ignored', 'bytes=,,0-0, ,5-5,', LENGTH, '0-0 5-5'],
  ['§14.1.1: one satisfiable range is enough', 'bytes=10000-,0-0', LENGTH, '0-0'],
  ['§14.1.1: one satisfiable range is enough', 'bytes=-0,0-0,20000-20001,5-5', LENGTH, '0-0 5-5'],
  ['§14.1.1: none satisfiable is unsatisfiable', 'bytes=-0,10000-,20000-20001', LENGTH, 'unsatisfiable'],

  ['§15.3.7.2: parts come in the order asked for', 'bytes=500-599,0-99,-1', LENGTH, '500-599 0-99 9999-9999'],
  ['§15.3.7.2: ranges that overlap are one', 'bytes=500-700,601-999', LENGTH, '500-999'],
  ['§15.3.7.2: ranges that overlap are one', 'bytes=601-999,500-700', LENGTH, '500-999'],
  ['§15.3.7.2: ranges that touch are one', 'bytes=500-600,601-999', LENGTH, '500-999'],
  ['§15.3.7.2: ranges with an octet between are two', 'bytes=500-600,602-999', LENGTH, '500-600 602-999'],
  ['§15.3.7.2: a range within another is gone', 'bytes=100-199,0-999', LENGTH, '0-999'],
  ['§15.3.7.2: the same range twice is one', 'bytes=0-0,0-0', LENGTH, '0-0'],
  [
    '§15.3.7.2: what is one stands where its first range was asked for',
    'bytes=900-999,50-99,700-799,0-49,100-149',
    LENGTH,
    '900-999 0-149 700-799',
  ],
  ['§15.3.7.2: a suffix and its own octets are one', 'bytes=9990-,-20', LENGTH, '9980-9999'],

  ['§14.2: of nothing there is no range', 'bytes=0-', 0, 'whole'],
  ['§14.2: of nothing there is no range', 'bytes=0-0', 0, 'whole'],
  ['§14.2: of nothing there is no range', 'bytes=-5', 0, 'whole'],
  ['§14.2: of nothing there is no range', 'bytes=-0', 0, 'whole'],
  ['§14.1.2: of one octet', 'bytes=-5', 1, '0-0'],
  ['§14.1.2: of one octet', 'bytes=1-', 1, 'unsatisfiable'],
  [
    '§14.1.2: of as much as numbers can count',
    `bytes=0-0,-1,${Number.MAX_SAFE_INTEGER - 3}-${Number.MAX_SAFE_INTEGER - 3}`,
    Number.MAX_SAFE_INTEGER,
    `0-0 ${Number.MAX_SAFE_INTEGER - 1}-${Number.MAX_SAFE_INTEGER - 1} ${Number.MAX_SAFE_INTEGER - 3}-${Number.MAX_SAFE_INTEGER - 3}`,
  ],
];

for (const [title, value, length, sent] of cases) {
  const short = value !== null && value.length > 60 ? `${value.slice(0, 60)}…` : value;
  test(`RFC 9110 ${title}: ${JSON.stringify(short)} of ${length} is ${sent}`, () => {
    assert.equal(asked(value, length), sent);
  });
}

const list = (count: number, spec: (n: number) => string): string =>
  `bytes=${Array.from({ length: count }, (_, n) => spec(n)).join(',')}`;

test('RFC 9110 §17.15: as many ranges as the limit says are sent, one more and the field is ignored', () => {
  const { maxRanges } = DEFAULT_RANGE_LIMITS;
  const apart = (n: number): string => `${2 * n}-${2 * n}`;
  const result = parseRange(list(maxRanges, apart), LENGTH);
  assert.equal(result.kind === 'ranges' && result.ranges.length, maxRanges);
  assert.equal(asked(list(maxRanges + 1, apart)), 'whole');
  assert.equal(asked(`${list(maxRanges, apart)}${','.repeat(500)}`).split(' ').length, maxRanges);
  assert.equal(asked(list(maxRanges + 1, () => '20000-')), 'whole');
});

test('RFC 9110 §17.15: as many overlapping ranges as the limit says become one, one more and the field is ignored', () => {
  const { maxOverlaps } = DEFAULT_RANGE_LIMITS;
  assert.equal(asked(list(maxOverlaps + 1, () => '0-')), '0-9999');
  assert.equal(asked(list(maxOverlaps + 2, () => '0-')), 'whole');
  // All within the first, and apart from each other.
  const within = (n: number): string => (n === 0 ? '0-999' : `${2 * n}-${2 * n}`);
  assert.equal(asked(list(maxOverlaps + 1, within)), '0-999');
  assert.equal(asked(list(maxOverlaps + 2, within)), 'whole');
  // Touching is not overlapping.
  assert.equal(asked(list(100, (n) => `${n}-${n}`)), '0-99');
});

test('RFC 9110 §17.15: as many ranges out of order as the limit says are sent, one more and the field is ignored', () => {
  const { maxReversals } = DEFAULT_RANGE_LIMITS;
  const backwards = (n: number): string => `${1000 - 2 * n}-${1000 - 2 * n}`;
  assert.equal(asked(list(maxReversals + 1, backwards)).split(' ').length, maxReversals + 1);
  assert.equal(asked(list(maxReversals + 2, backwards)), 'whole');
});

test('RFC 9110 §14.2: the limits can be set', () => {
  const limits = { maxRanges: 3, maxOverlaps: 0, maxReversals: 0 };
  assert.equal(asked('bytes=0-0,2-2,4-4', LENGTH, limits), '0-0 2-2 4-4');
  assert.equal(asked('bytes=0-0,2-2,4-4,6-6', LENGTH, limits), 'whole');
  assert.equal(asked('bytes=0-5,5-9', LENGTH, limits), 'whole');
  assert.equal(asked('bytes=5-5,0-0', LENGTH, limits), 'whole');
});

test('RFC 9110 §14.4: Content-Range has the last position included, and the complete length', () => {
  assert.equal(contentRange({ start: 42, end: 1234 }, 1234), 'bytes 42-1233/1234');
  assert.equal(contentRange({ start: 0, end: 1 }, 1), 'bytes 0-0/1');
  assert.equal(unsatisfiedRange(47022), 'bytes */47022');
});

test('property: what is sent is exactly what was asked for, each octet once', () => {
  const length = 60;
  const position = fc.integer({ min: 0, max: length + 5 });
  const spec = fc.oneof(
    fc.tuple(position, position).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    position.map((first) => [first, undefined] as const),
    position.map((suffix) => [undefined, suffix] as const),
  );
  const limits = { maxRanges: 12, maxOverlaps: 12, maxReversals: 12 };
  const holds = fc.property(fc.array(spec, { minLength: 1, maxLength: 12 }), (specs) => {
    const wanted = new Set<number>();
    for (const [first, last] of specs) {
      const from = first ?? Math.max(0, length - (last ?? 0));
      const to = first === undefined ? length - 1 : Math.min(last ?? length, length - 1);
      for (let octet = from; octet <= to; octet++) wanted.add(octet);
    }
    const result = parseRange(
      `bytes=${specs.map((s) => s.map((n) => n ?? '').join('-')).join(',')}`,
      length,
      limits,
    );
    assert.equal(result.kind, wanted.size === 0 ? 'unsatisfiable' : 'ranges');
    if (result.kind === 'ranges')
      assert.deepEqual(
        octetsOf(result.ranges),
        [...wanted].sort((a, b) => a - b),
      );
  });
  fc.assert(holds, RUNS);
});

test('property: no field makes anything but ranges within the content, apart from each other', () => {
  const piece = fc.constantFrom('bytes', '=', '-', ',', ' ', '0', '1', '25', HUGE, '\t', 'a', '=0-1,');
  const holds = fc.property(
    fc.array(piece, { maxLength: 20 }),
    fc.integer({ min: 0, max: 30 }),
    (pieces, length) => {
      const result = parseRange(`bytes=${pieces.join('')}`, length);
      if (result.kind !== 'ranges') return;
      assert.ok(result.ranges.length > 0);
      const inOrder = result.ranges.toSorted((a, b) => a.start - b.start);
      for (const [at, { start, end }] of inOrder.entries()) {
        assert.ok(start > (inOrder[at - 1]?.end ?? -1) && start < end && end <= length);
      }
    },
  );
  fc.assert(holds, RUNS);
});

/** @throws if an octet is in two ranges. */
function octetsOf(ranges: readonly ByteRange[]): number[] {
  const octets = new Set<number>();
  for (const { start, end } of ranges) {
    for (let octet = start; octet < end; octet++) {
      assert.ok(!octets.has(octet));
      octets.add(octet);
    }
  }
  return [...octets].sort((a, b) => a - b);
}
