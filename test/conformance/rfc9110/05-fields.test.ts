/** RFC 9110 §5: names, values, their order and their size. */
import {
  answer,
  CHUNKED,
  contentRefused,
  DATE,
  GET,
  refused,
  served,
  servedLast,
  TEXT,
} from '../requirement.ts';
import { conformance } from '../run.ts';

const FIELDS = 'GET /fields HTTP/1.1\r\nHost: a\r\n';

/** A header section of so many octets, Host and the empty line included. */
const sectionOf = (octets: number) =>
  `Host: a\r\nX: ${'a'.repeat(octets - 'Host: a\r\nX: \r\n\r\n'.length)}\r\n\r\n`;

conformance('RFC 9110, 5. Fields', [
  {
    title: 'RFC 9110 §5.1: field names are case-insensitive',
    each: ['content-length', 'CONTENT-LENGTH', 'cOnTeNt-LeNgTh'],
    raw: (name) => `POST /echo HTTP/1.1\r\nhOST: a\r\n${name}: 5\r\n\r\nhello`,
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §5.1: a field that nobody knows is ignored',
    raw: `${GET}X-Unknown: y\r\n__proto__: z\r\nconstructor: 1\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §5.1: a field name is a token, else the request is answered 400 and closed',
    each: ['X[', 'X\xef', 'X(', 'X/', 'X"', 'X\x00', 'X\x7f', 'X@'],
    raw: (name) => `${GET}${name}: y\r\n\r\n`,
    ...refused(400, 'FieldNameSyntax'),
  },
  {
    title: 'RFC 9110 §5.3: the lines of one field are one list, in the order in which they came',
    raw: `${FIELDS}X: a\r\nY: b\r\nx: c\r\nX: d, e\r\n\r\n`,
    ...served('host: a\nx: a, c, d, e\ny: b\n'),
  },
  {
    title:
      'RFC 9110 §5.3: an answer has one line of a field, but of Set-Cookie as many as there are, in their order',
    raw: 'GET /cookies HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n${TEXT}${DATE}Content-Length: 5\r\n\r\nhello`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §5.3: a request is not handled before all of its header section is there',
    raw: `${GET}X: y\r\n`,
    finish: true,
    answers: '',
    end: 'fin',
    handled: [],
  },
  {
    title:
      'RFC 9110 §5.4: a header section larger than the server wishes to process is answered 431 and closed',
    raw: `GET / HTTP/1.1\r\n${sectionOf(16 * 1024 + 1)}`,
    ...refused(431, 'FieldSectionTooLarge'),
  },
  {
    title: 'RFC 9110 §5.4: a header section of the largest size is processed',
    raw: `GET / HTTP/1.1\r\n${sectionOf(16 * 1024)}`,
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §5.4: more field lines than the server wishes to process are answered 431 and closed',
    raw: `${GET}${'X: y\r\n'.repeat(100)}\r\n`,
    ...refused(431, 'TooManyFieldLines'),
  },
  {
    title: 'RFC 9110 §5.4: a hundred field lines are processed',
    raw: `${GET}${'X: y\r\n'.repeat(99)}\r\n`,
    ...served('hello'),
  },
  {
    title:
      'RFC 9110 §5.4: a trailer section larger than the server wishes to process is answered 431 and closed',
    raw: `${CHUNKED}0\r\nX: ${'a'.repeat(4_096)}\r\n\r\n`,
    ...contentRefused(431, 'TrailerSectionTooLarge'),
  },
  {
    title: 'RFC 9110 §5.5: a CR in a value is answered 400 and closed',
    each: ['a\rb', 'a\r\rb', '\ra'],
    raw: (value) => `${GET}X: ${value}\r\n\r\n`,
    ...refused(400, 'BareCR'),
  },
  {
    title: 'RFC 9110 §5.5: an LF in a value is answered 400 and closed',
    each: ['a\nb', '\na', 'a\n'],
    raw: (value) => `${GET}X: ${value}\r\n\r\n`,
    ...refused(400, 'BareLF'),
  },
  {
    title: 'RFC 9110 §5.5: a NUL or another control octet in a value is answered 400 and closed',
    each: ['\x00', 'a\x00b', '\x01', '\x07', '\x08', '\x0b', '\x0c', '\x1b', '\x1f', '\x7f'],
    raw: (value) => `${GET}X: ${value}\r\n\r\n`,
    ...refused(400, 'FieldValueSyntax'),
  },
  {
    title: 'RFC 9110 §5.5: octets beyond ASCII in a value are opaque data, one character each',
    raw: `${FIELDS}X: \x80\xa0\xe9\xff\r\n\r\n`,
    answers: `HTTP/1.1 200 OK\r\n${TEXT}${DATE}Content-Length: 20\r\n\r\nhost: a\nx: \xc2\x80\xc2\xa0\xc3\xa9\xc3\xbf\n`,
    end: 'open',
  },
  {
    title: 'RFC 9110 §5.5: SP and HTAB around a value are no part of it',
    raw: `${FIELDS}X: \t a\t b \t\r\n\r\n`,
    ...served('host: a\nx: a\t b\n'),
  },
  {
    title: 'RFC 9110 §5.6.1: empty members of a list are ignored',
    each: [',close', ',,,close,,', ' , close ,', '\t,\tclose'],
    raw: (options) => `${GET}Connection: ${options}\r\n\r\n`,
    ...servedLast('hello'),
  },
  {
    title: 'RFC 9110 §5.6.1: empty members of Transfer-Encoding are not ignored but answered 400 and closed',
    each: [',chunked', 'chunked,', ', chunked ,'],
    raw: (codings) =>
      `POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ${codings}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ...refused(400, 'TransferEncodingSyntax'),
  },
  {
    title: 'RFC 9110 §5.6.2: every character of a token may stand in a field name and in a method',
    raw: "!#$%&'*+-.^_`|~09AZaz /method HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~09AZaz: y\r\n\r\n",
    ...served("!#$%&'*+-.^_`|~09AZaz"),
  },
  {
    title: 'RFC 9110 §5.6.4: a backslash in a quoted string takes the next octet with it',
    raw: `${CHUNKED}5;a="\\"\\\\";b\r\nhello\r\n0\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §5.6.7: a date is sent as IMF-fixdate',
    raw: `${GET}\r\n`,
    answers: answer('hello'),
    end: 'open',
  },
]);
