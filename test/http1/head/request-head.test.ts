import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Http1RequestHead } from '../../../src/http1/head/request-head.ts';
import { DEFAULT_LIMITS, type MessageLimits } from '../../../src/http1/limits.ts';
import { REJECTIONS, type RejectionReason } from '../../../src/http1/rejections.ts';
import { RequestDecoder } from '../../../src/http1/request-decoder.ts';
import { MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../../src/octets/results.ts';
import { CLOSE, KEEP_ALIVE, UPGRADE_OPTION } from '../../../src/semantics/connection/connection-options.ts';
import { eachSplit } from '../../support/each-split.ts';
import { limited } from '../incremental.ts';

/** Hands each chunk over until there is an answer. */
function answerOf(decoder: RequestDecoder, chunks: readonly Uint8Array[]): number {
  let result = NEED_OCTETS;
  for (const chunk of chunks) {
    if (result !== NEED_OCTETS) break;
    decoder.receive(chunk);
    result = decoder.next();
  }
  return result;
}

/** Asks for some facts of the head, whatever the split. */
function assertHead(lines: string[], expected: Partial<Http1RequestHead>): void {
  const raw = `${lines.join('\r\n')}\r\n\r\n`;
  eachSplit(
    raw,
    (chunks) => {
      const decoder = new RequestDecoder(DEFAULT_LIMITS);
      const result = answerOf(decoder, chunks);
      assert.equal(result, MESSAGE_HEAD, `${decoder.rejection?.reason} ${raw}`);
      const head = decoder.head!;
      const facts = Object.keys(expected).map((name) => [name, head[name as keyof Http1RequestHead]]);
      assert.deepEqual(Object.fromEntries(facts), expected, raw);
    },
    'GET ',
  );
}

function assertRefused(
  lines: string[],
  reason: RejectionReason,
  limits: MessageLimits = DEFAULT_LIMITS,
): void {
  const raw = `${lines.join('\r\n')}\r\n\r\n`;
  eachSplit(
    raw,
    (chunks) => {
      const decoder = new RequestDecoder(limits);
      assert.equal(answerOf(decoder, chunks), REJECTED, raw);
      assert.equal(decoder.rejection, REJECTIONS[reason], `${decoder.rejection?.reason} ${raw}`);
    },
    'GET ',
  );
}

test('RFC 9112 §3.2.1: the method, the path and the authority of a request are as they were sent', () => {
  assertHead(['get /A?b=%2F HTTP/1.1', 'Host: Example.COM:8080'], {
    method: 'get',
    form: 'origin',
    path: '/A?b=%2F',
    authority: 'Example.COM:8080',
    minor: 1,
    framing: { kind: 'none' },
    expectsContinue: false,
    connect: undefined,
    connectionOptions: 0,
    text: 'get /A?b=%2F HTTP/1.1\r\nHost: Example.COM:8080\r\n\r\n',
  });
});

test('RFC 9110 §2.5: a higher minor version is told as it is', () => {
  assertHead(['GET / HTTP/1.9', 'Host: a'], { minor: 9 });
});

test('RFC 9112 §2.2: empty lines before the request-line are no part of the head', () => {
  assertHead(['', '', 'GET / HTTP/1.0', 'X: y'], { method: 'GET', text: 'GET / HTTP/1.0\r\nX: y\r\n\r\n' });
});

test('RFC 9112 §3.2: every request of HTTP/1.1 and later has a Host, whatever its target', () => {
  assertRefused(['GET / HTTP/1.1'], 'HostMissing');
  assertRefused(['GET / HTTP/1.2', 'Hosts: a', 'X-Host: a'], 'HostMissing');
  assertRefused(['GET http://a/ HTTP/1.1'], 'HostMissing');
  assertRefused(['OPTIONS * HTTP/1.1'], 'HostMissing');
  assertRefused(['CONNECT a:80 HTTP/1.1'], 'HostMissing');
});

test('RFC 9112 §3.2: an HTTP/1.0 request needs no Host, and then names no authority', () => {
  assertHead(['GET / HTTP/1.0'], { authority: '' });
  assertHead(['GET / HTTP/1.0', 'Host: a'], { authority: 'a' });
  assertHead(['GET http://b:80/ HTTP/1.0'], { authority: 'b:80', path: '/' });
});

test('RFC 9112 §3.2: two Host fields are refused in every version, even equal ones', () => {
  for (const version of ['HTTP/1.0', 'HTTP/1.1']) {
    assertRefused([`GET / ${version}`, 'Host: a', 'Host: a'], 'HostRepeated');
    assertRefused([`GET / ${version}`, 'Host: a', 'X: y', 'HOST: b'], 'HostRepeated');
    assertRefused([`GET / ${version}`, 'Host:', 'Host: b'], 'HostRepeated');
  }
});

test('RFC 9112 §3.2: a Host that is not a host with an optional port is refused, an empty one too', () => {
  for (const host of [
    '',
    'u@a',
    'a/p',
    'a, b',
    'a b',
    'a:99999',
    ':80',
    'a:x',
    '::1',
    '[::1',
    'caf\xe9',
    '%',
    '\xa0a',
  ]) {
    assertRefused(['GET / HTTP/1.1', `Host: ${host}`], 'HostSyntax');
    assertRefused(['GET / HTTP/1.0', `Host: ${host}`], 'HostSyntax');
  }
});

test('RFC 9112 §3.2.2: the authority of an absolute-form that equals the Host field is the request’s', () => {
  assertHead(['GET http://a/b HTTP/1.1', 'Host: a'], { form: 'absolute', authority: 'a', path: '/b' });
  assertHead(['GET http://A.b/ HTTP/1.1', 'Host: a.B'], { authority: 'A.b' });
  assertHead(['GET http://a:80/ HTTP/1.1', 'Host: a'], { authority: 'a:80' });
  assertHead(['GET http://a/ HTTP/1.1', 'Host: a:80'], { authority: 'a' });
  assertHead(['GET http://a:/ HTTP/1.1', 'Host: a'], { authority: 'a:' });
  assertHead(['GET https://a/ HTTP/1.1', 'Host: a:443'], { authority: 'a' });
  assertHead(['GET http://[::1]:80/ HTTP/1.1', 'Host: [::1]'], { authority: '[::1]:80' });
  assertHead(['OPTIONS http://a HTTP/1.1', 'Host: a'], { path: '*', authority: 'a' });
});

test('RFC 9112 §3.2.2: an absolute-form whose authority differs from the Host field is refused', () => {
  for (const [target, host] of [
    ['http://a/', 'b'],
    ['http://a/', 'a.b'],
    ['http://a:81/', 'a'],
    ['http://a/', 'a:81'],
    ['http://a/', 'a:443'],
    ['https://a/', 'a:80'],
    ['https://a:80/', 'a'],
    ['http://[::1]/', '[::2]'],
  ]) {
    assertRefused([`GET ${target} HTTP/1.1`, `Host: ${host}`], 'HostMismatch');
  }
});

test('RFC 9112 §3.2.3: CONNECT names its authority in the target, and in an equal Host', () => {
  assertHead(['CONNECT a:443 HTTP/1.1', 'Host: a:443'], { form: 'authority', authority: 'a:443', path: '' });
  assertRefused(['CONNECT a:443 HTTP/1.1', 'Host: b:443'], 'HostMismatch');
  assertRefused(['CONNECT a:443 HTTP/1.1', 'Host: a:444'], 'HostMismatch');
});

test('RFC 9112 §6.3: the framing of a request follows from its fields, whatever its method', () => {
  for (const method of ['GET', 'HEAD', 'POST', 'X']) {
    const start = [`${method} / HTTP/1.1`, 'Host: a'];
    assertHead([...start, 'Content-Length: 5'], { framing: { kind: 'length', length: 5 } });
    assertHead([...start, 'transfer-encoding:chunked '], { framing: { kind: 'chunked' } });
    assertHead([...start, 'Content-Length: 0'], { framing: { kind: 'none' } });
    assertRefused([...start, 'Content-Length: 5', 'Transfer-Encoding: chunked'], 'LengthAndCoding');
    assertRefused([...start, 'Content-Length: 5', 'Content-Length: 5'], 'ContentLengthRepeated');
    assertRefused(
      [...start, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
      'TransferEncodingSyntax',
    );
    assertRefused([...start, 'Transfer-Encoding: gzip, chunked'], 'TransferCodingUnknown');
  }
});

test('RFC 9110 §15.5.14: content of the limit is accepted, of one octet more it is 413 before it is sent', () => {
  const start = ['POST / HTTP/1.1', 'Host: a'];
  eachSplit(`${[...start, 'Content-Length: 7'].join('\r\n')}\r\n\r\n`, (chunks) => {
    assert.equal(answerOf(new RequestDecoder(limited({ content: 7 })), chunks), MESSAGE_HEAD);
  });
  assertRefused([...start, 'Content-Length: 8'], 'ContentTooLarge', limited({ content: 7 }));
  assert.equal(REJECTIONS.ContentTooLarge.status, 413);
});

test('RFC 9110 §8.6: without a limit, content may be as long as a number can say', () => {
  eachSplit('POST / HTTP/1.0\r\nContent-Length: 9007199254740991\r\n\r\n', (chunks) => {
    assert.equal(answerOf(new RequestDecoder(limited({ content: 0 })), chunks), MESSAGE_HEAD);
  });
});

test('RFC 9110 §10.1.1: 100-continue is expected where there is content to wait for, in any case', () => {
  const start = ['POST / HTTP/1.1', 'Host: a'];
  for (const value of ['100-continue', '100-Continue', '100-CONTINUE\t']) {
    assertHead([...start, 'Content-Length: 5', `Expect: ${value}`], { expectsContinue: true });
    assertHead([...start, 'Transfer-Encoding: chunked', `Expect: ${value}`], { expectsContinue: true });
    assertHead([...start, `Expect: ${value}`], { expectsContinue: false });
    assertHead([...start, 'Content-Length: 0', `Expect: ${value}`], { expectsContinue: false });
  }
});

test('RFC 9110 §10.1.1, §5.6.1.2: Expect is a list, whose empty members are ignored', () => {
  const start = ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 5'];
  for (const lines of [
    ['Expect: ,100-continue,'],
    ['Expect: 100-continue, 100-Continue'],
    ['Expect: 100-continue', 'expect: 100-continue'],
    ['Expect:', 'Expect: 100-continue'],
    ['Expect: 100-continue', 'Expect: ,'],
  ]) {
    assertHead([...start, ...lines], { expectsContinue: true });
  }
  for (const lines of [['Expect:'], ['Expect: ,'], ['Expect:', 'Expect: , ,']])
    assertHead([...start, ...lines], { expectsContinue: false });
  for (const lines of [
    ['Expect: a', 'Expect: 100-continue'],
    ['Expect: 100-continue', 'Expect:', 'Expect: a'],
    ['Expect: x="a', 'Expect: 100-continue'],
  ]) {
    assertRefused([...start, ...lines], 'ExpectationFailed');
  }
});

test('RFC 9110 §10.1.1: any other expectation is refused with 417', () => {
  for (const value of [
    '200-ok',
    '100-continue, a',
    '100-continue;a=b',
    '"100-continue"',
    '100',
    '100-continue\xa0',
  ]) {
    assertRefused(
      ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 5', `Expect: ${value}`],
      'ExpectationFailed',
    );
  }
  assertRefused(['GET / HTTP/1.1', 'Host: a', 'Expect: 100-continue', 'Expect: a'], 'ExpectationFailed');
  assert.equal(REJECTIONS.ExpectationFailed.status, 417);
});

test('RFC 9110 §10.1.1: an expectation in an HTTP/1.0 request is ignored', () => {
  for (const value of ['100-continue', '200-ok']) {
    assertHead(['POST / HTTP/1.0', 'Content-Length: 5', `Expect: ${value}`], { expectsContinue: false });
  }
});

test('RFC 9110 §7.6.1: connection options are read from all lines of Connection', () => {
  const start = ['GET / HTTP/1.1', 'Host: a'];
  assertHead([...start, 'Connection: Close'], { connectionOptions: CLOSE });
  assertHead([...start, 'connection: keep-alive, x, Upgrade'], {
    connectionOptions: KEEP_ALIVE | UPGRADE_OPTION,
  });
  assertHead([...start, 'Connection: close', 'Connection: keep-alive'], {
    connectionOptions: CLOSE | KEEP_ALIVE,
  });
  assertHead([...start, 'Connection: close', 'Connection:'], { connectionOptions: CLOSE });
  assertHead([...start, 'Connection: x'], { connectionOptions: 0 });
});

test('RFC 9110 §7.8: an Upgrade counts with the connection option, in HTTP/1.1, and not otherwise', () => {
  const fields = ['Host: a', 'Upgrade: websocket, x/1'];
  assertHead(['GET / HTTP/1.1', ...fields, 'Connection: upgrade'], { connect: { protocol: 'websocket' } });
  assertHead(['GET / HTTP/1.1', ...fields, 'Connection: keep-alive, UPGRADE'], {
    connect: { protocol: 'websocket' },
  });
  assertHead(['GET / HTTP/1.1', ...fields, 'Upgrade: y', 'Connection: upgrade'], {
    connect: { protocol: 'websocket' },
  });
  assertHead(['GET / HTTP/1.1', ...fields], { connect: undefined });
  assertHead(['GET / HTTP/1.1', ...fields, 'Connection: close'], { connect: undefined });
  assertHead(['GET / HTTP/1.0', ...fields, 'Connection: upgrade'], { connect: undefined });
});
