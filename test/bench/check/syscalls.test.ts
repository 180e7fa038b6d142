import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSummary } from '../../../bench/check/syscalls.ts';

const SUMMARY = `% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 61.22    0.003012           6       500           write
 30.01    0.001477           2       502         2 read
  8.77    0.000431           0       512           epoll_wait
  0.00    0.000000           0         1           futex
------ ----------- ----------- --------- --------- ----------------
100.00    0.004920           3      1515         2 total
`;

test('calls are read with and without a column of errors; the total is not a call', () => {
  assert.deepEqual(
    [...parseSummary(SUMMARY)],
    [
      ['write', 500],
      ['read', 502],
      ['epoll_wait', 512],
      ['futex', 1],
    ],
  );
});

test('an empty summary has no calls', () => {
  assert.equal(parseSummary('').size, 0);
});
