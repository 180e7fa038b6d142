import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstLine } from '../../../src/server/connection/first-line.ts';
import { latin1 } from '../../support/each-split.ts';

const of = (text: string) => firstLine(latin1(text));

test('RFC 9113 §3.4: the preface is HTTP/2 when it is complete', () => {
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
  for (let length = 0; length < preface.length; length++)
    assert.equal(of(preface.slice(0, length)), 'undecided', String(length));
  assert.equal(of(preface), 'http2');
});

test('RFC 9113 §3.4: three words of letters are an invalid preface', () => {
  for (const line of ['INVALID CONNECTION PREFACE', 'Pri star httq', 'PRI PRI PRI', 'a b c'])
    for (let length = 0; length < line.length + 2; length++) {
      assert.equal(of(`${line}\r\n`.slice(0, length)), 'undecided', line.slice(0, length));
      assert.equal(of(`${line}\r\n`), 'invalid', line);
    }
});

test('RFC 9112 §3: each other line is HTTP/1, well-formed or not', () => {
  const lines = [
    ...[
      'GET / HTTP/1.1',
      'PRI * HTTP/1.1',
      'OPTIONS * HTTP/1.1',
      'CONNECT a:1 HTTP/1.1',
      'GET http:',
      '\r\n',
    ],
    ...[
      'GET\r\n',
      'GET a\r\n',
      'GET a \r\n',
      'GET a http\r\n',
      'GET a HTTPS\r\n',
      'GET  b c\r\n',
      ' a b c\r\n',
    ],
    ...[
      'a b c d\r\n',
      'a b c\n',
      'a b c\rx',
      'a b c\r\r\n',
      'a-b c d\r\n',
      'a b 3\r\n',
      '\x16\x03\x01',
      '\0',
    ],
  ];
  for (const line of lines) assert.equal(of(line), 'http1', JSON.stringify(line));
});

test('RFC 9112 §3: words of 32 octets are examined, a line with a longer one is HTTP/1', () => {
  const most = 'c'.repeat(32);
  assert.equal(of(`${most} ${most} ${most}\r\n`), 'invalid');
  for (const line of [`${most}c`, `a ${most}c`, `a b ${most}c`]) {
    assert.equal(of(line.slice(0, -1)), 'undecided');
    assert.equal(of(line), 'http1');
  }
});
