/** RFC 9112 §2.2: how lines end, and what may stand in front of a message. */
import { type RawCase, refused, served } from './raw-case.ts';

export const LINE_CASES: readonly RawCase[] = [
  {
    title: 'RFC 9112 §2.2: a line of the head that ends with a bare LF is answered 400 and closed',
    each: [
      'GET / HTTP/1.1\nHost: a\n\n',
      'GET / HTTP/1.1\nHost: a\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\n\n',
      'GET / HTTP/1.1\r\nHost: a\r\nX: y\n\r\n',
    ],
    raw: (head) => head,
    expect: refused(),
  },
  {
    title: 'RFC 9112 §2.2: a bare CR is answered 400 and closed, wherever it stands',
    each: [
      'GET / HTTP/1.1\rHost: a\r\n\r\n',
      'GET /\r HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nX: va\rlue\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nX\r: value\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\n\rZGET /x: y\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\r\n\r\n',
      '\rGET / HTTP/1.1\r\nHost: a\r\n\r\n',
    ],
    raw: (head) => head,
    expect: refused(),
  },
  {
    title:
      'RFC 9112 §2.2: white space between the request-line and the first field line is answered 400 and closed',
    each: [' ', '\t', ' \r\n'],
    raw: (space) => `GET / HTTP/1.1\r\n${space}Host: a\r\n\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 9112 §2.2: one or two empty lines before the request-line are ignored',
    each: ['\r\n', '\r\n\r\n'],
    raw: (empty) => `${empty}GET / HTTP/1.1\r\nHost: a\r\n\r\n`,
    expect: served('hello'),
  },
  {
    title: 'RFC 9112 §2.2: an empty line behind the content of a request is ignored before the next one',
    raw:
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello\r\n' +
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: { answers: [200, 200], connection: 'open', content: 'hello' },
  },
  {
    title: 'RFC 9112 §2.2: more empty lines than that are answered 400 and closed',
    raw: '\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: refused(),
  },
  {
    title: 'RFC 9112 §2.2: octets that are no HTTP at all are answered 400 and closed',
    each: [
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x9a\x1f',
      '\x00\x00\x00\x00\x00\x00\x00\x00\r\n\r\n',
      '\xff\xfe\xfd\r\n\r\n',
      '{"jsonrpc":"2.0"}\r\n\r\n',
    ],
    raw: (octets) => octets,
    expect: refused(),
  },
];
