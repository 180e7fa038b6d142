import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseH2load } from '../../../bench/end-to-end/h2load.ts';
import { parseHandshakes } from '../../../bench/end-to-end/handshakes.ts';
import { loadFailures } from '../../../bench/end-to-end/wrk.ts';

const H2LOAD = `starting benchmark...
progress: 100% done

finished in 3.65s, 27406.42 req/s, 1.02MB/s
requests: 100000 total, 100000 started, 100000 done, 100000 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 100000 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 3.72MB (3902868) total, 783.10KB (801892) headers (space savings 91.56%), 1.24MB (1300000) data
`;

test('the summary of h2load is read', () => {
  const report = parseH2load(H2LOAD);
  assert.equal(report.requests, 100_000);
  assert.equal(report.seconds, 3.65);
  assert.equal(report.octets, 3_902_868);
  assert.deepEqual(loadFailures(report), []);
  assert.equal(parseH2load(H2LOAD.replace('3.65s', '500.00ms')).seconds, 0.5);
});

test('errors of h2load and other status codes make a sample invalid', () => {
  const failed = H2LOAD.replace(
    '100000 succeeded, 0 failed, 0 errored',
    '99000 succeeded, 400 failed, 600 errored',
  );
  assert.equal(parseH2load(failed).errors.read, 600);
  const status = H2LOAD.replace('100000 2xx, 0 3xx, 0 4xx', '99990 2xx, 0 3xx, 10 4xx');
  assert.deepEqual(loadFailures(parseH2load(status)), ['10 answers that are not 2xx']);
  assert.throws(() => parseH2load('connection refused'), /h2load printed no report/);
});

const handshakes = (letters: string, connections: number) =>
  `Collecting connection statistics for 2 seconds\n${letters}\n\n${connections} connections in 0.29s; 772.41 connections/user sec, bytes read 33152\n${connections} connections in 3 real seconds, 148 bytes read per connection\n`;

test('handshakes are counted, and must be full or resumed as the case says', () => {
  const full = parseHandshakes(handshakes('*'.repeat(224), 224), false);
  assert.deepEqual([full.requests, full.seconds, full.octets], [224, 3, 224 * 148]);
  assert.deepEqual(loadFailures(full), []);
  assert.deepEqual(loadFailures(parseHandshakes(handshakes('r'.repeat(224), 224), true)), []);
  assert.deepEqual(loadFailures(parseHandshakes(handshakes('*'.repeat(224), 224), true)), [
    '223 socket errors (connect)',
  ]);
  assert.throws(() => parseHandshakes('connect:errno=111', false), /s_time printed no report/);
});
