/** RFC 9112 §7: chunks, their extensions, and trailer sections. */
import { answer, CHUNKED, contentRefused, DATE, ECHO, refused, served } from '../requirement.ts';
import { conformance } from '../run.ts';

const TRAILERS = 'POST /trailers HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
/** The octets of chunk extensions that one chunk may have. */
const MOST_EXTENSION = 4 * 1024;

conformance('RFC 9112, 7. Transfer Codings', [
  {
    title: 'RFC 9112 §7: the names of transfer codings are case-insensitive',
    each: ['chunked', 'Chunked', 'CHUNKED', ' chunked \t'],
    raw: (coding) => `${ECHO}Transfer-Encoding: ${coding}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §7.1: chunks are put together in order',
    raw: `${CHUNKED}5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n`,
    ...served('hello world'),
  },
  {
    title: 'RFC 9112 §7.1: chunk-data is any octets, also those that look like the end of a chunk',
    raw: `${CHUNKED}c\r\n\r\n0\r\n\r\nGET /\r\n0\r\n\r\n`,
    ...served('\r\n0\r\n\r\nGET /'),
  },
  {
    title: 'RFC 9112 §7.1: a chunk-size is hexadecimal, in either case, with leading zeros or without',
    each: ['a', 'A', '0a', '000000000000000A'],
    raw: (size) => `${CHUNKED}${size}\r\n0123456789\r\n0\r\n\r\n`,
    ...served('0123456789'),
  },
  {
    title: 'RFC 9112 §7.1: last-chunk is one or more zeros',
    each: ['0', '00', '0000000000000000'],
    raw: (size) => `${CHUNKED}5\r\nhello\r\n${size}\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §7.1: a body may be the last-chunk alone',
    raw: `${CHUNKED}0\r\n\r\n`,
    ...served(''),
  },
  {
    title: 'RFC 9112 §7.1: a chunk-size that is no hexadecimal number is answered 400 and closed',
    each: ['+5', '-5', '0x5', '5h', ' 5', '5 ', '5\t', '1_0', '', 'g', '5.', '\xb9', '5\x00'],
    raw: (size) => `${CHUNKED}${size}\r\nhello\r\n0\r\n\r\n`,
    ...contentRefused(400, 'ChunkSizeSyntax'),
  },
  {
    title:
      'RFC 9112 §7.1: a chunk-size too large to be counted is answered 400 and closed, and never wraps around',
    each: [
      '20000000000000',
      'FFFFFFFFFFFFFFFF',
      '10000000000000005',
      '00000000000000005',
      'FFFFFFFFFFFFFFFB',
    ],
    raw: (size) => `${CHUNKED}${size}\r\nhello\r\n0\r\n\r\n`,
    ...contentRefused(400, 'ChunkSizeSyntax'),
  },
  {
    title: 'RFC 9112 §7.1: a chunk-size larger than the server wishes to read is answered 413 and closed',
    each: ['100000005', '80000005', '1000001', '1FFFFFFFFFFFFF'],
    raw: (size) => `${CHUNKED}${size}\r\nhello\r\n0\r\n\r\n`,
    ...contentRefused(413, 'ContentTooLarge'),
  },
  {
    title: 'RFC 9112 §7.1: a bare LF behind a chunk-size is answered 400 and closed',
    raw: `${CHUNKED}5\nhello\r\n0\r\n\r\n`,
    ...contentRefused(400, 'BareLF'),
  },
  {
    title: 'RFC 9112 §7.1: a bare CR behind a chunk-size is answered 400 and closed',
    each: ['5\rhello\r\n0\r\n\r\n', '5\r\rhello\r\n0\r\n\r\n'],
    raw: (content) => `${CHUNKED}${content}`,
    ...contentRefused(400, 'BareCR'),
  },
  {
    title: 'RFC 9112 §7.1: whatever is not CRLF behind chunk-data is answered 400 and closed',
    each: ['0\r\n\r\n', '!!0\r\n\r\n', '\n0\r\n\r\n', '\r0\r\n\r\n', '\r\r\n0\r\n\r\n', ' \r\n0\r\n\r\n'],
    raw: (rest) => `${CHUNKED}5\r\nhello${rest}`,
    ...contentRefused(400, 'ChunkDataSyntax'),
  },
  {
    title: 'RFC 9112 §7.1: a chunk-size smaller than its data is answered 400, and hides no second request',
    raw: `${CHUNKED}2\r\nxx4c\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...contentRefused(400, 'ChunkDataSyntax'),
  },
  {
    title: 'RFC 9112 §7.1: a parameter of chunked is an error, answered 400 and closed',
    each: ['chunked;a=b', 'chunked; a', 'chunked;'],
    raw: (coding) => `${ECHO}Transfer-Encoding: ${coding}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ...refused(400, 'TransferEncodingSyntax'),
  },
  {
    title: 'RFC 9112 §7.1: an answer of unknown length is chunked, a chunk for each piece',
    raw: 'GET /stream HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §7.1: a piece without octets is not sent, for it would be the last-chunk',
    raw: 'GET /empty-pieces HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §7.1.1: chunk extensions that nobody knows are ignored',
    each: ['5;a', '5;a=b', '5;a="b c"', '5;a="\\""', '5;a=b;c;d="e"', '5;a=";"', '5;a="\xe9"'],
    raw: (size) => `${CHUNKED}${size}\r\nhello\r\n0;z=z\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §7.1.1: white space around the semicolon and the equals sign of an extension is ignored',
    each: ['5 ;a', '5\t; a', '5; a = b', '5 ; a\t=\t"b" ; c'],
    raw: (size) => `${CHUNKED}${size}\r\nhello\r\n0\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §7.1.1: a chunk extension outside the grammar is answered 400 and closed',
    each: [
      '5;',
      '5;;a',
      '5;a=',
      '5;=b',
      '5;a[',
      '5;a="b',
      '5;a="b"c',
      '5;a=b c',
      '5;\x00',
      '5;a\n',
      '5;a="\n"',
    ],
    raw: (size) => `${CHUNKED}${size}\r\nhello\r\n0\r\n\r\n`,
    ...contentRefused(400, 'ChunkExtensionSyntax'),
  },
  {
    title: 'RFC 9112 §7.1.1: the extensions of one chunk are limited, to 4,096 octets',
    raw: `${CHUNKED}5;${'a'.repeat(MOST_EXTENSION)}\r\nhello\r\n0\r\n\r\n`,
    ...contentRefused(400, 'ChunkExtensionTooLarge'),
  },
  {
    title: 'RFC 9112 §7.1.1: extensions within the limit are ignored however long they are',
    raw: `${CHUNKED}5;${'a'.repeat(MOST_EXTENSION - 1)}\r\nhello\r\n0\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §7.1.1: all that frames the chunks is limited by what they carry',
    raw: `${CHUNKED}${`1;${'a'.repeat(4_000)}\r\na\r\n`.repeat(17)}0\r\n\r\n`,
    ...contentRefused(400, 'ChunkOverheadTooLarge'),
  },
  {
    title: 'RFC 9112 §7.1.2: trailer fields are kept apart from the header section',
    raw: `${TRAILERS}5\r\nhello\r\n0\r\nX-Sum: 5\r\nX-Other: a\r\n\r\n`,
    ...served('hello\n--\nhost: a\ntransfer-encoding: chunked\n--\nx-other: a\nx-sum: 5\n'),
  },
  {
    title: 'RFC 9112 §7.1.2: trailer fields for framing, routing and the like are dropped',
    each: [
      'Content-Length: 5',
      'Transfer-Encoding: gzip',
      'Host: b',
      'Authorization: b',
      'Cookie: a',
      'TE: b',
    ],
    raw: (line) => `${TRAILERS}5\r\nhello\r\n0\r\n${line}\r\nX: y\r\n\r\n`,
    ...served('hello\n--\nhost: a\ntransfer-encoding: chunked\n--\nx: y\n'),
  },
  {
    title: 'RFC 9112 §7.1.2: a malformed trailer field is answered 400 and closed',
    each: ['X : y', 'X', ': y', 'X[: y'],
    raw: (line) => `${TRAILERS}5\r\nhello\r\n0\r\n${line}\r\n\r\n`,
    ...contentRefused(400, 'FieldNameSyntax'),
    handled: ['POST /trailers'],
  },
  {
    title: 'RFC 9112 §7.1.2: what looks like a request in a trailer section is none',
    raw: `${TRAILERS}0\r\nX:GET /admin HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...served('\n--\nhost: a\ntransfer-encoding: chunked\n--\nx: GET /admin HTTP/1.1\n'),
    handled: ['POST /trailers'],
  },
  {
    title:
      'RFC 9112 §7.1.2: a trailer section is sent behind the last-chunk, without what has no business there',
    raw: 'GET /with-trailers HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §7.1.2: without chunks there is no trailer section',
    raw: 'GET /with-trailers HTTP/1.0\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Connection: close\r\n\r\nhello`,
    end: 'fin',
  },
  {
    title:
      'RFC 9112 §7.1.3: the decoded body has no octet of its framing, and the next request begins behind it',
    raw: `${CHUNKED}3\r\nabc\r\n0\r\n\r\n${CHUNKED}3\r\ndef\r\n0\r\nX: y\r\n\r\n`,
    answers: answer('abc') + answer('def'),
    end: 'open',
  },
  {
    title:
      'RFC 9112 §7.2: x-gzip and x-compress are the codings that they are other names of: 501 and closed',
    each: ['x-gzip, chunked', 'x-compress, chunked', 'X-GZIP, chunked'],
    raw: (codings) => `${ECHO}Transfer-Encoding: ${codings}\r\n\r\n0\r\n\r\n`,
    ...refused(501, 'TransferCodingUnknown'),
  },
  {
    title: 'RFC 9112 §7.4: whatever TE asks for, an answer is chunked or has no transfer coding',
    each: ['', 'gzip', 'trailers, deflate;q=0.5', 'chunked;q=0', 'identity'],
    raw: (codings) => `GET /stream HTTP/1.1\r\nHost: a\r\nTE: ${codings}\r\nConnection: TE\r\n\r\n`,
    answers: `HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n`,
    end: 'open',
  },
]);
