/** RFC 9110 §4: http URIs in requests. */
import { refused, served } from '../requirement.ts';
import { conformance } from '../run.ts';

const LONG_URI = `http://a/target?${'a'.repeat(8_000 - 'http://a/target?'.length)}`;

conformance('RFC 9110, 4. Identifiers in HTTP', [
  {
    title: 'RFC 9110 §4.1: a URI of 8,000 octets is accepted',
    raw: `GET ${LONG_URI} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...served(LONG_URI),
  },
  {
    title: 'RFC 9110 §4.2.1: an http URI with an empty host is answered 400 and closed',
    each: ['GET http:///a', 'GET http://', 'GET http://:80/', 'GET http://?a', 'OPTIONS http://'],
    raw: (words) => `${words} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(400, 'HostSyntax'),
  },
  {
    title: 'RFC 9110 §4.2.3: scheme and host are case-insensitive',
    each: ['http://EXAMPLE.com/url', 'HTTP://example.COM/url'],
    raw: (target) => `GET ${target} HTTP/1.1\r\nHost: Example.Com\r\n\r\n`,
    ...served('http://example.com/url'),
  },
  {
    title: 'RFC 9110 §4.2.3: the default port is the same as none',
    each: ['http://a:80/url', 'http://a:/url', 'http://a/url'],
    raw: (target) => `GET ${target} HTTP/1.1\r\nHost: a:80\r\n\r\n`,
    ...served('http://a/url'),
  },
  {
    title: 'RFC 9110 §4.2.3: an empty path is the same as /',
    raw: 'GET http://a HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §4.2.3: characters that are not reserved are the same encoded and not',
    raw: 'GET /%75rl HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('nothing', { status: 404 }),
    handled: ['GET /%75rl'],
  },
  {
    title: 'RFC 9110 §4.2.4: userinfo in a URI or in Host is an error, answered 400 and closed',
    each: ['http://u@a/\r\na', 'http://u:p@a/\r\na', 'http://a:80@b/\r\na', '/\r\nu@a', 'http://a/\r\nu@a'],
    raw: (parts) => {
      const [target, host] = parts.split('\r\n');
      return `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    },
    ...refused(400, 'HostSyntax'),
  },
]);
