import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusLineScanner } from '../../../src/http1/head/status-line.ts';
import { DEFAULT_RESPONSE_LIMITS, type ResponseLimits } from '../../../src/http1/limits.ts';
import { NEED_OCTETS, REJECTED } from '../../../src/octets/results.ts';
import { eachSplit } from '../../support/each-split.ts';
import { FIELD_OCTET, OCTETS } from '../grammar.ts';
import { scanChunks } from '../incremental.ts';
import { limitedResponses } from '../incremental-responses.ts';

type Understood = readonly [status: number, reason: string, minor: number] | string | number;

function understood(chunks: readonly Uint8Array[], limits: ResponseLimits, length: number): Understood {
  const line = new StatusLineScanner(limits);
  const { outcome, text } = scanChunks(line, chunks);
  if (outcome === REJECTED) return line.rejection.reason;
  if (outcome === NEED_OCTETS) return NEED_OCTETS;
  assert.equal(outcome, length, 'the line ends at its CRLF');
  return [line.status, text.slice(line.reasonStart, line.reasonEnd), line.minor];
}

function assertUnderstood(raw: string, expected: Understood, limits = DEFAULT_RESPONSE_LIMITS): void {
  eachSplit(
    raw,
    (chunks) => assert.deepEqual(understood(chunks, limits, raw.length), expected, JSON.stringify(raw)),
    'X: y\r\n',
  );
}

test('RFC 9112 §4: a status-line is a version, a status code and a reason phrase', () => {
  assertUnderstood('HTTP/1.1 200 OK\r\n', [200, 'OK', 1]);
  assertUnderstood('HTTP/1.0 404 Not  Found\r\n', [404, 'Not  Found', 0]);
  assertUnderstood('HTTP/1.9 999 \r\n', [999, '', 9]);
  assertUnderstood('HTTP/1.1 100 \t\x80\xff\r\n', [100, '\t\x80\xff', 1]);
  assertUnderstood('HTTP/1.1 200\r\n', [200, '', 1]);
  assertUnderstood('HTTP/1.1 200\rX', 'BareCR');
  assertUnderstood('HTTP/1.1 200\n', 'StatusLineSyntax');
  assertUnderstood('HTTP/1.1 20\r\n', 'StatusLineSyntax');
});

test('RFC 9112 §4: a line that is not complete waits for more, whatever has come of it', () => {
  const line = 'HTTP/1.1 200 OK\r\n';
  for (let length = 1; length < line.length; length++)
    eachSplit(line.slice(0, length), (chunks) =>
      assert.equal(understood(chunks, DEFAULT_RESPONSE_LIMITS, 0), NEED_OCTETS),
    );
});

/** Which octet may stand at each place of this line. */
const LINE = 'HTTP/1.1 200 OK\r\n';
const ALLOWED: readonly RegExp[] = [
  ...[/^H$/, /^T$/, /^T$/, /^P$/, /^\/$/, /^1$/, /^\.$/, /^\d$/, /^ $/],
  ...[/^[1-9]$/, /^\d$/, /^\d$/, /^ $/, FIELD_OCTET, FIELD_OCTET, /^\r$/, /^\n$/],
];

test('RFC 9112 §4: every octet is held to the grammar at every place of the line', () => {
  for (let at = 0; at < LINE.length; at++) {
    for (const octet of OCTETS) {
      const raw = LINE.slice(0, at) + octet + LINE.slice(at + 1);
      // In place of the CR the phrase goes on, and what follows it is a bare LF; a CR in the phrase is bare.
      const accepted = ALLOWED[at]!.test(octet);
      assertSwept(raw, accepted);
    }
  }
});

function assertSwept(raw: string, accepted: boolean): void {
  const whole = understood(
    [Uint8Array.from(raw, (c) => c.charCodeAt(0))],
    DEFAULT_RESPONSE_LIMITS,
    raw.length,
  );
  const shown = `${JSON.stringify(raw)}: ${whole}`;
  assert.equal(typeof whole === 'object', accepted, shown);
  assert.notEqual(whole, NEED_OCTETS, shown);
}

test('RFC 9112 §2.2: a bare LF and a bare CR are told apart from other faults', () => {
  assertUnderstood('HTTP/1.1 200 OK\n', 'BareLF');
  assertUnderstood('HTTP/1.1 200 OK\rX', 'BareCR');
  assertUnderstood('HTTP/1.1 200 O\0\r\n', 'StatusLineSyntax');
});

test('RFC 9112 §4: the limit of a status-line counts all of it but its CRLF', () => {
  const limits = limitedResponses({ statusLine: 20 });
  assertUnderstood(`HTTP/1.1 200 ${'x'.repeat(7)}\r\n`, [200, 'xxxxxxx', 1], limits);
  assertUnderstood(`HTTP/1.1 200 ${'x'.repeat(8)}\r\n`, 'StatusLineTooLong', limits);
  assertUnderstood(`HTTP/1.1 200 ${'x'.repeat(800)}`, 'StatusLineTooLong', limits);
});

test('RFC 9112 §4: the default limit has room for any phrase that is registered, and an end', () => {
  const most = DEFAULT_RESPONSE_LIMITS.statusLine - 'HTTP/1.1 200 '.length;
  assertUnderstood(`HTTP/1.1 200 ${'x'.repeat(most)}\r\n`, [200, 'x'.repeat(most), 1]);
  assertUnderstood(`HTTP/1.1 200 ${'x'.repeat(most + 1)}\r\n`, 'StatusLineTooLong');
});
