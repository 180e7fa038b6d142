/** RFC 9112 §2.3 and §3, RFC 9110 §9.1: the method, the form of the request-target, the version. */
import { type RawCase, refused, served } from './raw-case.ts';

const H = 'Host: a\r\n';

export const REQUEST_LINE_CASES: readonly RawCase[] = [
  {
    title:
      'RFC 9112 §3: a request-line that is not three words with one SP between is answered 400 and closed',
    each: [
      'GET  / HTTP/1.1',
      'GET /  HTTP/1.1',
      'GET\t/ HTTP/1.1',
      'GET /\tHTTP/1.1',
      'GET /a b HTTP/1.1',
      'GET /',
      'GET HTTP/1.1',
      'GET  HTTP/1.1',
      'GET',
      ' GET / HTTP/1.1',
      'GET / HTTP/1.1 ',
      'GET / ',
    ],
    raw: (line) => `${line}\r\n${H}\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 9112 §2.3: a malformed HTTP-version is answered 400 and closed',
    each: [
      'http/1.1',
      'HTTP/1',
      'HTTP/1.',
      'HTTP/.1',
      'HTTP/01.1',
      'HTTP/1.01',
      'HTTP/1.1 x',
      'HTTP/1.10',
      'HTTP/a.b',
      'HTTP/1,1',
      'HTTP/1 .1',
      'HTTP 1.1',
      'HTTPS/1.1',
      'HTTP/-1.1',
      'ICY/1.1',
      'HTTP/\xb9.1',
    ],
    raw: (version) => `GET / ${version}\r\n${H}\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 9110 §2.5: a higher minor version of HTTP/1 is served as HTTP/1.1',
    each: ['HTTP/1.2', 'HTTP/1.9'],
    raw: (version) => `GET / ${version}\r\n${H}\r\n`,
    expect: served('hello'),
  },
  {
    title: 'RFC 9110 §15.6.6: another major version is answered 505 and closed',
    each: ['HTTP/0.9', 'HTTP/2.0', 'HTTP/2.1', 'HTTP/3.0', 'HTTP/9.9'],
    raw: (version) => `GET / ${version}\r\n${H}\r\n`,
    expect: refused(505),
  },
  {
    title: 'RFC 9110 §15.6.6: what only begins like the preface of HTTP/2 is answered 505 and closed',
    raw: 'PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n',
    expect: refused(505),
  },
  {
    title: 'RFC 9110 §9.1: a method that is not a token is answered 400 and closed',
    each: ['GE(T', 'GET,', '"GET"', 'G\xc9T', 'G\x00T', 'G\x7fT', 'G:T', 'G/T', '{}', 'GET@'],
    raw: (method) => `${method} / HTTP/1.1\r\n${H}\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 9110 §9.1: an unknown method reaches the handler as it is',
    each: ['BREW', 'PROPFIND', "!#$%&'*+-.^_`|~", 'M'.repeat(32)],
    raw: (method) => `${method} /method HTTP/1.1\r\n${H}\r\n`,
    expect: (method) => served(method),
  },
  {
    title: 'RFC 9110 §9.1: methods are case-sensitive, get is not turned into GET',
    raw: `get /method HTTP/1.1\r\n${H}\r\n`,
    expect: served('get'),
  },
  {
    title: 'RFC 9110 §9.1: a method of more than 32 octets is answered 501 and closed',
    each: ['M'.repeat(33), 'M'.repeat(150)],
    raw: (method) => `${method} /method HTTP/1.1\r\n${H}\r\n`,
    expect: refused(501),
  },
  {
    title:
      'RFC 9112 §3.2: a request-target in none of the four forms, or in one not for its method, is answered 400',
    each: ['*', 'a:80', 'a', '?q', 'http:///x', 'http://', '/#fragment', '/a?b#c', 'http://a/#c'],
    raw: (target) => `GET ${target} HTTP/1.1\r\n${H}\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 9112 §3.2: an octet outside visible ASCII in the request-target is answered 400 and closed',
    each: ['/caf\xc3\xa9', '/\xff', '/\x00', '/\x01', '/\x7f', '/\x0b', '/a\x0cb', '/\xa0'],
    raw: (target) => `GET ${target} HTTP/1.1\r\n${H}\r\n`,
    expect: refused(),
  },
  {
    title:
      'RFC 3986 §3.3: an octet in the path that a URI has only percent-encoded, and URL parsers rewrite, is answered 400',
    each: [
      '/\\',
      '/x\\..\\admin',
      '/a"b',
      '/<a>',
      '/a>b',
      '/a^b',
      '/`',
      '/{a}',
      '/a}',
      '\\target',
      'http://a/\\',
    ],
    raw: (target) => `GET ${target} HTTP/1.1\r\n${H}\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 3986 §3.4: the same octets in the query reach the handler as they are, as browsers send them',
    each: ['/target?\\..\\', '/target?a"b', '/target?<a>', '/target?a^b`c{d}|[e]'],
    raw: (target) => `GET ${target} HTTP/1.1\r\n${H}\r\n`,
    expect: (target) => served(target),
  },
  {
    title:
      'RFC 9112 §3.2.1: the origin-form reaches the handler as it stands, percent-encoding and dots included',
    each: ['/target?a=%2e%2e&b=%00', '/target?x=//y/../z', '/target?'],
    raw: (target) => `GET ${target} HTTP/1.1\r\n${H}\r\n`,
    expect: (target) => served(target),
  },
  {
    title: 'RFC 9112 §3.2.1: a path that begins with two slashes is a path and names no host',
    raw: `GET //b/url HTTP/1.1\r\n${H}\r\n`,
    expect: { answers: [404], connection: 'open' },
  },
  {
    title: 'RFC 9112 §3.2.2: the absolute-form is accepted when its authority equals Host',
    each: ['http://a/url', 'HTTP://a/url'],
    raw: (target) => `GET ${target} HTTP/1.1\r\n${H}\r\n`,
    expect: served('http://a/url'),
  },
  {
    title: 'RFC 9112 §3.2.2: an absolute-form whose authority differs from Host is answered 400 and closed',
    each: ['http://b/url', 'http://a:81/url', 'http://u@a/url', 'http://a.b/url'],
    raw: (target) => `GET ${target} HTTP/1.1\r\n${H}\r\n`,
    expect: refused(),
  },
  {
    title: 'RFC 9110 §9.3.6: CONNECT is answered 501 and closed when nobody takes it',
    raw: 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n',
    methods: ['CONNECT'],
    expect: refused(501),
  },
  {
    title: 'RFC 9112 §3.2.3: CONNECT with anything but host and port is answered 400 and closed',
    each: ['/', '*', 'a', 'http://a/', 'a:', 'a:x', ':80', 'u@a:80', 'a:99999'],
    raw: (target) => `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`,
    methods: ['CONNECT'],
    expect: refused(),
  },
  {
    title: 'RFC 9112 §3.2.4: OPTIONS * reaches the handler',
    raw: `OPTIONS * HTTP/1.1\r\n${H}\r\n`,
    expect: served('asterisk'),
  },
  {
    title: 'RFC 9110 §9.3.2: a HEAD request whose request-line is refused gets no content',
    each: ['/a b HTTP/1.1', '/#a HTTP/1.1', '/ http/1.1', '/ HTTP/1.1 x', '/ HTTP/1.1\n', '/ HTTP/2.0'],
    raw: (rest) => `HEAD ${rest}\r\n${H}\r\n`,
    methods: ['HEAD'],
    expect: (rest) => refused(rest.endsWith('2.0') ? 505 : 400),
  },
  {
    title: 'RFC 9110 §9.3.2: a HEAD request whose target is too long gets no content',
    raw: `HEAD /${'a'.repeat(10_000)} HTTP/1.1\r\n${H}\r\n`,
    methods: ['HEAD'],
    expect: refused(414),
  },
  {
    title: 'RFC 9112 §3: a request-target of 100 kB is answered 414 and closed',
    raw: `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n${H}\r\n`,
    expect: refused(414),
  },
];
