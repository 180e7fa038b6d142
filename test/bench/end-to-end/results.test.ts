import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { merge, readResults } from '../../../bench/end-to-end/results.ts';
import { caseResult, results, samples } from './results.ts';

const one = caseResult(samples('serval@node24', 'cpu', [1]));
const two = caseResult(samples('serval@node24', 'cpu', [2]));

test('a case that was measured again replaces its former result; the others remain', () => {
  const merged = merge(results({ json: one, hello: one }), results({ json: two }), ['hello', 'json', 'idle']);
  assert.deepEqual(Object.keys(merged.cases), ['hello', 'json']);
  assert.equal(merged.cases['json'], two);
  assert.equal(merged.cases['hello'], one);
});

test('an unknown case is dropped', () => {
  assert.deepEqual(Object.keys(merge(results({ gone: one }), results({ json: two }), ['json']).cases), [
    'json',
  ]);
});

test('without a file there are no results; a file of another format is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'serval-results-'));
  try {
    const file = join(folder, 'latest.json');
    assert.deepEqual(readResults(file), { format: 1, cases: {} });
    writeFileSync(file, JSON.stringify(results({ json: one })));
    assert.deepEqual(readResults(file), results({ json: one }));
    writeFileSync(file, '{"format":2}');
    assert.throws(() => readResults(file), /has format 2/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
