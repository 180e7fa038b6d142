import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eachOf, Gate, sortInTurns, Turns } from '../../src/files/turns.ts';
import { assertNoStall } from './no-stall.ts';

/** Numbers that look random and are the same each time. */
function* shuffled(length: number): Generator<number> {
  for (let i = 0; i < length; i++) yield (i * 7919 + 13) % 104_729;
}

describe('sortInTurns', () => {
  for (const length of [0, 1, 2, 999, 1000, 1001, 2000, 2001, 5000, 12_345]) {
    test(`sorts ${length} items as sort() does`, async () => {
      const items = [...shuffled(length)];
      const compare = (a: number, b: number) => a - b;
      assert.deepEqual(await sortInTurns(items, compare, new Turns()), items.toSorted(compare));
      assert.deepEqual(items, [...shuffled(length)], 'and leaves the original alone');
    });
  }

  test('leaves equals in their order', async () => {
    const items = [...shuffled(7000)].map((number, at) => ({ key: number % 10, at }));
    const sorted = await sortInTurns(items, (a, b) => a.key - b.key, new Turns());
    for (let i = 1; i < sorted.length; i++) {
      const [before, here] = [sorted[i - 1]!, sorted[i]!];
      assert.ok(before.key < here.key || (before.key === here.key && before.at < here.at));
    }
  });

  test('lets others work, several sorts at once too', async () => {
    const items = [...shuffled(50_000)].map(String);
    const { compare } = new Intl.Collator('en', { numeric: true });
    await assertNoStall(() => Promise.all([1, 2, 3].map(() => sortInTurns(items, compare, new Turns()))));
    // The same eyes see it when somebody does not.
    await assert.rejects(
      assertNoStall(async () => items.toSorted(compare)),
      /in one go/,
    );
  });

  test('stops when nobody wants the result', async () => {
    const controller = new AbortController();
    const items = [...shuffled(100_000)].map(String);
    const { compare } = new Intl.Collator('en', { numeric: true });
    setImmediate(() => controller.abort(new Error('gone')));
    await assert.rejects(sortInTurns(items, compare, new Turns(controller.signal)), /gone/);
  });
});

describe('eachOf', () => {
  test('does at most so many at once, and all of them', async () => {
    let atOnce = 0;
    let most = 0;
    const done: number[] = [];
    await eachOf([...Array(50).keys()], 4, async (item) => {
      most = Math.max(most, ++atOnce);
      await sleep(item % 3);
      atOnce--;
      done.push(item);
    });
    assert.equal(most, 4);
    assert.deepEqual(
      done.sort((a, b) => a - b),
      [...Array(50).keys()],
    );
  });

  test('fails when one of them fails', async () => {
    await assert.rejects(
      eachOf([1, 2, 3], 2, async (item) => {
        if (item === 2) throw new Error('two');
      }),
      /two/,
    );
  });
});

describe('Gate', () => {
  test('lets the next one in when one has finished or failed', async () => {
    const gate = new Gate(2);
    let inside = 0;
    let most = 0;
    const results = await Promise.allSettled(
      [...Array(20).keys()].map((i) =>
        gate.pass(async () => {
          most = Math.max(most, ++inside);
          await sleep(1);
          inside--;
          if (i % 2 === 1) throw new Error('odd');
          return i;
        }),
      ),
    );
    assert.equal(most, 2);
    assert.equal(results.filter(({ status }) => status === 'rejected').length, 10);
    assert.equal(await gate.pass(async () => 'open again'), 'open again');
  });
});
