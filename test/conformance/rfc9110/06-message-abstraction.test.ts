/** RFC 9110 §6: content, trailer fields and the date of a message. */
import { answer, DATE, GET, plain, refusal, served, TEXT } from '../requirement.ts';
import { conformance } from '../run.ts';

const GIVEN = 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n';

conformance('RFC 9110, 6. Message Abstraction', [
  {
    title: 'RFC 9110 §6.1: a message is complete when its framing says so: what follows is another one',
    raw: `${GET}\r\n${GET}\r\n`,
    answers: answer('hello') + answer('hello'),
    end: 'open',
    handled: ['GET /', 'GET /'],
  },
  {
    title: 'RFC 9110 §6.2: an answer has the version of the server and not that of the request',
    raw: 'GET / HTTP/1.4\r\nHost: a\r\n\r\n',
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §6.4: content is octets of any value',
    raw: 'POST /octets HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n\x00\r\n\x7f\x80\xff',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Content-Length: 6\r\n\r\n\x00\r\n\x7f\x80\xff`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §6.4.1: an answer to HEAD, a 204 and a 304 have no content',
    raw: [
      'HEAD /octet HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET /status/204 HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET /status/304 HTTP/1.1\r\nHost: a\r\n\r\n',
    ].join(''),
    answers: [
      `HTTP/1.1 200 OK\r\n${DATE}Content-Length: 4\r\n\r\n`,
      `HTTP/1.1 204 No Content\r\n${DATE}\r\n`,
      `HTTP/1.1 304 Not Modified\r\n${DATE}\r\n`,
    ].join(''),
    end: 'open',
  },
  {
    title: 'RFC 9110 §6.5.1: a trailer field is not sent if it frames, routes or authenticates',
    raw: 'GET /with-trailers HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §6.5.1: a received trailer field is not merged into the header section',
    raw: 'POST /trailers HTTP/1.1\r\nHost: a\r\nX: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: 2\r\nHost: b\r\n\r\n',
    ...served('\n--\nhost: a\ntransfer-encoding: chunked\nx: 1\n--\nx: 2\n'),
  },
  {
    title: 'RFC 9110 §6.5.2: trailer fields come with the content, each name with all its values',
    raw: 'POST /trailers HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: 1\r\nY: 2\r\nx: 3\r\n\r\n',
    ...served('\n--\nhost: a\ntransfer-encoding: chunked\n--\nx: 1, 3\ny: 2\n'),
  },
  {
    title: 'RFC 9110 §6.6.1: every 2xx, 3xx and 4xx answer has a Date',
    raw: ['status/204', 'status/304', 'none']
      .map((path) => `GET /${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
      .join(''),
    answers: [
      `HTTP/1.1 204 No Content\r\n${DATE}\r\n`,
      `HTTP/1.1 304 Not Modified\r\n${DATE}\r\n`,
      `HTTP/1.1 404 Not Found\r\n${TEXT}${DATE}Content-Length: 7\r\n\r\nnothing`,
    ].join(''),
    end: 'open',
  },
  {
    title: 'RFC 9110 §6.6.1: a refusal and a 500 have a Date, too',
    raw: 'GET /fault HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    answers: plain(500, 'Internal Server Error\n') + refusal(400, 'HostMissing'),
    end: 'fin',
  },
  {
    title: 'RFC 9110 §6.6.1: the Date of the handler is sent, and no second one',
    raw: 'GET /date HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${GIVEN}${TEXT}Content-Length: 5\r\n\r\nhello`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §6.6.2: the Trailer field of a handler announces the trailer fields to come',
    raw: 'GET /announced-trailers HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n`,
    end: 'open',
  },
]);
