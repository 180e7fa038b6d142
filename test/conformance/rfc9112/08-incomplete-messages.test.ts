/** RFC 9112 §8: messages that were cut short. */
import { CHUNKED, DATE, ECHO, refusal } from '../requirement.ts';
import { conformance } from '../run.ts';

const INCOMPLETE = { answers: refusal(400, 'Incomplete'), end: 'fin' } as const;

conformance('RFC 9112, 8. Handling Incomplete Messages', [
  {
    title: 'RFC 9112 §8: a request whose head is cut short is not handled, and its connection ends',
    each: [
      'G',
      'GET / HTTP/1.1',
      'GET / HTTP/1.1\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\n\r',
    ],
    raw: (head) => head,
    finish: true,
    answers: '',
    end: 'fin',
    handled: [],
  },
  {
    title: 'RFC 9112 §8: a connection that ends between requests ends without an answer',
    each: ['', '\r\n'],
    raw: (empty) => empty,
    finish: true,
    answers: '',
    end: 'fin',
    handled: [],
  },
  {
    title:
      'RFC 9112 §8: a chunked body without its last-chunk is incomplete, and is never taken for complete',
    each: [
      '',
      '5',
      '5\r\nhel',
      '5\r\nhello',
      '5\r\nhello\r\n',
      '5\r\nhello\r\n0',
      '5\r\nhello\r\n0\r\n',
      '0\r\nX: y\r\n',
    ],
    raw: (content) => `${CHUNKED}${content}`,
    finish: true,
    ...INCOMPLETE,
    handled: ['POST /echo'],
  },
  {
    title:
      'RFC 9112 §8: a body of fewer octets than its Content-Length is incomplete, and is never taken for complete',
    each: ['', 'h', 'hell'],
    raw: (content) => `${ECHO}Content-Length: 5\r\n\r\n${content}`,
    finish: true,
    ...INCOMPLETE,
    handled: ['POST /echo'],
  },
  {
    title: 'RFC 9112 §8: an answer that can not be finished is cut off before its last-chunk',
    raw: 'GET /broken-stream HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
    end: 'cut',
  },
  {
    title:
      'RFC 9112 §8: an answer that is shorter than its Content-Length is cut off, and nothing fills it up',
    raw: 'GET /too-short HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Content-Length: 5\r\n\r\nhell`,
    end: 'cut',
    handled: ['GET /too-short'],
  },
]);
