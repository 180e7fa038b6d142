import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldSectionScanner } from '../../../src/http1/head/field-section-scanner.ts';
import {
  type AnsweredRequest,
  type ResponseHead,
  readResponseHead,
} from '../../../src/http1/head/response-head.ts';
import { StatusLineScanner } from '../../../src/http1/head/status-line.ts';
import { DEFAULT_RESPONSE_LIMITS, type ResponseLimits } from '../../../src/http1/limits.ts';
import { REJECTIONS } from '../../../src/http1/rejections.ts';
import type { Rejection } from '../../../src/octets/rejection.ts';
import { CLOSE, KEEP_ALIVE } from '../../../src/semantics/connection/connection-options.ts';
import { latin1 } from '../../support/each-split.ts';
import { linesOf } from '../incremental.ts';
import { limitedResponses } from '../incremental-responses.ts';

const BEFORE = '@@@';
const GET: AnsweredRequest = { method: 'GET', offersUpgrade: false };

/** The head behind three octets of something else. */
function read(
  raw: string,
  request = GET,
  limits: ResponseLimits = DEFAULT_RESPONSE_LIMITS,
): ResponseHead | Rejection {
  const octets = latin1(BEFORE + raw);
  const line = new StatusLineScanner(limits);
  line.begin(BEFORE.length);
  const sectionStart = line.scan(octets, octets.length);
  const section = new FieldSectionScanner({
    octets: limits.fieldSection,
    lines: limits.fieldLines,
    tooLarge: REJECTIONS.FieldSectionTooLarge,
  });
  section.begin(sectionStart);
  const end = section.scan(octets, octets.length);
  assert.equal(end, octets.length, raw);
  return readResponseHead(raw, BEFORE.length, line, section, sectionStart, request, limits);
}

function understood(raw: string, request = GET): ResponseHead {
  const head = read(raw, request);
  assert.ok('framing' in head, `${(head as Rejection).reason}: ${raw}`);
  return head;
}

test('RFC 9112 §4, §5: a head is told with its parts, wherever it stands among the octets', () => {
  const raw = 'HTTP/1.0 404 Not Found\r\nX:  y \r\nSet-Cookie: a\r\nset-cookie: b\r\n\r\n';
  const head = understood(raw);
  assert.deepEqual([head.status, head.reason, head.minor, head.text], [404, 'Not Found', 0, raw]);
  assert.deepEqual(linesOf(head.fields), ['x: y', 'set-cookie: a', 'set-cookie: b']);
});

test('RFC 9110 §7.6.1: connection options count in any line and case', () => {
  const options = (lines: string) => understood(`HTTP/1.1 200 \r\n${lines}\r\n`).connectionOptions;
  assert.equal(options(''), 0);
  assert.equal(options('Connection: x, Close\r\n'), CLOSE);
  assert.equal(options('connection: close\r\nConnection: Keep-Alive\r\n'), CLOSE | KEEP_ALIVE);
});

test('RFC 9110 §7.8: what a server would speak is known, of 101 what it does', () => {
  assert.equal(understood('HTTP/1.1 426 \r\nUpgrade: a\r\nUpgrade: b\r\n\r\n').upgrade, 'a, b');
  const offered = { ...GET, offersUpgrade: true };
  assert.equal(understood('HTTP/1.1 101 \r\nUpgrade: a\r\n\r\n', offered).upgrade, 'a');
  for (const [raw, request] of [
    ['HTTP/1.1 101 \r\nUpgrade: a\r\n\r\n', GET],
    ['HTTP/1.1 101 \r\n\r\n', offered],
  ] as const)
    assert.equal((read(raw, request) as Rejection).reason, 'ProtocolSwitched');
});

test('RFC 9112 §6.3: a 204 that declares content is taken as it is, and not trusted further', () => {
  const contradicts = (raw: string) => understood(`HTTP/1.1 ${raw}\r\n\r\n`).contradictsItself;
  assert.equal(contradicts('204 \r\nContent-Length: 5'), true);
  assert.equal(contradicts('204 \r\nTransfer-Encoding: chunked'), true);
  assert.equal(contradicts('204 \r\nContent-Length: 0'), false);
  assert.equal(contradicts('204 '), false);
  assert.equal(contradicts('304 \r\nContent-Length: 5'), false);
  assert.equal(contradicts('200 \r\nContent-Length: 5'), false);
});

test('RFC 9110 §8.6: a declared length beyond the limit is refused with the head', () => {
  const raw = 'HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n';
  assert.equal((read(raw, GET, limitedResponses({ content: 4 })) as Rejection).reason, 'ContentTooLarge');
  assert.ok('framing' in read(raw, GET, limitedResponses({ content: 5 })));
  assert.ok('framing' in read(raw, { ...GET, method: 'HEAD' }, limitedResponses({ content: 4 })));
});
