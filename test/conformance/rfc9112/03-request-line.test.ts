/** RFC 9112 §3: method, request-target and version, and the target URI that follows from them. */
import { answer, GET, refused, served, servedLast } from '../requirement.ts';
import { conformance } from '../run.ts';

/** A request-line of so many octets, CRLF apart. */
const lineOf = (octets: number) => `GET /${'a'.repeat(octets - 'GET / HTTP/1.1'.length)} HTTP/1.1\r\n`;

conformance('RFC 9112, 3. Request Line', [
  {
    title: 'RFC 9112 §3: nothing but one SP ends the method, else the request is answered 400 and closed',
    each: ['GET\t/ HTTP/1.1', 'GET\x0b/ HTTP/1.1', ' GET / HTTP/1.1', 'GET', 'GET\xa0/ HTTP/1.1'],
    raw: (line) => `${line}\r\nHost: a\r\n\r\n`,
    ...refused(400, 'MethodSyntax'),
  },
  {
    title:
      'RFC 9112 §3: nothing but one SP ends the request-target, else the request is answered 400 and closed',
    each: ['GET  / HTTP/1.1', 'GET /\tHTTP/1.1', 'GET /', 'GET HTTP/1.1', 'GET /\x0cHTTP/1.1'],
    raw: (line) => `${line}\r\nHost: a\r\n\r\n`,
    ...refused(400, 'TargetSyntax'),
  },
  {
    title: 'RFC 9112 §3: white space in a request-target is not repaired but answered 400 and closed',
    each: ['GET /a b HTTP/1.1', 'GET / a HTTP/1.1', 'GET /a HTTP/1.1 b HTTP/1.1', 'GET /  HTTP/1.1'],
    raw: (line) => `${line}\r\nHost: a\r\n\r\n`,
    ...refused(400, 'VersionSyntax'),
  },
  {
    title: 'RFC 9112 §3: nothing stands behind the version, else the request is answered 400 and closed',
    each: ['GET / HTTP/1.1 ', 'GET / HTTP/1.1\t', 'GET / HTTP/1.1 x', 'GET / ', 'GET / HTTP/1.1\x00'],
    raw: (line) => `${line}\r\nHost: a\r\n\r\n`,
    ...refused(400, 'VersionSyntax'),
  },
  {
    title: 'RFC 9112 §3: a method longer than any that is implemented is answered 501',
    raw: `${'M'.repeat(33)} / HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(501, 'MethodTooLong'),
  },
  {
    title: 'RFC 9112 §3: a request-line of 8,000 octets is accepted',
    raw: `${lineOf(8_000)}Host: a\r\n\r\n`,
    ...served('nothing', { status: 404 }),
  },
  {
    title: 'RFC 9112 §3: a request-target longer than the server wishes to parse is answered 414 and closed',
    raw: `${lineOf(8 * 1024 + 1)}Host: a\r\n\r\n`,
    ...refused(414, 'TargetTooLong'),
  },
  {
    title: 'RFC 9112 §3: the longest request-line is accepted, which has 8,192 octets',
    raw: `${lineOf(8 * 1024)}Host: a\r\n\r\n`,
    ...served('nothing', { status: 404 }),
  },
  {
    title: 'RFC 9112 §3.1: a method is a token, else the request is answered 400 and closed',
    each: ['GE(T', 'GET,', '"GET"', 'G\xc9T', 'G\x00T', 'G:T', '{}', ''],
    raw: (method) => `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(400, 'MethodSyntax'),
  },
  {
    title: 'RFC 9112 §3.1: methods are case-sensitive: get is another method than GET',
    raw: 'get /method HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('get'),
  },
  {
    title: 'RFC 9112 §3.2: an HTTP/1.1 request without Host is answered 400 and closed',
    each: ['GET / HTTP/1.1\r\n\r\n', 'GET http://a/ HTTP/1.1\r\n\r\n', 'GET / HTTP/1.1\r\nXHost: a\r\n\r\n'],
    raw: (head) => head,
    ...refused(400, 'HostMissing'),
  },
  {
    title: 'RFC 9112 §3.2: a request of any version with two Host fields is answered 400 and closed',
    each: ['1.1\r\nHost: a\r\nHost: b', '1.1\r\nHost: a\r\nhost: a', '1.0\r\nHost: a\r\nX: y\r\nHOST: b'],
    raw: (rest) => `GET / HTTP/${rest}\r\n\r\n`,
    ...refused(400, 'HostRepeated'),
  },
  {
    title: 'RFC 9112 §3.2: a request of any version with an invalid Host is answered 400 and closed',
    each: [
      '1.1\r\nHost: u@a',
      '1.1\r\nHost: a/b',
      '1.1\r\nHost: a, b',
      '1.1\r\nHost: a b',
      '1.0\r\nHost: a?b',
    ],
    raw: (rest) => `GET / HTTP/${rest}\r\n\r\n`,
    ...refused(400, 'HostSyntax'),
  },
  {
    title: 'RFC 9112 §3.2: an HTTP/1.0 request without Host is served',
    raw: 'GET / HTTP/1.0\r\n\r\n',
    ...servedLast('hello'),
  },
  {
    title: 'RFC 9112 §3.2: a request-target in none of the four forms is answered 400 and closed',
    each: ['a', '?a', 'a/b', 'a:80', '%2f', 'mailto:a', 'urn:a:b', 'http:/a', '//'.slice(2)],
    raw: (target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(400, 'TargetSyntax'),
  },
  {
    title: 'RFC 9112 §3.2: a fragment is no part of a request-target: it is answered 400 and closed',
    each: ['/#a', '/a?b#c', 'http://a/#b'],
    raw: (target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(400, 'TargetSyntax'),
  },
  {
    title: 'RFC 9112 §3.2: a request-target is visible ASCII, else it is answered 400 and closed',
    each: ['/caf\xc3\xa9', '/\xff', '/\x00', '/\x1f', '/\x7f', '/\x85'],
    raw: (target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(400, 'TargetSyntax'),
  },
  {
    title:
      'RFC 9112 §3.2.1: an octet of the path that has to be percent-encoded there is answered 400 and closed',
    each: ['/\\', '/a\\..\\b', '/"', '/<a>', '/^', '/`', '/{a}', '\\', 'http://a/\\?b'],
    raw: (target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(400, 'PathSyntax'),
  },
  {
    title: 'RFC 9112 §3.2.1: the origin-form reaches the handler as it was sent',
    raw: 'GET /target?a=%2e%2e&b=%00//../ HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('/target?a=%2e%2e&b=%00//../'),
  },
  {
    title: 'RFC 9112 §3.2.1: a path that begins with two slashes is a path and names no host',
    raw: 'GET //b/url HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('hello'),
    handled: ['GET //b/url'],
  },
  {
    title: 'RFC 9112 §3.2.2: the absolute-form is accepted',
    each: ['http://a/url?b', 'HTTP://a/url?b', 'http://a:80/url?b', 'http://A/url?b'],
    raw: (target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...served('http://a/url?b'),
  },
  {
    title:
      'RFC 9112 §3.2.2: the absolute-form is accepted from HTTP/1.0, where its host needs no Host beside it',
    raw: 'GET http://b/url HTTP/1.0\r\n\r\n',
    ...servedLast('http://b/url'),
  },
  {
    title: 'RFC 9112 §3.2.2: the host of the request-target is never overruled by Host: if they differ, 400',
    each: ['http://b/url', 'http://a:81/url', 'http://a.b/url'],
    raw: (target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(400, 'HostMismatch'),
  },
  {
    title: 'RFC 9112 §3.2.2: an absolute-form without a path is for the path /',
    raw: 'GET http://a HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §3.2.3: the authority-form is for CONNECT alone',
    each: ['GET a:80', 'OPTIONS a:80', 'connect a:80'],
    raw: (words) => `${words} HTTP/1.1\r\nHost: a:80\r\n\r\n`,
    ...refused(400, 'TargetSyntax'),
  },
  {
    title: 'RFC 9112 §3.2.3: CONNECT has no other form than the authority-form, with a host and a port',
    each: ['/', '*', 'a', 'a:', ':80', 'http://a:80', 'u@a:80', 'a:80/', 'a:x', 'a:65536'],
    raw: (target) => `CONNECT ${target} HTTP/1.1\r\nHost: a:80\r\n\r\n`,
    ...refused(400, 'TargetSyntax'),
  },
  {
    title: 'RFC 9112 §3.2.4: OPTIONS * is about the server as a whole',
    raw: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('asterisk'),
  },
  {
    title: 'RFC 9112 §3.2.4: the asterisk-form is for OPTIONS alone',
    each: ['GET', 'POST', 'options'],
    raw: (method) => `${method} * HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(400, 'TargetSyntax'),
  },
  {
    title:
      'RFC 9112 §3.3: the target URI is the scheme of the connection, the host of Host, and the request-target',
    each: ['a:8080', 'A:8080'],
    raw: (host) => `GET /url?b=c HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    ...served('http://a:8080/url?b=c'),
  },
  {
    title: 'RFC 9112 §3.3: the default port is no part of the target URI',
    each: ['a', 'a:80', 'a:'],
    raw: (host) => `GET /url HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    ...served('http://a/url'),
  },
  {
    title: 'RFC 9112 §3.3: an address in brackets is a host',
    raw: 'GET /url HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n',
    ...served('http://[::1]:8080/url'),
  },
  {
    title: 'RFC 9112 §3.3: every host is served on every connection, for this server knows no other',
    raw: `${GET}\r\nGET /url HTTP/1.1\r\nHost: b\r\n\r\n`,
    answers: answer('hello') + answer('http://b/url'),
    end: 'open',
  },
]);
