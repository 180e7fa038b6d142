/** RFC 9112 §5 and RFC 9110 §5.5: field lines. */
import { type RawCase, refused, served } from './raw-case.ts';

export const FIELD_CASES: readonly RawCase[] = [
  {
    title: 'RFC 9112 §5.2: a folded field line is answered 400 and closed',
    each: ['X: a\r\n b', 'X: a\r\n\tb', 'X:\r\n b', 'X: a\r\n '],
    raw: (line) => `GET / HTTP/1.1\r\nHost: a\r\n${line}\r\n\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 9112 §5.1: a field line that is not a token, a colon and a value is answered 400 and closed',
    each: [
      'X : v',
      'X\t: v',
      ': v',
      'X',
      'X v',
      'Bad[N: v',
      'X\xef: v',
      'X\x00: v',
      'X y: v',
      '"X": v',
      'X\x7f: v',
      ' X: v',
    ],
    raw: (line) => `GET / HTTP/1.1\r\nHost: a\r\n${line}\r\n\r\n`,
    expect: refused(),
  },
  {
    title:
      'RFC 9112 §5.1: white space before the colon of Content-Length or Transfer-Encoding is answered 400 and closed',
    each: [
      'Content-Length : 5',
      'Transfer-Encoding : chunked',
      'Content-Length\t: 5',
      'Transfer-Encoding\x0b: chunked',
    ],
    raw: (line) => `POST /echo HTTP/1.1\r\nHost: a\r\n${line}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 9110 §5.5: a control octet in a field value is answered 400 and closed',
    each: ['\x00', '\x01', '\x07', '\x08', '\x0b', '\x0c', '\x1b', '\x1f', '\x7f'],
    raw: (octet) => `GET / HTTP/1.1\r\nHost: a\r\nX: a${octet}b\r\n\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 9110 §5.5: SP and HTAB around a field value are not part of it',
    each: ['\t v \t', 'v', '   v', '\tv\t\t'],
    raw: (value) => `GET /headers HTTP/1.1\r\nHost: a\r\nX:${value}\r\n\r\n`,
    expect: served({ contains: '["x","v"]' }),
  },
  {
    title: 'RFC 9110 §5.5: no other octet is trimmed from a field value',
    raw: 'GET /headers HTTP/1.1\r\nHost: a\r\nX: \xa0v\xa0 \r\n\r\n',
    expect: served({ contains: '["x","\u00a0v\u00a0"]' }),
  },
  {
    title: 'RFC 9110 §5.5: obs-text reaches the handler one character an octet',
    raw: 'GET /headers HTTP/1.1\r\nHost: a\r\nX: caf\xc3\xa9\r\n\r\n',
    expect: served({ contains: '["x","caf\u00c3\u00a9"]' }),
  },
  {
    title: 'RFC 9110 §5.5: an empty field value is accepted',
    raw: 'GET /headers HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n',
    expect: served({ contains: '["x",""]' }),
  },
  {
    title: 'RFC 9110 §5.3: field lines of one name reach the handler as one, in order, joined by a comma',
    raw: 'GET /headers HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 2\r\nx: 3\r\n\r\n',
    expect: served({ contains: '["x","1, 3"]' }),
  },
  {
    title: 'RFC 9110 §5.1: a field name that means something to JavaScript is only a name',
    each: ['__proto__', 'constructor', 'toString', '0'],
    raw: (name) => `GET /headers HTTP/1.1\r\nHost: a\r\n${name}: v\r\n\r\n`,
    expect: served({ contains: ',"v"]' }),
  },
  {
    title: 'RFC 9110 §5.4: a field section of 100 kB is answered 431 and closed',
    raw: `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`,
    expect: refused(431),
  },
  {
    title: 'RFC 9110 §5.4: ten thousand field lines are answered 431 and closed',
    raw: `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(10_000)}\r\n`,
    expect: refused(431),
  },
  {
    title: 'RFC 9110 §10.1.1: an expectation other than 100-continue is answered 417',
    each: ['200-ok', '100-continue, more', 'x="y"', ',a', 'x="100-continue,"', '100-continue\r\nExpect: a'],
    raw: (value) => `GET / HTTP/1.1\r\nHost: a\r\nExpect: ${value}\r\n\r\n`,
    expect: { answers: [417], connection: 'either', refuses: 'head' },
  },
  {
    title: 'RFC 9110 §10.1.1: empty members of Expect are ignored, and 100-continue may be listed twice',
    each: [
      '',
      ',',
      '100-continue,',
      ', 100-continue',
      '100-continue, 100-Continue',
      '100-continue\r\nExpect:',
    ],
    raw: (value) => `GET / HTTP/1.1\r\nHost: a\r\nExpect: ${value}\r\n\r\n`,
    expect: served('hello'),
  },
  {
    title: 'RFC 9110 §7.8: an Upgrade that nobody takes is ignored',
    each: [
      'Upgrade: websocket\r\n',
      'Upgrade: websocket\r\nConnection: upgrade\r\n',
      'Upgrade: h2c\r\nConnection: upgrade\r\n',
    ],
    raw: (fields) => `GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`,
    expect: served('hello'),
  },
  {
    title: 'RFC 9110 §7.8: an Upgrade in an HTTP/1.0 request is ignored',
    raw: 'GET / HTTP/1.0\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
    expect: { answers: [200], connection: 'closed', content: 'hello' },
  },
];
