/** RFC 9110 §10: Expect, and the fields that a server adds to say what comes next. */
import { answer, DATE, ECHO, GET, plain, refused, served, servedLast } from '../requirement.ts';
import { conformance } from '../run.ts';

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const EXPECT = 'Expect: 100-continue\r\n';

conformance('RFC 9110, 10. Message Context', [
  {
    title: 'RFC 9110 §10.1.1: 100 is sent without waiting for the content, when the handler reads it',
    raw: [`${ECHO}${EXPECT}Content-Length: 5\r\n\r\n`, 'hello'],
    answers: [CONTINUE, answer('hello')],
    end: 'open',
  },
  {
    title: 'RFC 9110 §10.1.1: 100 is sent for chunked content, too',
    raw: [`${ECHO}${EXPECT}Transfer-Encoding: chunked\r\n\r\n`, '5\r\nhello\r\n0\r\n\r\n'],
    answers: [CONTINUE, answer('hello')],
    end: 'open',
  },
  {
    title: 'RFC 9110 §10.1.1: the expectation is case-insensitive',
    each: ['100-Continue', '100-CONTINUE'],
    raw: (value) => `${ECHO}Expect: ${value}\r\nContent-Length: 5\r\n\r\nhello`,
    answers: CONTINUE + answer('hello'),
    end: 'open',
  },
  {
    title:
      'RFC 9110 §10.1.1: a final answer without reading the content is sent instead of 100, and says what follows',
    raw: `POST /unread HTTP/1.1\r\nHost: a\r\n${EXPECT}Content-Length: 5\r\n\r\n`,
    ...servedLast('unread'),
    handled: ['POST /unread'],
  },
  {
    title: 'RFC 9110 §10.1.1: there is no 100 where the framing says that there is no content',
    each: ['', 'Content-Length: 0\r\n'],
    raw: (framing) => `${ECHO}${EXPECT}${framing}\r\n`,
    ...served(''),
  },
  {
    title: 'RFC 9110 §10.1.1: an expectation in an HTTP/1.0 request is ignored',
    each: ['100-continue', 'other'],
    raw: (value) => `POST /echo HTTP/1.0\r\nHost: a\r\nExpect: ${value}\r\nContent-Length: 5\r\n\r\nhello`,
    ...servedLast('hello'),
  },
  {
    title: 'RFC 9110 §5.6.1.2: empty members of Expect are ignored',
    each: ['', ',', ' , ,'],
    raw: (value) => `${ECHO}Expect: ${value}\r\nContent-Length: 5\r\n\r\nhello`,
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §10.1.1: an expectation that can not be met is answered 417 and closed',
    each: ['other', '100-continue, other', '100', 'x=y', '100-continue;a'],
    raw: (value) => `${ECHO}Expect: ${value}\r\nContent-Length: 5\r\n\r\nhello`,
    ...refused(417, 'ExpectationFailed'),
  },
  {
    title:
      'RFC 9110 §10.1.1: a request with an expectation that is refused for another reason gets that answer, and no 100',
    raw: `POST /echo HTTP/1.1\r\n${EXPECT}Content-Length: 5\r\n\r\n`,
    ...refused(400, 'HostMissing'),
  },
  {
    title: 'RFC 9110 §10.1.1: after 100 there is a final answer',
    raw: [`${ECHO}${EXPECT}Transfer-Encoding: chunked\r\n\r\n`, 'X'],
    answers: [
      CONTINUE,
      plain(400, 'The chunk-size is not a hexadecimal number within the limits.\n', 'close'),
    ],
    end: 'fin',
  },
  {
    title:
      'RFC 9110 §10.1.4: trailer fields are sent to who did not ask for them only where nothing depends on them',
    raw: 'GET /with-trailers HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §10.2.3: a 503 of the server’s own says when to try again',
    raw: 'GET /deny HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: plain(503, 'Service Unavailable\n', 'close'),
    end: 'fin',
  },
  {
    title: 'RFC 9110 §10.2.4: an answer does not say which software made it',
    raw: `${GET}\r\n`,
    ...served('hello'),
  },
]);
