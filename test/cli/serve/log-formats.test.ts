import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogEntry, Refusal } from '../../../src/cli/serve/access-log.ts';
import { logFormat } from '../../../src/cli/serve/log-formats.ts';

const ENTRY: LogEntry = {
  time: new Date('2026-07-01T12:00:00.123Z'),
  method: 'GET',
  path: '/a?b',
  status: 200,
  bytes: '5',
  milliseconds: 1.23456,
  remote: '[::1]:50000',
  address: '::1',
  protocol: 'HTTP/1.1',
  sent: 5,
  id: 'an-id',
  referer: 'http://from.example/',
  userAgent: 'agent/1',
  isCutOff: false,
};
const TIME = new Date('2026-12-31T23:59:59.999Z');
const REFUSAL: Refusal = {
  remoteAddress: { address: '192.0.2.1', port: 50_000, family: 'IPv4' },
  ...{ status: 400, reason: 'BareLF', section: 'RFC 9112 §2.2' },
};

const common = logFormat('common', true);
const combined = logFormat('combined', true);
const json = logFormat('json', true);

describe('logFormat', () => {
  it('common is the format of Apache, without a user', () => {
    assert.equal(common.entry(ENTRY), '::1 - - [01/Jul/2026:12:00:00 +0000] "GET /a?b HTTP/1.1" 200 5');
    const nothing = { ...ENTRY, address: '', sent: 0, status: undefined };
    assert.equal(common.entry(nothing), '- - - [01/Jul/2026:12:00:00 +0000] "GET /a?b HTTP/1.1" - -');
    assert.equal(common.refusal(REFUSAL, TIME), '192.0.2.1 - - [31/Dec/2026:23:59:59 +0000] "-" 400 -');
  });

  it('combined has the referrer and the user agent as well', () => {
    assert.equal(
      combined.entry(ENTRY),
      '::1 - - [01/Jul/2026:12:00:00 +0000] "GET /a?b HTTP/1.1" 200 5 "http://from.example/" "agent/1"',
    );
    const bare = { ...ENTRY, referer: undefined, userAgent: '' };
    assert.match(combined.entry(bare), / 200 5 "-" "-"$/);
    assert.match(combined.refusal(REFUSAL, TIME), / "-" 400 - "-" "-"$/);
  });

  it('no client can end a field or a line, or reach the terminal', () => {
    const nasty = '"\\\r\n\x1b[2J\x7f\x9bä\u202e\u{1f431}';
    const entry = { ...ENTRY, path: nasty, referer: nasty, userAgent: nasty, id: 'x' };
    const escaped = '\\"\\\\\\x0d\\x0a\\x1b[2J\\x7f\\xc2\\x9b\\xc3\\xa4\\xe2\\x80\\xae\\xf0\\x9f\\x90\\xb1';
    assert.ok(common.entry(entry).includes(` "GET ${escaped} HTTP/1.1" `), common.entry(entry));
    assert.ok(combined.entry(entry).endsWith(` "${escaped}" "${escaped}"`), combined.entry(entry));
    assert.match(json.entry(entry), /^[\x20-\x7e]+$/);
    assert.equal((JSON.parse(json.entry(entry)) as { path: string }).path, nasty);
  });

  it('JSON has one object a line, with the duration in milliseconds', () => {
    assert.deepEqual(JSON.parse(json.entry(ENTRY)), {
      ...{ time: '2026-07-01T12:00:00.123Z', id: 'an-id', remote: '::1', method: 'GET', path: '/a?b' },
      ...{ protocol: 'HTTP/1.1', status: 200, bytes: 5, durationMs: 1.235 },
      ...{ referer: 'http://from.example/', userAgent: 'agent/1' },
    });
    assert.equal((JSON.parse(json.entry({ ...ENTRY, isCutOff: true })) as { cutOff: boolean }).cutOff, true);
    assert.deepEqual(JSON.parse(json.refusal(REFUSAL, TIME)), {
      ...{ time: '2026-12-31T23:59:59.999Z', remote: '192.0.2.1', status: 400 },
      ...{ refused: 'BareLF', section: 'RFC 9112 §2.2' },
    });
    assert.equal('status' in JSON.parse(json.refusal({ ...REFUSAL, status: 0 }, TIME)), false);
  });

  it('text is for people, in colour where that is wanted', () => {
    assert.ok(logFormat('text', true).entry(ENTRY).includes('\x1b[32m200'));
    assert.match(logFormat('text', false).refusal(REFUSAL, TIME), / 400 refused: bare LF /);
  });
});
