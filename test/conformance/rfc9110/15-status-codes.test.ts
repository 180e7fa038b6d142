/** RFC 9110 §15: what goes with a status code. */
import { answer, DATE, ECHO, GET, plain, refused, served, servedLast, TEXT } from '../requirement.ts';
import { conformance } from '../run.ts';

const EARLY_HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n';

conformance('RFC 9110, 15. Status Codes', [
  {
    title: 'RFC 9110 §15: a status code of the handler is sent as it is, also one that nobody has registered',
    raw: 'GET /status/299 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 299 \r\n${DATE}Content-Length: 0\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §15.2: an interim answer is a head, and the final one follows',
    raw: 'GET /informational HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: EARLY_HINTS + answer('hello'),
    end: 'open',
  },
  {
    title: 'RFC 9110 §15.2: an HTTP/1.0 client gets no 1xx',
    raw: 'GET /informational-or HTTP/1.0\r\nHost: a\r\n\r\n',
    ...servedLast('NotSupportedError'),
  },
  {
    title: 'RFC 9110 §15.2: 100 is not sent to an HTTP/1.0 client, whatever it expects',
    raw: 'POST /echo HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello',
    ...servedLast('hello'),
  },
  {
    title: 'RFC 9110 §15.2.1: 100 says nothing but that the request may go on',
    raw: [`${ECHO}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`, 'hello'],
    answers: ['HTTP/1.1 100 Continue\r\n\r\n', answer('hello')],
    end: 'open',
  },
  {
    title: 'RFC 9110 §15.2.2: 101 has an Upgrade with the protocol that is switched to',
    application: 'tunnels',
    raw: [`${GET}Connection: upgrade\r\nUpgrade: chat\r\n\r\n`, 'through'],
    finish: true,
    answers: [
      `HTTP/1.1 101 Switching Protocols\r\nX-Tunnel: yes\r\n${DATE}Connection: upgrade\r\nUpgrade: chat\r\n\r\n`,
      'through',
    ],
    end: 'fin',
  },
  {
    title: 'RFC 9110 §15.3.5: a 204 ends with its head',
    raw: 'GET /status/204 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 204 No Content\r\n${DATE}\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §15.3.6: a 205 has no content, and says so',
    raw: 'GET /status/205 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 205 Reset Content\r\n${DATE}Content-Length: 0\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §15.4.5: a 304 has no content, and the fields of the handler',
    raw: 'GET /length-304 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n${DATE}Content-Length: 5\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §15.5.1: a 400 of the server’s own says what is wrong',
    raw: 'GET / HTTP/1.1\r\n\r\n',
    ...refused(400, 'HostMissing'),
  },
  {
    title:
      'RFC 9110 §15.5.14: content that is declared too large is answered 413 and closed before it is sent',
    raw: `${ECHO}Content-Length: 16777217\r\n\r\n`,
    ...refused(413, 'ContentTooLarge'),
  },
  {
    title: 'RFC 9110 §15.5.14: content of the largest size is asked for',
    raw: [`${ECHO}Expect: 100-continue\r\nContent-Length: 16777216\r\n\r\n`, 'GET / HTTP/1.1\r\n'],
    finish: true,
    answers: ['HTTP/1.1 100 Continue\r\n\r\n', refused(400, 'Incomplete').answers as string],
    end: 'fin',
  },
  {
    title: 'RFC 9110 §15.5.15: a target too long to be looked at is answered 414 and closed',
    raw: `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(414, 'TargetTooLong'),
  },
  {
    title: 'RFC 9110 §15.5.18: an expectation that can not be met is answered 417',
    raw: `${GET}Expect: the-impossible\r\n\r\n`,
    ...refused(417, 'ExpectationFailed'),
  },
  {
    title: 'RFC 9110 §15.5.22: a 426 names the protocols in Upgrade',
    raw: 'GET /upgrade-required HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 426 Upgrade Required\r\nUpgrade: chat\r\n${TEXT}${DATE}Content-Length: 5\r\nConnection: upgrade\r\n\r\nhello`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §15.6.1: a handler that fails is a 500 without a detail, and the connection goes on',
    raw: 'GET /fault HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: plain(500, 'Internal Server Error\n'),
    end: 'open',
  },
  {
    title: 'RFC 9110 §15.6.2: what the server itself does not implement is answered 501',
    raw: 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n',
    ...refused(501, 'ConnectNotImplemented'),
  },
  {
    title: 'RFC 9110 §15.6.4: an exchange that the handler denies is a 503, and the connection closes',
    raw: 'GET /deny HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: plain(503, 'Service Unavailable\n', 'close'),
    end: 'fin',
  },
  {
    title: 'RFC 9110 §15.6.6: a 505 says which versions are spoken',
    raw: 'GET / HTTP/2.0\r\nHost: a\r\n\r\n',
    ...refused(505, 'VersionNotSupported'),
  },
  {
    title: 'RFC 9110 §15.6.6: what only begins like the preface of HTTP/2 is answered 505 and closed',
    raw: 'PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n',
    ...refused(505, 'VersionNotSupported'),
  },
  {
    title: 'RFC 9110 §15.5.5: a resource that is not there is the handler’s 404, and the connection goes on',
    raw: 'GET /none HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('nothing', { status: 404 }),
  },
]);
