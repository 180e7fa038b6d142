/** RFC 9112 §2: how octets become a message, where its lines end, and its version. */
import { answer, ECHO, GET, refused, served } from '../requirement.ts';
import { conformance } from '../run.ts';

conformance('RFC 9112, 2. Message', [
  {
    title:
      'RFC 9112 §2.1: a message is a start-line, field lines and an empty line, each with CRLF, then the content',
    raw: `${ECHO}Content-Length: 5\r\n\r\nhello`,
    ...served('hello'),
    handled: ['POST /echo'],
  },
  {
    title: 'RFC 9112 §2.1: a message without field lines is complete with the empty line',
    raw: 'GET / HTTP/1.0\r\n\r\n',
    answers: answer('hello', { connection: 'close' }),
    end: 'fin',
    handled: ['GET /'],
  },
  {
    title:
      'RFC 9112 §2.2: a message is parsed as octets, not as Unicode: a low octet of a character ends no line',
    // U+560A, U+560D and U+FF0A in UTF-8, an overlong LF, and NEL as one octet.
    each: ['\xe5\x98\x8a\xe5\x98\x8d', '\xef\xbc\x8a', '\xc0\x8a', '\x85'],
    raw: (value) => `${GET}X: a${value}b\r\n\r\n`,
    ...served('hello'),
    handled: ['GET /'],
  },
  {
    title: 'RFC 9112 §2.2: a line of the head that ends with a bare LF is answered 400 and closed',
    each: [
      'GET / HTTP/1.1\nHost: a\n\n',
      'GET / HTTP/1.1\nHost: a\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\n\n',
      '\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
    ],
    raw: (head) => head,
    ...refused(400, 'BareLF'),
  },
  {
    title: 'RFC 9112 §2.2: a CR that no LF follows is answered 400 and closed where a line could end',
    each: [
      'GET / HTTP/1.1\rHost: a\r\n\r\n',
      `${GET}X: va\rlue\r\n\r\n`,
      `${GET}\rX: y\r\n\r\n`,
      `\r${GET}\r\n`,
    ],
    raw: (head) => head,
    ...refused(400, 'BareCR'),
  },
  {
    title: 'RFC 9112 §2.2: a CR inside an element is answered 400 and closed',
    raw: 'GET /a\rb HTTP/1.1\r\nHost: a\r\n\r\n',
    ...refused(400, 'TargetSyntax'),
  },
  {
    title: 'RFC 9112 §2.2: one or two empty lines before the request-line are ignored',
    each: ['\r\n', '\r\n\r\n'],
    raw: (empty) => `${empty}${GET}\r\n`,
    ...served('hello'),
    handled: ['GET /'],
  },
  {
    title: 'RFC 9112 §2.2: an empty line behind the content of a request is ignored before the next one',
    raw: `${ECHO}Content-Length: 5\r\n\r\nhello\r\n${GET}\r\n`,
    answers: answer('hello') + answer('hello'),
    end: 'open',
    handled: ['POST /echo', 'GET /'],
  },
  {
    title: 'RFC 9112 §2.2: more empty lines than that are answered 400 and closed',
    raw: `\r\n\r\n\r\n${GET}\r\n`,
    ...refused(400, 'TooManyEmptyLines'),
  },
  {
    title:
      'RFC 9112 §2.2: white space between the request-line and the first field line is answered 400 and closed',
    each: [' Host: a\r\n', '\tHost: a\r\n', ' \r\nHost: a\r\n', ' X: y\r\nHost: a\r\n'],
    raw: (lines) => `GET / HTTP/1.1\r\n${lines}\r\n`,
    ...refused(400, 'ObsoleteFolding'),
  },
  {
    title: 'RFC 9112 §2.2: octets that are no HTTP at all are answered 400 and closed',
    each: [
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03',
      '\x00\x00\r\n\r\n',
      '\xff\xfe\r\n\r\n',
      '{"a":1}\r\n\r\n',
    ],
    raw: (octets) => octets,
    ...refused(400, 'MethodSyntax'),
  },
  {
    title: 'RFC 9112 §2.3: the name of the protocol is case-sensitive',
    each: ['http/1.1', 'Http/1.1', 'HTTp/1.1'],
    raw: (version) => `GET / ${version}\r\nHost: a\r\n\r\n`,
    ...refused(400, 'VersionSyntax'),
  },
  {
    title: 'RFC 9112 §2.3: a version is one digit, a dot and one digit, else it is answered 400 and closed',
    each: ['HTTP/1', 'HTTP/1.', 'HTTP/.1', 'HTTP/01.1', 'HTTP/1.10', 'HTTP/1,1', 'HTTP/a.b', 'HTTP/-1.1'],
    raw: (version) => `GET / ${version}\r\nHost: a\r\n\r\n`,
    ...refused(400, 'VersionSyntax'),
  },
  {
    title: 'RFC 9112 §2.3: the version of the answer is the server’s own, HTTP/1.1, also to HTTP/1.0',
    raw: 'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
    answers: answer('hello', { connection: 'close' }),
    end: 'fin',
  },
]);
