import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestLineScanner } from '../../../src/http1/head/request-line.ts';
import { DEFAULT_LIMITS, type MessageLimits } from '../../../src/http1/limits.ts';
import { REJECTIONS, type RejectionReason } from '../../../src/http1/rejections.ts';
import { NEED_OCTETS, REJECTED } from '../../../src/octets/results.ts';
import { eachSplit } from '../../support/each-split.ts';
import { OCTETS, PATH, TARGET, TCHAR } from '../grammar.ts';
import { limited, scanChunks } from '../incremental.ts';

const NEXT_LINE = 'Host: a\r\n';

/** The three words of a line that is accepted, or why it is not. */
type Understood = readonly [method: string, target: string, version: string] | number;

function understood(chunks: readonly Uint8Array[], limits: MessageLimits, length: number): Understood {
  const line = new RequestLineScanner(limits);
  const { outcome, text } = scanChunks(line, chunks);
  if (outcome === REJECTED) return line.rejection.status;
  if (outcome === NEED_OCTETS) return NEED_OCTETS;
  assert.equal(outcome, length, 'the line ends at its CRLF');
  const method = text.slice(line.methodStart, line.methodEnd);
  return [method, text.slice(line.targetStart, line.targetEnd), `${line.major}.${line.minor}`];
}

function assertUnderstood(raw: string, expected: Understood, limits: MessageLimits = DEFAULT_LIMITS): void {
  eachSplit(
    raw,
    (chunks) => assert.deepEqual(understood(chunks, limits, raw.length), expected, JSON.stringify(raw)),
    NEXT_LINE,
  );
}

function assertRefused(raw: string, reason: RejectionReason, limits: MessageLimits = DEFAULT_LIMITS): void {
  eachSplit(
    raw,
    (chunks) => {
      const line = new RequestLineScanner(limits);
      assert.equal(scanChunks(line, chunks).outcome, REJECTED, JSON.stringify(raw));
      assert.equal(line.rejection, REJECTIONS[reason], `${line.rejection.reason} for ${JSON.stringify(raw)}`);
    },
    NEXT_LINE,
  );
}

test('RFC 9112 §3: a request-line is a method, a request-target and a version, one SP between them', () => {
  assertUnderstood('GET / HTTP/1.1\r\n', ['GET', '/', '1.1']);
  assertUnderstood('M * HTTP/1.0\r\n', ['M', '*', '1.0']);
  assertUnderstood('CONNECT [::1]:80 HTTP/1.1\r\n', ['CONNECT', '[::1]:80', '1.1']);
  assertUnderstood('get http://a/?b=c%20d HTTP/1.1\r\n', ['get', 'http://a/?b=c%20d', '1.1']);
});

test('RFC 9112 §3: a line that is not complete waits for more, whatever has come of it', () => {
  const line = '\r\nGET / HTTP/1.1\r\n';
  for (let length = 1; length < line.length; length++) {
    eachSplit(line.slice(0, length), (chunks) => {
      assert.equal(scanChunks(new RequestLineScanner(DEFAULT_LIMITS), chunks).outcome, NEED_OCTETS);
    });
  }
});

const refusals: { title: string; reason: RejectionReason; lines: string[] }[] = [
  {
    title: 'RFC 9110 §9.1: a method is a token of at least one octet, followed by one SP',
    reason: 'MethodSyntax',
    lines: [' / HTTP/1.1', 'GET\t/ HTTP/1.1', 'GET', 'GE(T / HTTP/1.1', 'G\xc9T / HTTP/1.1', '\0'],
  },
  {
    title: 'RFC 9112 §3: a request-target has no white space, before it, in it or behind it',
    reason: 'TargetSyntax',
    lines: [
      'GET  / HTTP/1.1',
      'GET \t/ HTTP/1.1',
      'GET /\tHTTP/1.1',
      'GET /',
      'GET HTTP/1.1',
      'GET ',
      'GET  HTTP/1.1',
    ],
  },
  {
    title: 'RFC 9112 §3.2: a request-target has no fragment',
    reason: 'TargetSyntax',
    lines: ['GET # HTTP/1.1', 'GET /#f HTTP/1.1', 'GET http://a/?b#c HTTP/1.1'],
  },
  {
    title: 'RFC 9112 §2.3: HTTP-version is HTTP, a slash, and two digits with a dot between',
    reason: 'VersionSyntax',
    lines: [
      ...[
        'GET / http/1.1',
        'GET / Http/1.1',
        'GET / HTTP/1',
        'GET / HTTP/1.',
        'GET / HTTP/.1',
        'GET / HTTP/11',
      ],
      ...['GET / HTTP/01.1', 'GET / HTTP/1.01', 'GET / HTTP/1.10', 'GET / HTTP/1.1 ', 'GET / HTTP/1.1 x'],
      ...[
        'GET / HTTP/-1.1',
        'GET / HTTP/+1.1',
        'GET / HTTP/1,1',
        'GET / HTTP /1.1',
        'GET / HTTPS/1.1',
        'GET / ',
      ],
      ...['GET /  HTTP/1.1', 'GET /a b HTTP/1.1', 'GET / HTTP/\xb9.1', 'GET / HTTP/1.\xb2', 'GET / ICY'],
    ],
  },
  {
    title: 'RFC 9110 §15.6.6: a well-formed version of another major number is not supported',
    reason: 'VersionNotSupported',
    lines: ['GET / HTTP/0.9', 'GET / HTTP/2.0', 'GET / HTTP/3.1', 'PRI * HTTP/2.0', 'GET / HTTP/9.9'],
  },
];

for (const { title, reason, lines } of refusals) {
  test(title, () => {
    for (const line of lines) assertRefused(`${line}\r\n`, reason);
  });
}

test('RFC 9112 §2.2: a bare LF does not end a request-line', () => {
  for (const raw of ['GET / HTTP/1.1\n', '\nGET / HTTP/1.1\r\n', '\r\n\n']) assertRefused(raw, 'BareLF');
});

test('RFC 9112 §2.2: a CR is followed by an LF', () => {
  for (const raw of ['GET / HTTP/1.1\rHost: a', 'GET / HTTP/1.1\r\r\n', '\rGET / HTTP/1.1\r\n', '\r\r\n']) {
    assertRefused(raw, 'BareCR');
  }
});

test('RFC 9112 §2.2: two empty lines before the request-line are ignored, a third is refused', () => {
  assertUnderstood('\r\nGET / HTTP/1.1\r\n', ['GET', '/', '1.1']);
  assertUnderstood('\r\n\r\nGET / HTTP/1.1\r\n', ['GET', '/', '1.1']);
  assertRefused('\r\n\r\n\r\nGET / HTTP/1.1\r\n', 'TooManyEmptyLines');
});

test('RFC 9112 §2.2: an empty line is not the beginning of a request', () => {
  for (const [raw, started] of [
    ['', false],
    ['\r', false],
    ['\r\n', false],
    ['\r\n\r\n', false],
    ['\r\nG', true],
  ] as const) {
    eachSplit(raw, (chunks) => {
      const line = new RequestLineScanner(DEFAULT_LIMITS);
      scanChunks(line, chunks);
      assert.equal(line.started, started, JSON.stringify(raw));
    });
  }
});

test('RFC 9110 §9.1: of all octets, tchars and only they make up a method', () => {
  for (const o of OCTETS) {
    const isToken = TCHAR.test(o);
    assertUnderstood(`G${o}T / HTTP/1.1\r\n`, isToken ? [`G${o}T`, '/', '1.1'] : 400);
    assertUnderstood(`${o}ET / HTTP/1.1\r\n`, isToken ? [`${o}ET`, '/', '1.1'] : 400);
  }
});

test('RFC 9112 §3.2, RFC 3986 §3.3: of all octets, those of a path and those of a query make up a request-target', () => {
  for (const o of OCTETS) {
    const inQuery = TARGET.test(o);
    const inPath = PATH.test(o) || o === '?';
    const line = (target: string, allowed: boolean): void =>
      assertUnderstood(`GET ${target} HTTP/1.1\r\n`, allowed ? ['GET', target, '1.1'] : 400);
    line(`/a${o}b`, inPath);
    line(`${o}a`, inPath);
    line(`http://a/${o}?b`, inPath);
    line(`/?${o}b`, inQuery);
    line(`/a?b${o}?`, inQuery);
  }
});

test('RFC 3986 §3.3: an octet that a path has only percent-encoded has a reason of its own', () => {
  for (const o of '"<>\\^`{}') {
    assertRefused(`GET /${o} HTTP/1.1\r\n`, 'PathSyntax');
    assertRefused(`GET ${o} HTTP/1.1\r\n`, 'PathSyntax');
  }
  for (const o of ['#', '\x7f', '\0', '\xe9']) assertRefused(`GET /${o} HTTP/1.1\r\n`, 'TargetSyntax');
  assert.equal(REJECTIONS.PathSyntax.status, 400);
});

test('RFC 9112 §2.3: of all octets, each place of HTTP-version takes those of the grammar', () => {
  const version = 'HTTP/1.1\r\n';
  for (let place = 0; place < version.length; place++) {
    for (const o of OCTETS) {
      const raw = `GET / ${version.slice(0, place)}${o}${version.slice(place + 1)}`;
      let expected: Understood = o === version[place] ? ['GET', '/', '1.1'] : 400;
      if (place === 5 && /[02-9]/.test(o)) expected = 505;
      // RFC 9110 §2.5: a higher minor version is taken as it is.
      if (place === 7 && /[0-9]/.test(o)) expected = ['GET', '/', `1.${o}`];
      assertUnderstood(raw, expected);
    }
  }
});

test('RFC 9112 §3: a request-line of the limit is accepted, of one octet more it is 414', () => {
  const limits = limited({ requestLine: 40 });
  for (const method of ['G', 'OPTIONS']) {
    const target = '/'.padEnd(40 - method.length - ' '.length - ' HTTP/1.1'.length, 'a');
    assertUnderstood(`${method} ${target} HTTP/1.1\r\n`, [method, target, '1.1'], limits);
    // Empty lines in front are no part of it.
    assertUnderstood(`\r\n\r\n${method} ${target} HTTP/1.1\r\n`, [method, target, '1.1'], limits);
    assertRefused(`${method} ${target}a HTTP/1.1\r\n`, 'TargetTooLong', limits);
    assert.equal(REJECTIONS.TargetTooLong.status, 414);
  }
});

test('RFC 9112 §3: the limit of the request-line counts the query', () => {
  const limits = limited({ requestLine: 40 });
  for (const path of ['/?', '/a?b']) {
    const target = path.padEnd(40 - 'GET '.length - ' HTTP/1.1'.length, '?');
    assertUnderstood(`GET ${target} HTTP/1.1\r\n`, ['GET', target, '1.1'], limits);
    assertRefused(`GET ${target}a HTTP/1.1\r\n`, 'TargetTooLong', limits);
  }
});

test('RFC 9112 §3: a request-target without end is refused as soon as the limit is passed', () => {
  eachSplit(`GET /${'a'.repeat(40)}`, (chunks) => {
    const line = new RequestLineScanner(limited({ requestLine: 40 }));
    assert.equal(scanChunks(line, chunks).outcome, REJECTED);
  });
});

test('RFC 9112 §3: a request-line of 8,000 octets is accepted by default', () => {
  const target = '/'.padEnd(8_000 - 'GET  HTTP/1.1'.length, 'a');
  assertUnderstood(`GET ${target} HTTP/1.1\r\n`, ['GET', target, '1.1']);
});

test('RFC 9110 §9.1: a method of the limit is accepted, of one octet more it is refused', () => {
  const limits = limited({ method: 5 });
  assertUnderstood('MMMMM / HTTP/1.1\r\n', ['MMMMM', '/', '1.1'], limits);
  assertRefused('MMMMMM / HTTP/1.1\r\n', 'MethodTooLong', limits);
  assertRefused('M'.repeat(60), 'MethodTooLong', limits);
});
