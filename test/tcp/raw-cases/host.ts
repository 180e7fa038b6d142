/** RFC 9112 §3.2: an HTTP/1.1 request names its host once and properly. */
import { type RawCase, refused, served } from './raw-case.ts';

export const HOST_CASES: readonly RawCase[] = [
  {
    title: 'RFC 9112 §3.2: a request without Host is answered 400 and closed',
    raw: 'GET / HTTP/1.1\r\n\r\n',
    expect: refused(),
  },
  {
    title: 'RFC 9112 §3.2: a request in absolute-form without Host is answered 400 and closed',
    raw: 'GET http://a/ HTTP/1.1\r\n\r\n',
    expect: refused(),
  },
  {
    title: 'RFC 9112 §3.2: two Host fields are answered 400 and closed, even equal ones',
    each: [
      'Host: a\r\nHost: b\r\n',
      'Host: a\r\nHost: a\r\n',
      'Host: a\r\nX: y\r\nhost: a\r\n',
      'Host: a\r\nHost:\r\n',
    ],
    raw: (fields) => `GET / HTTP/1.1\r\n${fields}\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 9112 §3.2: a Host that is not a host with an optional port is answered 400 and closed',
    each: [
      'u@a',
      'a/p',
      'a, b',
      'a b',
      'a:99999',
      '',
      'a:65536',
      'a:b',
      'a:-1',
      'a:8 0',
      '%',
      'a?b',
      'a#b',
      'a\\b',
      '[::1',
      '::1',
      '[g::1]',
      '[::1]x',
      ':80',
      'caf\xe9',
      '<a>',
      'a"b',
      'a|b',
    ],
    raw: (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    expect: refused(),
  },
  {
    title:
      'RFC 9112 §3.2: a host name, an address or a bracketed IPv6 address is accepted in Host, with or without a port',
    each: [
      'a',
      'a.b-c',
      'A.example',
      '127.0.0.1',
      '127.0.0.1:8080',
      '[::1]',
      '[::1]:65535',
      'a:0',
      'xn--bcher-kva.example',
    ],
    raw: (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    expect: served('hello'),
  },
  {
    title: 'RFC 9112 §3.2: HTTP/1.0 needs no Host',
    raw: 'GET / HTTP/1.0\r\n\r\n',
    expect: { answers: [200], connection: 'closed', content: 'hello' },
  },
];
