/** RFC 9110 §8: what an answer says about its content. */
import { DATE, ECHO, GET, refused, served, TEXT } from '../requirement.ts';
import { conformance } from '../run.ts';

conformance('RFC 9110, 8. Representation Data and Metadata', [
  {
    title: 'RFC 9110 §8.3: content whose media type is known has Content-Type',
    raw: `${GET}\r\n`,
    answers: `HTTP/1.1 200 OK\r\n${TEXT}${DATE}Content-Length: 5\r\n\r\nhello`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §8.3: content whose media type is not known has no Content-Type',
    raw: 'GET /octet HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Content-Length: 4\r\n\r\n\x00\r\n\xff`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §8.6: Content-Length of an answer to HEAD is that of the answer to GET',
    raw: 'HEAD /snowman HTTP/1.1\r\nHost: a\r\n\r\nGET /snowman HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: [
      `HTTP/1.1 200 OK\r\n${TEXT}${DATE}Content-Length: 3\r\n\r\n`,
      `HTTP/1.1 200 OK\r\n${TEXT}${DATE}Content-Length: 3\r\n\r\n\xe2\x98\x83`,
    ].join(''),
    end: 'open',
  },
  {
    title: 'RFC 9110 §8.6: an answer to HEAD has no Content-Length if that of the answer to GET is not known',
    raw: 'HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §8.6: a 304 has Content-Length only if the handler knows that of the 200',
    raw: 'GET /status/304 HTTP/1.1\r\nHost: a\r\n\r\nGET /length-304 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: [
      `HTTP/1.1 304 Not Modified\r\n${DATE}\r\n`,
      `HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n${DATE}Content-Length: 5\r\n\r\n`,
    ].join(''),
    end: 'open',
  },
  {
    title: 'RFC 9110 §8.6: a 204 has no Content-Length, whatever the handler says',
    raw: 'GET /length-204 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 204 No Content\r\n${DATE}\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §8.6: a Content-Length that is not that of the content is not sent: 500',
    raw: 'GET /wrong-length HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('Internal Server Error\n', { status: 500, fields: 'Content-Type: text/plain\r\n' }),
  },
  {
    title: 'RFC 9110 §8.6: content of a known length has Content-Length, none at all has 0',
    raw: 'GET /status/299 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 299 \r\n${DATE}Content-Length: 0\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §8.6: a Content-Length that can not be counted is answered 400 and closed',
    each: ['9007199254740993', '99999999999999999999', '18446744073709551621', '00000000000000005'],
    raw: (length) => `${ECHO}Content-Length: ${length}\r\n\r\nhello`,
    ...refused(400, 'ContentLengthSyntax'),
  },
  {
    title: 'RFC 9110 §8.6: a Content-Length that can be counted and is too large is answered 413 and closed',
    each: ['9007199254740991', '16777217', '4294967301'],
    raw: (length) => `${ECHO}Content-Length: ${length}\r\n\r\nhello`,
    ...refused(413, 'ContentTooLarge'),
  },
  {
    title: 'RFC 9110 §8.6: an answer with Transfer-Encoding has no Content-Length',
    raw: 'GET /stream HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n`,
    end: 'open',
  },
]);
