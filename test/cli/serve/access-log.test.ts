import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatEntry,
  formatRefusal,
  type LogEntry,
  withAccessLog,
} from '../../../src/cli/serve/access-log.ts';
import { fakeContext } from '../../demo/fake-context.ts';

const ENTRY: LogEntry = {
  time: new Date('2026-07-01T12:00:00.123Z'),
  method: 'GET',
  path: '/a?b',
  status: 200,
  bytes: '5',
  milliseconds: 1.25,
  remote: '127.0.0.1:50000',
  address: '127.0.0.1',
  protocol: 'HTTP/1.1',
  sent: 5,
  id: 'an-id',
  referer: undefined,
  userAgent: undefined,
  isCutOff: false,
};

describe('formatEntry', () => {
  it('says it all in one line', () => {
    const line = formatEntry(ENTRY, false);
    assert.equal(line, '2026-07-01T12:00:00.123Z 200 GET  /a?b 5 bytes 1.3 ms 127.0.0.1:50000');
  });

  it('says what is not known, and what broke off', () => {
    const line = formatEntry({ ...ENTRY, status: undefined, bytes: undefined, isCutOff: true }, false);
    assert.match(line, / --- GET {2}\/a\?b - bytes .* cut off$/);
  });

  it('is coloured when asked to be, and only then', () => {
    assert.ok(formatEntry(ENTRY, true).includes('\x1b[32m200\x1b[0m'));
    assert.ok(!formatEntry(ENTRY, false).includes('\x1b'));
  });

  it('lets no control character of the peer through', () => {
    const path = '/\r\n12:00 200 GET /fake\x1b[2J\x07\x7f\x9b\u202e\u{1f431}\\x41';
    const line = formatEntry({ ...ENTRY, path, method: 'G\tT' }, false);
    assert.match(line, /^[\x20-\x7e]+$/);
    assert.ok(
      line.includes('/\\x0d\\x0a12:00 200 GET /fake\\x1b[2J\\x07\\x7f\\x9b\\u{202e}\\u{1f431}\\\\x41'),
      line,
    );
  });
});

describe('formatRefusal', () => {
  const TIME = new Date('2026-07-01T12:00:00.123Z');
  const refusal = {
    remoteAddress: { address: '192.0.2.1', port: 50_000, family: 'IPv4' },
    ...{ status: 400, reason: 'BareLF', section: 'RFC 9112 §2.2' },
  } as const;

  it('says why a request was refused, and by which section', () => {
    assert.equal(
      formatRefusal(refusal, TIME, false),
      '2026-07-01T12:00:00.123Z 400 refused: bare LF (RFC 9112 §2.2) 192.0.2.1:50000',
    );
    assert.match(formatRefusal(refusal, TIME, true), /\x1b\[33m400/);
  });

  it('has no status for a PROXY header', () => {
    assert.match(formatRefusal({ ...refusal, status: 0 }, TIME, false), /Z --- refused: /);
  });

  for (const [reason, words] of [
    ['HostMissing', 'host missing'],
    ['TransferEncodingIn10', 'transfer encoding in 10'],
    ['LengthAndCoding', 'length and coding'],
    ['Timeout', 'timeout'],
  ] as const) {
    it(`writes ${reason} as words`, () => {
      assert.ok(formatRefusal({ ...refusal, reason }, TIME, false).includes(` refused: ${words} (`));
    });
  }
});

const plain = (entry: LogEntry): string => formatEntry(entry, false);

describe('withAccessLog', () => {
  const ask = async (
    answer: () => Response | Promise<Response>,
    completed: Promise<void>,
  ): Promise<{ lines: string[]; answered: Response | undefined }> => {
    const lines: string[] = [];
    const handler = withAccessLog(answer, (line) => lines.push(line), plain);
    const ctx = fakeContext({ completed });
    const request = new Request('http://127.0.0.1:4221/a?b');
    const answered = await Promise.resolve(handler(request, ctx, ctx)).catch(() => undefined);
    await completed.catch(() => {});
    await new Promise(setImmediate);
    return { lines, answered };
  };

  it('hands on the very response, and logs when the exchange is over', async () => {
    const response = new Response('hello', { status: 404, headers: { 'Content-Length': '5' } });
    let complete = (): void => {};
    const completed = new Promise<void>((resolve) => {
      complete = resolve;
    });
    const lines: string[] = [];
    const ctx = fakeContext({ completed });
    const handler = withAccessLog(
      () => response,
      (line) => lines.push(line),
      plain,
    );
    assert.equal(await handler(new Request('http://127.0.0.1:4221/a?b'), ctx, ctx), response);
    assert.deepEqual(lines, []);
    complete();
    await new Promise(setImmediate);
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, / 404 GET {2}\/a\?b 5 bytes [\d.]+ ms 127\.0\.0\.1:50000\n$/);
  });

  it('logs a failed handler as 500, or as nothing when nobody was there any more', async () => {
    const fail = (): never => {
      throw new Error('oops');
    };
    assert.match((await ask(fail, Promise.resolve())).lines[0]!, / 500 GET/);
    assert.match((await ask(fail, Promise.reject(new Error('gone')))).lines[0]!, / --- GET .* cut off\n$/);
  });

  it('says when an answer was cut off', async () => {
    const { lines } = await ask(() => new Response('x'), Promise.reject(new Error('gone')));
    assert.match(lines[0]!, / 200 GET .* cut off\n$/);
  });
});
