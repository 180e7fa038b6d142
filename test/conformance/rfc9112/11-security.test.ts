/** RFC 9112 §11: splitting answers and smuggling requests. */
import { answer, CHUNKED, contentRefused, ECHO, GET, plain, refused, served } from '../requirement.ts';
import { conformance } from '../run.ts';

const FAULT = { answers: plain(500, 'Internal Server Error\n'), end: 'open' } as const;
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

conformance('RFC 9112, 11. Security Considerations', [
  {
    title: 'RFC 9112 §11.1: a field value of the handler can not end its line',
    raw: 'GET /splitting HTTP/1.1\r\nHost: a\r\n\r\n',
    ...FAULT,
  },
  {
    title:
      'RFC 9112 §11.1: a field value of the handler can not end its line with what is CRLF once cut to octets',
    raw: 'GET /truncating HTTP/1.1\r\nHost: a\r\n\r\n',
    ...FAULT,
  },
  {
    title: 'RFC 9112 §11.1: a field name of the handler can not become two fields',
    raw: 'GET /splitting-name HTTP/1.1\r\nHost: a\r\n\r\n',
    ...FAULT,
  },
  {
    title: 'RFC 9112 §11.1: a reason phrase of the handler can not end its line',
    raw: 'GET /splitting-reason HTTP/1.1\r\nHost: a\r\n\r\n',
    ...FAULT,
  },
  {
    title: 'RFC 9112 §11.1: an encoded CRLF in a request-target stays encoded',
    raw: 'GET /target?%0d%0aSet-Cookie:a HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('/target?%0d%0aSet-Cookie:a'),
  },
  {
    title: 'RFC 9112 §11.1: nothing that a client has sent is in the answer that refuses it',
    raw: 'GET /?<script> HTTP/1.1\r\nHost: a\r\nX<script>: y\r\n\r\n',
    ...refused(400, 'FieldNameSyntax'),
  },
  {
    title: 'RFC 9112 §11.2: a request in a body of a known length stays there',
    raw: `${ECHO}Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    ...served(SMUGGLED),
    handled: ['POST /echo'],
  },
  {
    title: 'RFC 9112 §11.2: a request in a chunk stays there',
    raw: `${CHUNKED}${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`,
    ...served(SMUGGLED),
    handled: ['POST /echo'],
  },
  {
    title: 'RFC 9112 §11.2: two lengths, or a length and a coding, make no second request',
    each: [
      `Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
      `Content-Length: 0, ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    ],
    raw: (rest) => `${ECHO}${rest}`,
    ...refused(400, 'ContentLengthRepeated'),
  },
  {
    title: 'RFC 9112 §11.2: a length beside a coding makes no second request, in either order',
    each: [
      `Content-Length: 4\r\nTransfer-Encoding: chunked`,
      `Transfer-Encoding: chunked\r\nContent-Length: 4`,
    ],
    raw: (fields) => `${ECHO}${fields}\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ...refused(400, 'LengthAndCoding'),
  },
  {
    title: 'RFC 9112 §11.2: a length hidden behind white space makes no second request',
    raw: `${GET}Content-Length : ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    ...refused(400, 'FieldNameSyntax'),
  },
  {
    title: 'RFC 9112 §11.2: an extension with a bare LF in it makes no second request',
    raw: `${CHUNKED}2;\nxx\r\n4c\r\n0\r\n\r\n${SMUGGLED}`,
    ...contentRefused(400, 'ChunkExtensionSyntax'),
  },
  {
    title: 'RFC 9112 §11.2: what follows the last-chunk is the next request, and only that',
    raw: `${CHUNKED}0\r\n\r\n${SMUGGLED}`,
    answers: answer('') + answer('nothing', { status: 404 }),
    end: 'open',
    handled: ['POST /echo', 'GET /smuggled'],
  },
]);
