import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequestTarget } from '../../../src/http1/head/request-target.ts';
import { REJECTIONS, type RejectionReason } from '../../../src/http1/rejections.ts';

type Row = [method: string, target: string, form: string, path: string, authority?: string, scheme?: string];

const forms: { title: string; rows: Row[] }[] = [
  {
    title: 'RFC 9112 §3.2.1: the origin-form is a path and a query, kept as they were sent',
    rows: [
      ['GET', '/', 'origin', '/'],
      ['GET', '/a/b?c=d?e', 'origin', '/a/b?c=d?e'],
      ['GET', '/?', 'origin', '/?'],
      ['GET', '/../%2e%2E/%00', 'origin', '/../%2e%2E/%00'],
      ['GET', '//host/a', 'origin', '//host/a'],
      ['GET', '/http://a/', 'origin', '/http://a/'],
      ['GET', '/*', 'origin', '/*'],
      ['OPTIONS', '/', 'origin', '/'],
      ['connect', '/', 'origin', '/'],
      ['', '/', 'origin', '/'],
    ],
  },
  {
    title:
      'RFC 9112 §3.2.2: the absolute-form names the scheme and the authority, and its path is never empty',
    rows: [
      ['GET', 'http://a', 'absolute', '/', 'a', 'http'],
      ['GET', 'http://a/', 'absolute', '/', 'a', 'http'],
      ['GET', 'HTTP://A.example:8080/B?c', 'absolute', '/B?c', 'A.example:8080', 'http'],
      ['GET', 'https://[::1]:443/a', 'absolute', '/a', '[::1]:443', 'https'],
      ['GET', 'http://a?b=/c', 'absolute', '/?b=/c', 'a', 'http'],
      ['GET', 'http://a//b', 'absolute', '//b', 'a', 'http'],
      ['GET', 'http://a:/', 'absolute', '/', 'a:', 'http'],
      ['GET', 'http://a/http://b/', 'absolute', '/http://b/', 'a', 'http'],
      ['OPTIONS', 'http://a/', 'absolute', '/', 'a', 'http'],
      ['OPTIONS', 'http://a?b', 'absolute', '/?b', 'a', 'http'],
    ],
  },
  {
    title: 'RFC 9112 §3.2.3: the authority-form of CONNECT is a host and a port, and has no path',
    rows: [
      ['CONNECT', 'a:80', 'authority', '', 'a:80'],
      ['CONNECT', 'www.example.com:65535', 'authority', '', 'www.example.com:65535'],
      ['CONNECT', '192.0.2.1:443', 'authority', '', '192.0.2.1:443'],
      ['CONNECT', '[2001:db8::1]:443', 'authority', '', '[2001:db8::1]:443'],
    ],
  },
  {
    title: 'RFC 9112 §3.2.4: the asterisk-form of OPTIONS is the server as a whole',
    rows: [
      ['OPTIONS', '*', 'asterisk', '*'],
      ['OPTIONS', 'http://a', 'absolute', '*', 'a', 'http'],
      ['OPTIONS', 'http://a:8001', 'absolute', '*', 'a:8001', 'http'],
    ],
  },
];

for (const { title, rows } of forms) {
  test(title, () => {
    for (const [method, target, form, path, authority, scheme] of rows) {
      assert.deepEqual(
        parseRequestTarget(method, target),
        { form, path, authority, scheme },
        `${method} ${target}`,
      );
    }
  });
}

const of = (method: string, ...targets: string[]) =>
  targets.map((target): [string, string] => [method, target]);

const refusals: { title: string; reason: RejectionReason; rows: [method: string, target: string][] }[] = [
  {
    title: 'RFC 9112 §3.2: a target in none of the four forms is refused',
    reason: 'TargetSyntax',
    rows: of('GET', '', 'a', '?a', 'a/b', '%2f', '\\', 'http:', 'http:/a', 'http:a', '://a/', '**'),
  },
  {
    title: 'RFC 9112 §3.2.2: an absolute-form with a scheme other than http and https is refused',
    reason: 'TargetSyntax',
    rows: of(
      'GET',
      'ftp://a/',
      'ws://a/',
      'httpx://a/',
      'file:///a',
      'x://a/',
      'a/http://b/',
      'http%3a://a/',
    ),
  },
  {
    title: 'RFC 9110 §4.2.1: an absolute-form without a host is refused',
    reason: 'HostSyntax',
    rows: of('GET', 'http://', 'http:///a', 'http://?a', 'http://:80/', 'https://'),
  },
  {
    title: 'RFC 9110 §4.2.4: an absolute-form with userinfo is refused',
    reason: 'HostSyntax',
    rows: of('GET', 'http://u@a/', 'http://u:p@a/', 'http://@a/', 'http://a@/', 'http://u%40a@b/'),
  },
  {
    title: 'RFC 9110 §4.2.1: an absolute-form whose authority is not a host with an optional port is refused',
    reason: 'HostSyntax',
    rows: of(
      'GET',
      'http://a,b/',
      'http://a:65536/',
      'http://a:b/',
      'http://a\\b/',
      'http://::1/',
      'http://%/',
    ),
  },
  {
    title: 'RFC 9112 §3.2.3: CONNECT takes no other form',
    reason: 'TargetSyntax',
    rows: of('CONNECT', '/', '*', '', 'http://a:80', 'http://a:80/', 'a:80/', 'a:80?b'),
  },
  {
    title: 'RFC 9112 §3.2.3: the authority-form has a host and a port, and nothing else',
    reason: 'TargetSyntax',
    rows: [
      ...of('CONNECT', 'a', 'a:', ':80', '1', 'u@a:80', 'a,b:80', 'a:65536', 'a:8x', 'a:80:80'),
      ...of('CONNECT', '[::1]', '[::1]:', '::1:80', '[::1]80'),
    ],
  },
  {
    title: 'RFC 9112 §3.2.3: the authority-form belongs to CONNECT alone',
    reason: 'TargetSyntax',
    rows: [...of('GET', 'a:80', '[::1]:80'), ...of('OPTIONS', 'a:80'), ...of('connect', 'a:80')],
  },
  {
    title: 'RFC 9112 §3.2.4: the asterisk-form belongs to OPTIONS alone',
    reason: 'TargetSyntax',
    rows: [...of('GET', '*'), ...of('HEAD', '*'), ...of('options', '*'), ...of('OPTIONS', '*/', '**')],
  },
];

for (const { title, reason, rows } of refusals) {
  test(title, () => {
    for (const [method, target] of rows) {
      assert.equal(parseRequestTarget(method, target), REJECTIONS[reason], `${method} ${target}`);
    }
  });
}
