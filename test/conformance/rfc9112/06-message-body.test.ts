/** RFC 9112 §6: whether a message has a body, and where it ends. */
import {
  answer,
  CHUNKED,
  contentRefused,
  DATE,
  ECHO,
  GET,
  refusal,
  refused,
  served,
  servedLast,
  TEXT,
} from '../requirement.ts';
import { conformance } from '../run.ts';

const CHUNKS = '5\r\nhello\r\n0\r\n\r\n';
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

conformance('RFC 9112, 6. Message Body', [
  {
    title: 'RFC 9112 §6: a body is there if Content-Length or Transfer-Encoding says so, whatever the method',
    each: ['GET', 'DELETE', 'OPTIONS', 'BREW', 'TRACE'],
    raw: (method) =>
      `${method} /unread HTTP/1.1\r\nHost: a\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    ...served('unread'),
  },
  {
    title: 'RFC 9112 §6: a body of a GET is there for a handler that reads it',
    raw: `GET /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §6.1: the chunked transfer coding is understood',
    raw: `${CHUNKED}${CHUNKS}`,
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §6.1: a transfer coding that is known and not implemented is answered 501 and closed',
    each: [
      'gzip, chunked',
      'deflate,chunked',
      'compress , chunked',
      'x-gzip, chunked',
      'gzip, deflate, chunked',
    ],
    raw: (codings) => `${ECHO}Transfer-Encoding: ${codings}\r\n\r\n${CHUNKS}`,
    ...refused(501, 'TransferCodingUnknown'),
  },
  {
    title: 'RFC 9112 §6.1: chunked applied more than once is answered 400 and closed',
    each: ['chunked, chunked', 'chunked,gzip,chunked', 'chunked\r\nTransfer-Encoding: chunked'],
    raw: (codings) => `${ECHO}Transfer-Encoding: ${codings}\r\n\r\n${CHUNKS}`,
    ...refused(400, 'TransferEncodingSyntax'),
  },
  {
    title:
      'RFC 9112 §6.1: a request with both Content-Length and Transfer-Encoding is answered 400 and closed',
    each: [
      'Content-Length: 5\r\nTransfer-Encoding: chunked',
      'Transfer-Encoding: chunked\r\nContent-Length: 5',
      'Content-Length: 0\r\nTransfer-Encoding: chunked',
      'Transfer-Encoding: identity\r\nContent-Length: 5',
      'Content-Length:\r\nTransfer-Encoding: chunked',
    ],
    raw: (fields) => `${ECHO}${fields}\r\n\r\n${CHUNKS}`,
    ...refused(400, 'LengthAndCoding'),
  },
  {
    title:
      'RFC 9112 §6.1: the framing of an HTTP/1.0 request with Transfer-Encoding is faulty: 400 and closed',
    each: ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 5'],
    raw: (fields) => `POST /echo HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n${fields}\r\n\r\n${CHUNKS}`,
    ...refused(400, 'TransferEncodingIn10'),
  },
  {
    title: 'RFC 9112 §6.1: an answer has no Transfer-Encoding unless the request says HTTP/1.1 or later',
    raw: 'GET /stream HTTP/1.0\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Connection: close\r\n\r\nhello world`,
    end: 'fin',
  },
  {
    title: 'RFC 9112 §6.1: an answer to HTTP/1.2 may have Transfer-Encoding',
    raw: 'GET /stream HTTP/1.2\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n`,
    end: 'open',
  },
  {
    title:
      'RFC 9112 §6.1: a 1xx answer has no Transfer-Encoding and no Content-Length, whatever the handler says',
    raw: 'GET /informational-framing HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n${answer('hello')}`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §6.1: a 204 answer has no Transfer-Encoding',
    raw: 'GET /status/204 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 204 No Content\r\n${DATE}\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §6.1: a 2xx answer to CONNECT has no Transfer-Encoding and no Content-Length',
    application: 'tunnels',
    raw: ['CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n', 'through'],
    finish: true,
    answers: [`HTTP/1.1 200 OK\r\nX-Tunnel: yes\r\n${DATE}\r\n`, 'through'],
    end: 'fin',
  },
  {
    title: 'RFC 9112 §6.1: an answer is chunked once at most: a Transfer-Encoding of the handler is not sent',
    raw: 'GET /own-coding HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('hello'),
  },
  {
    title: 'RFC 9112 §6.2: an answer with Content-Length has no Transfer-Encoding',
    raw: 'GET /with-length HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Content-Length: 5\r\n\r\nhello`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §6.2: Content-Length counts the octets of the content',
    raw: 'GET /snowman HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${TEXT}${DATE}Content-Length: 3\r\n\r\n\xe2\x98\x83`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §6.3: item 1, an answer to HEAD ends with its head',
    raw: 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('hello', { head: true }),
  },
  {
    title: 'RFC 9112 §6.3: item 1, a 304 answer ends with its head',
    raw: 'GET /length-304 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n${DATE}Content-Length: 5\r\n\r\n`,
    end: 'open',
  },
  {
    title: 'RFC 9112 §6.3: item 2, behind the head of a 2xx answer to CONNECT the connection is a tunnel',
    application: 'tunnels',
    raw: ['CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n\x00\xff'],
    finish: true,
    answers: [`HTTP/1.1 200 OK\r\nX-Tunnel: yes\r\n${DATE}\r\n`, 'GET / HTTP/1.1\r\n\r\n\x00\xff'],
    end: 'fin',
    handled: ['CONNECT a:80'],
  },
  {
    title:
      'RFC 9112 §6.3: item 4, a request whose last transfer coding is not chunked is answered 400 and closed',
    each: [
      'gzip',
      'identity',
      'chunked, gzip',
      'chunked, identity',
      'xchunked',
      'chunkedx',
      'chunk',
      '',
      ',',
    ],
    raw: (codings) => `${ECHO}Transfer-Encoding: ${codings}\r\n\r\n${CHUNKS}`,
    ...refused(400, 'TransferEncodingSyntax'),
  },
  {
    title: 'RFC 9112 §6.3: item 4, octets around chunked make another coding of it: 400 and closed',
    each: ['\xa0chunked', 'chunked\x85', '"chunked"', "'chunked'", 'chun ked', 'chunked;', 'chunked:'],
    raw: (coding) => `${ECHO}Transfer-Encoding: ${coding}\r\n\r\n${CHUNKS}`,
    ...refused(400, 'TransferEncodingSyntax'),
  },
  {
    title: 'RFC 9112 §6.3: item 5, an invalid Content-Length is answered 400 and closed',
    each: ['+5', '-5', '-0', '0x5', '5.0', '5e0', '1_0', '1 0', '5a', 'a', '', '\xa05', '\xb2', '5;a'],
    raw: (length) => `${ECHO}Content-Length: ${length}\r\n\r\nhello`,
    ...refused(400, 'ContentLengthSyntax'),
  },
  {
    title: 'RFC 9112 §6.3: item 5, Content-Lengths that differ are answered 400 and closed',
    each: ['5\r\nContent-Length: 6', '5, 6', '5\r\nContent-Length:', '5\r\ncontent-length: 05', '5,,6'],
    raw: (lengths) => `${ECHO}Content-Length: ${lengths}\r\n\r\nhello`,
    ...refused(400, 'ContentLengthRepeated'),
  },
  {
    title:
      'RFC 9112 §6.3: item 5, Content-Lengths that are equal are answered 400 and closed, which the RFC leaves open',
    each: ['5\r\nContent-Length: 5', '5, 5', '5,5'],
    raw: (lengths) => `${ECHO}Content-Length: ${lengths}\r\n\r\nhello`,
    ...refused(400, 'ContentLengthRepeated'),
  },
  {
    title:
      'RFC 9112 §6.3: item 6, a valid Content-Length is the length of the body, and a request may follow it at once',
    each: ['5', '05', '0000000000000005'],
    raw: (length) => `${ECHO}Content-Length: ${length}\r\n\r\nhello`,
    ...served('hello'),
  },
  {
    title:
      'RFC 9112 §6.3: item 6, a client that ends before the last octet has sent an incomplete message: 400 and closed',
    raw: `${ECHO}Content-Length: 5\r\n\r\nhell`,
    finish: true,
    answers: refusal(400, 'Incomplete'),
    end: 'fin',
    handled: ['POST /echo'],
  },
  {
    title: 'RFC 9112 §6.3: item 7, a request with neither Content-Length nor Transfer-Encoding has no body',
    raw: `${ECHO}\r\n`,
    ...served(''),
  },
  {
    title: 'RFC 9112 §6.3: item 7, octets behind a request without a body are not its body',
    raw: `${ECHO}\r\nhello`,
    finish: true,
    answers: answer(''),
    end: 'fin',
    handled: ['POST /echo'],
  },
  {
    title: 'RFC 9112 §6.3: item 8, an answer of unknown length to HTTP/1.0 ends where the connection does',
    raw: 'GET /stream HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n',
    answers: `HTTP/1.1 200 OK\r\n${DATE}Connection: close\r\n\r\nhello world`,
    end: 'fin',
  },
  {
    title: 'RFC 9112 §6.3: an answer of known length has Content-Length, also to HTTP/1.0',
    raw: 'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
    ...servedLast('hello'),
  },
  {
    title: 'RFC 9112 §6.3: content of a request is refused for its framing before the handler hears of it',
    raw: `${GET}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    ...refused(400, 'LengthAndCoding'),
  },
  {
    title: 'RFC 9112 §6.3: content that breaks its framing is never given to the handler as complete',
    raw: `${CHUNKED}5\r\nhelloX0\r\n\r\n`,
    ...contentRefused(400, 'ChunkDataSyntax'),
  },
]);
