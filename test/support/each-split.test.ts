import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVERY_CUT_UP_TO, eachSplit, latin1, type Split } from './each-split.ts';

function splitsOf(message: string, trailing?: string): { chunks: string[]; split: Split }[] {
  const seen: { chunks: string[]; split: Split }[] = [];
  eachSplit(
    message,
    (chunks, split) => {
      seen.push({ chunks: chunks.map((chunk) => String.fromCharCode(...chunk)), split });
    },
    trailing,
  );
  return seen;
}

test('eachSplit: feeds a short message whole, octet by octet and cut into two at every place', () => {
  assert.deepEqual(
    splitsOf('abc').map((seen) => seen.chunks),
    [['abc'], ['a', 'b', 'c'], ['a', 'bc'], ['ab', 'c']],
  );
});

test('eachSplit: repeats every split with the trailing octets behind it', () => {
  const withTrailing = splitsOf('ab', 'X').filter((seen) => seen.split.trailing.length > 0);
  assert.deepEqual(
    withTrailing.map((seen) => seen.chunks),
    [['abX'], ['ab', 'X'], ['a', 'b', 'X'], ['a', 'bX']],
  );
});

test('eachSplit: a long message is cut a bounded number of times, before and after every CR and LF', () => {
  const message = `${'x'.repeat(EVERY_CUT_UP_TO)}\r\n${'y'.repeat(5_000)}`;
  const seen = splitsOf(message);
  const cuts = seen.filter(({ chunks }) => chunks.length === 2).map(({ chunks }) => chunks[0]!.length);
  for (const cut of [EVERY_CUT_UP_TO, EVERY_CUT_UP_TO + 1, EVERY_CUT_UP_TO + 2]) {
    assert.ok(cuts.includes(cut), `no cut at ${cut}`);
  }
  assert.ok(seen.length < 400, `${seen.length} splits`);
  for (const { chunks } of seen) assert.equal(chunks.join(''), message);
});

test('eachSplit: a failing check says where the message was cut', () => {
  assert.throws(
    () => eachSplit('ab\r\n', (chunks) => assert.ok(chunks.length !== 2 || chunks[0]!.length !== 3)),
    /\[cut at 3: …"ab\\r" \| "\\n"…\]/,
  );
});

test('latin1: refuses a character that is not one octet', () => {
  assert.deepEqual([...latin1('\xe9')], [0xe9]);
  assert.throws(() => latin1('\u010d'), RangeError);
});
