/** RFC 9110 §9: what the methods ask of a server. */
import { answer, DATE, refused, served } from '../requirement.ts';
import { conformance } from '../run.ts';

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

conformance('RFC 9110, 9. Methods', [
  {
    title: 'RFC 9110 §9.1: a method that the server does not know is the handler’s to answer',
    each: ['BREW', 'PROPFIND', 'M-SEARCH', 'M'.repeat(32)],
    raw: (method) => `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §9.1: GET and HEAD are there without the handler’s doing',
    raw: 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: answer('hello', { head: true }) + answer('hello'),
    end: 'open',
    handled: ['HEAD /', 'GET /'],
  },
  {
    title: 'RFC 9110 §9.1: methods are case-sensitive, get is not turned into GET',
    each: ['get', 'Head', 'pOST'],
    raw: (method) => `${method} /unread HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...served('unread'),
  },
  {
    title: 'RFC 9110 §9.3.1: the content of a GET is framed and drained, not taken for a request',
    raw: `GET / HTTP/1.1\r\nHost: a\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    ...served('hello'),
    handled: ['GET /'],
  },
  {
    title: 'RFC 9110 §9.3.2: an answer to HEAD has no content, be it a string, octets, a stream or an error',
    raw: ['', 'octet', 'stream', 'none', 'fault']
      .map((path) => `HEAD /${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
      .join(''),
    answers: [
      answer('hello', { head: true }),
      `HTTP/1.1 200 OK\r\n${DATE}Content-Length: 4\r\n\r\n`,
      `HTTP/1.1 200 OK\r\n${DATE}\r\n`,
      answer('nothing', { head: true, status: 404 }),
      answer('Internal Server Error\n', { head: true, status: 500, fields: 'Content-Type: text/plain\r\n' }),
    ].join(''),
    end: 'open',
  },
  {
    title: 'RFC 9110 §9.3.2: a refusal of HEAD has no content either',
    raw: 'HEAD / HTTP/1.1\r\n\r\n',
    ...refused(400, 'HostMissing', { head: true }),
  },
  {
    title: 'RFC 9110 §9.3.2: the content of a HEAD is framed and drained, not taken for a request',
    raw: `HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`,
    ...served('hello', { head: true }),
    handled: ['HEAD /'],
  },
  {
    title: 'RFC 9110 §9.3.3: the content of a POST reaches the handler as it was sent',
    each: ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'],
    raw: (method) => `${method} /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello`,
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §9.3.6: CONNECT is answered 501 and closed when nobody takes it',
    raw: 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n',
    ...refused(501, 'ConnectNotImplemented'),
  },
  {
    title: 'RFC 9110 §9.3.6: CONNECT to an empty or invalid port is answered 400 and closed',
    application: 'tunnels',
    each: ['a:', 'a', 'a:b', 'a:65536', '[::1]:', '[::1]'],
    raw: (target) => `CONNECT ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(400, 'TargetSyntax'),
  },
  {
    title: 'RFC 9110 §9.3.6: a 2xx answer to CONNECT has neither Transfer-Encoding nor Content-Length',
    application: 'tunnels',
    raw: ['CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n', 'through'],
    finish: true,
    answers: [`HTTP/1.1 200 OK\r\nX-Tunnel: yes\r\n${DATE}\r\n`, 'through'],
    end: 'fin',
    handled: ['CONNECT [::1]:443'],
  },
  {
    title: 'RFC 9110 §9.3.7: OPTIONS * reaches the handler, and so does OPTIONS of a resource',
    raw: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: answer('asterisk') + answer('hello'),
    end: 'open',
  },
  {
    title: 'RFC 9110 §9.3.7: OPTIONS for a URI without a path is OPTIONS *',
    raw: 'OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('asterisk'),
  },
  {
    title:
      'RFC 9110 §9.3.8: TRACE is not reflected, so that no cookie or credential comes back: the handler answers it',
    raw: 'TRACE / HTTP/1.1\r\nHost: a\r\nCookie: secret\r\n\r\n',
    ...served('hello'),
  },
]);
