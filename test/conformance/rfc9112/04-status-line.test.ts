/** RFC 9112 §4: the first line of an answer. */
import { answer, DATE, GET, plain, served, TEXT } from '../requirement.ts';
import { conformance } from '../run.ts';

const LENGTH_5 = 'Content-Length: 5\r\n';

conformance('RFC 9112, 4. Status Line', [
  {
    title: 'RFC 9112 §4: a status-line is the version, SP, three digits, SP and the reason phrase',
    raw: `${GET}\r\n`,
    answers: `HTTP/1.1 200 OK\r\n${TEXT}${DATE}${LENGTH_5}\r\nhello`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §4: the SP behind the status code is sent also where there is no reason phrase',
    raw: 'GET /status/299 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 299 \r\n${DATE}Content-Length: 0\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §4: the reason phrase of the handler is sent as it is',
    raw: 'GET /reason HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 Fine\r\n${TEXT}${DATE}${LENGTH_5}\r\nhello`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §4: a reason phrase that would end the line is not sent: 500',
    raw: 'GET /splitting-reason HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: plain(500, 'Internal Server Error\n'),
    end: 'open',
  },
  {
    title: 'RFC 9112 §4: nothing stands between the status-line and the first field line of an answer',
    raw: 'GET /date HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('hello', { fields: 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n' }),
    answers: answer('hello', { fields: '' }).replace(DATE, `Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n${TEXT}`),
  },
]);
