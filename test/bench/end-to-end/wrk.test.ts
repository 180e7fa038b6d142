import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFailures, parseReport } from '../../../bench/end-to-end/wrk.ts';

const NO_ERRORS = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };

const OUTPUT = `Running 4s test @ http://127.0.0.1:20001/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   293.31us  113.73us   2.35ms   91.22%
  480000 requests in 4.00s, 59.05MB read
Requests/sec: 120000.00
Transfer/sec:     14.71MB
{"requests":480000,"octets":61920000,"microseconds":4000000,"p50":520,"p99":1250,"errors":{"connect":0,"read":0,"write":0,"timeout":0,"status":0}}
`;

test('the line of JSON is found in the output of wrk; times become seconds and milliseconds', () => {
  assert.deepEqual(parseReport(OUTPUT), {
    requests: 480_000,
    octets: 61_920_000,
    seconds: 4,
    p50: 0.52,
    p99: 1.25,
    errors: NO_ERRORS,
  });
});

test('output without a report is an error that shows it', () => {
  assert.throws(() => parseReport('unable to connect to 127.0.0.1:20001'), /only: unable to connect/);
});

test('each kind of error under load is reported by its name', () => {
  const report = parseReport(OUTPUT);
  assert.deepEqual(loadFailures(report), []);
  assert.deepEqual(loadFailures({ ...report, errors: { ...NO_ERRORS, status: 3, timeout: 1 } }), [
    '3 answers that are not 2xx',
    '1 socket errors (timeout)',
  ]);
  assert.deepEqual(loadFailures({ ...report, requests: 0 }), ['not a single answer']);
});
