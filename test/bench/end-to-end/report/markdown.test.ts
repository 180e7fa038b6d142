import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, markdown } from '../../../../bench/end-to-end/report/markdown.ts';
import type { Target } from '../../../../bench/end-to-end/targets.ts';
import { caseResult, results, samples } from '../results.ts';

const TARGET: Target = {
  case: 'hello',
  figure: 'cpu',
  ours: 'serval@node24',
  theirs: 'bare@node24',
  atMost: 1.1,
};

const hello = (ours: readonly number[], theirs: readonly number[], more = {}) =>
  results({
    hello: caseResult([
      ...samples('serval@node24', 'cpu', ours, more),
      ...samples('bare@node24', 'cpu', theirs, more),
    ]),
  });

test('a target is met up to its bound, by the median of the rounds’ ratios', () => {
  assert.equal(judge(TARGET, hello([11, 11, 30], [10, 10, 10])).met, true);
  assert.equal(judge(TARGET, hello([11.1, 11.1, 9], [10, 10, 10])).met, false);
});

test('a bound from below is met from the bound on', () => {
  const target: Target = {
    case: 'hello',
    figure: 'cpu',
    ours: 'serval@node24',
    theirs: 'bare@node24',
    atLeast: 2,
  };
  assert.equal(judge(target, hello([20], [10])).met, true);
  assert.equal(judge(target, hello([19.9], [10])).met, false);
});

test('a target without another server applies to the figure itself', () => {
  const target: Target = { case: 'idle', figure: 'memory', ours: 'serval@node24', atMost: 7_000 };
  const idle = (octets: number) =>
    results({ idle: caseResult(samples('serval@node24', 'memory', [octets])) });
  assert.equal(judge(target, idle(7_000)).met, true);
  assert.equal(judge(target, idle(7_001)).met, false);
});

test('a target without a measurement is neither met nor missed', () => {
  assert.equal(judge(TARGET, results({})).met, undefined);
  assert.equal(judge(TARGET, results({})).why, 'not measured');
  const alone = results({ hello: caseResult(samples('serval@node24', 'cpu', [1])) });
  assert.equal(judge(TARGET, alone).why, 'bare@node24 was not measured');
});

test('invalid samples are ignored, and a target without a valid one has the reason', () => {
  const broken = hello([1], [10], { invalid: ['3 answers that are not 2xx'] });
  assert.equal(judge(TARGET, broken).met, undefined);
  assert.match(judge(TARGET, broken).why!, /invalid: 3 answers/);
});

test('a ratio is invalid when the load generator was full for both, and counts when it was for one', () => {
  assert.match(judge(TARGET, hello([11], [10], { loadBound: true })).why!, /full for both/);
  const one = results({
    hello: caseResult([
      ...samples('serval@node24', 'cpu', [11]),
      ...samples('bare@node24', 'cpu', [10], { loadBound: true }),
    ]),
  });
  assert.equal(judge(TARGET, one).met, true);
});

test('the page has the targets with their verdict, and a table for each case with its ratios', () => {
  const page = markdown(hello([9, 10, 11], [10, 10, 10]));
  assert.match(
    page,
    /\| hello \| Serval \(Node 24\) \| bare \(Node 24\) \| CPU a request \| ≤ 0.97 × \| 1.00 × \(0.90 – 1.10\) \| \*\*not met\*\* \|/,
  );
  assert.match(page, /\| Serval \(Node 24\) \| 10.00 µs \(9.00 – 11.00\) \|/);
  assert.match(page, /\| bare \(Node 24\) \| 10.00 µs \(10.00 – 10.00\) \| 1.00 × CPU \|/);
  assert.match(page, /Abacus, 2 cores, 4 GiB/);
});

test('all rows of a table have as many cells as its head', () => {
  const page = markdown(
    results({
      scale: caseResult([
        ...samples('serval@node24', 'cpu', [9], { point: 8 }),
        ...samples('serval@node24', 'cpu', [9], { point: 5_000 }),
        ...samples('bare@node24', 'rate', [10], { point: 8, invalid: ['1 socket errors (read)'] }),
      ]),
    }),
  );
  for (const block of page
    .trim()
    .split('\n\n')
    .filter((part) => part.startsWith('|'))) {
    const cells = block.split('\n').map((line) => line.split('|').length);
    assert.equal(new Set(cells).size, 1, block);
  }
  assert.match(page, /Serval \(Node 24\), 5,000/);
  assert.match(page, /1 of 1 rounds invalid: 1 socket errors \(read\)/);
});

test('a skipped contender is reported with the reason', () => {
  const page = markdown(
    results({
      hello: caseResult(samples('serval@node24', 'cpu', [1]), { failures: { caddy: 'it ended\n  | trace' } }),
    }),
  );
  assert.match(page, /- caddy was skipped: it ended\n/);
});
