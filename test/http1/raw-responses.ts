/**
 * Responses a server may send and those it must not, octet by octet: what the decoder makes of each wherever it is cut, and
 * what the client makes of a server that sends it.
 */
import type { RejectionReason } from '../../src/http1/rejections.ts';
import type { ResponseRejectionReason } from '../../src/http1/response-rejections.ts';

export interface RawResponse {
  /** Begins with the section. */
  readonly title: string;
  /** Default `GET`. */
  readonly method?: string;
  /** One response each. */
  readonly raws: readonly string[];
  /** The server ends its side behind it. */
  readonly ends?: boolean;
  /** The content, or why it is refused. */
  readonly expect: { readonly content: string; readonly status?: number } | { readonly refused: Refusal };
  /** Part of the content is seen before the fault is. */
  readonly isFoundLate?: boolean;
}

export type Refusal = RejectionReason | ResponseRejectionReason;

const OK = 'HTTP/1.1 200 OK\r\n';
const LENGTH_5 = `${OK}Content-Length: 5\r\n\r\n`;
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const hello = { content: 'hello' };
const empty = { content: '' };

export const RAW_RESPONSES: readonly RawResponse[] = [
  {
    title: 'RFC 9112 §6.2: content of a declared length has that length',
    raws: [
      `${LENGTH_5}hello`,
      `${OK}content-length:\t005 \r\n\r\nhello`,
      `HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello`,
    ],
    expect: hello,
  },
  {
    title: 'RFC 9112 §6.2: content of length 0 is none',
    raws: [`${OK}Content-Length: 0\r\n\r\n`, `${CHUNKED}0\r\n\r\n`],
    expect: empty,
  },
  {
    title: 'RFC 9112 §7.1: chunked content is freed of its framing',
    raws: [
      `${CHUNKED}5\r\nhello\r\n0\r\n\r\n`,
      `${CHUNKED}2;a=b\r\nhe\r\n03\r\nllo\r\n000\r\nX: y\r\n\r\n`,
      `${OK}transfer-encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n`,
    ],
    expect: hello,
  },
  {
    title: 'RFC 9112 §6.3: content with neither a length nor chunks ends where the connection does',
    raws: [`${OK}\r\nhello`, 'HTTP/1.0 200 OK\r\nX: y\r\n\r\nhello', `${OK}Connection: close\r\n\r\nhello`],
    ends: true,
    expect: hello,
  },
  {
    title: 'RFC 9112 §6.3: 204 and 304 have no content, whatever they declare',
    raws: [
      'HTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n',
      'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
      'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
    expect: empty,
  },
  {
    title: 'RFC 9112 §6.3: an answer to HEAD has no content, whatever it declares',
    method: 'HEAD',
    raws: [
      `${LENGTH_5}`,
      `${CHUNKED}`,
      `${OK}\r\n`,
      'HTTP/1.1 404 Not Found\r\nContent-Length: 99999999\r\n\r\n',
    ],
    expect: empty,
  },
  {
    title: 'RFC 9110 §15.2: interim responses come before the final one, as many as there are',
    raws: [
      `HTTP/1.1 100 Continue\r\n\r\n${LENGTH_5}hello`,
      `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${LENGTH_5}hello`,
      `HTTP/1.1 199 \r\nX: y\r\n\r\n${LENGTH_5}hello`,
    ],
    expect: hello,
  },
  {
    title: 'RFC 9112 §4: the reason phrase may be empty, and may hold anything a field value may',
    raws: [
      'HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello',
      'HTTP/1.1 200  a\tb \xe9 \r\nContent-Length: 5\r\n\r\nhello',
      'HTTP/1.9 200 HTTP/1.1 404\r\nContent-Length: 5\r\n\r\nhello',
    ],
    expect: hello,
  },
  {
    title: 'RFC 9110 §15: a status code above 599 is framed like one of a server error',
    raws: [
      'HTTP/1.1 600 ?\r\nContent-Length: 5\r\n\r\nhello',
      'HTTP/1.1 999 ?\r\nContent-Length: 5\r\n\r\nhello',
    ],
    expect: hello,
  },
  {
    title: 'RFC 9112 §4: a response begins with a status-line',
    raws: [
      ...[
        'hello\r\n\r\n',
        '<html>',
        '\x15\x03\x01\x00\x02\x02\x46',
        '\0',
        ' HTTP/1.1 200 OK\r\n\r\n',
        '\r\nHTTP/1.1 200 OK\r\n\r\n',
      ],
      ...[
        'HTTP/1.1 20\r\n\r\n',
        'HTTP/1.1  200 OK\r\n\r\n',
        'HTTP/1.1\t200 OK\r\n\r\n',
        'HTTP/1.1 20 OK\r\n\r\n',
      ],
      ...[
        'HTTP/1.1 2000 OK\r\n\r\n',
        'HTTP/1.1 2x0 OK\r\n\r\n',
        'HTTP/1.1 +20 OK\r\n\r\n',
        'HTTP/1.1 200\tOK\r\n\r\n',
      ],
      ...[
        'HTTP/1.1 200OK\r\n\r\n',
        'HTTP/1.1 200-OK\r\n\r\n',
        'HTTP/1.1 OK\r\n\r\n',
        'HTTP/1.1 200 O\0K\r\n\r\n',
      ],
      ...[
        'http/1.1 200 OK\r\n\r\n',
        'HTTP/1.10 200 OK\r\n\r\n',
        'HTTP/1 200 OK\r\n\r\n',
        'HTTP/11 200 OK\r\n\r\n',
      ],
      ...[
        'HTTP/1.1 \xb200 OK\r\n\r\n',
        'HTTP/1.1 200 O\x7fK\r\n\r\n',
        'ICY 200 OK\r\n\r\n',
        'GET / HTTP/1.1\r\n\r\n',
      ],
    ],
    expect: { refused: 'StatusLineSyntax' },
  },
  {
    title: 'RFC 9112 §2.3: a response of another major version is refused',
    raws: ['HTTP/0.9 200 OK\r\n\r\n', 'HTTP/2.0 200 OK\r\n\r\n', 'HTTP/3.0 200 OK\r\n\r\n'],
    expect: { refused: 'VersionNotSupported' },
  },
  {
    title: 'RFC 9110 §15: a status code below 100 is refused',
    raws: ['HTTP/1.1 000 \r\n\r\n', 'HTTP/1.1 099 \r\n\r\n', 'HTTP/1.1 020 \r\n\r\n'],
    expect: { refused: 'StatusCodeInvalid' },
  },
  {
    title: 'RFC 9112 §2.2: a line of a head ends with CRLF, and with nothing else',
    raws: ['HTTP/1.1 200 OK\n\n', `${OK}X: y\n\r\n`, `${OK}X: y\r\n\n`, 'HTTP/1.1 200 OK\nX: y\r\n\r\n'],
    expect: { refused: 'BareLF' },
  },
  {
    title: 'RFC 9112 §2.2: a CR stands only before an LF',
    raws: [
      'HTTP/1.1 200 OK\rX: y\r\n\r\n',
      `${OK}X: y\rZ: z\r\n\r\n`,
      `${OK}X: y\r\n\rhello`,
      'HTTP/1.1 200 OK\r\r\n\r\n',
    ],
    expect: { refused: 'BareCR' },
  },
  {
    title: 'RFC 9112 §2.2: a header section does not begin with white space',
    raws: [`${OK} X: y\r\n\r\n`, `${OK}\tX: y\r\n\r\n`, `${OK} \r\n\r\n`, 'HTTP/1.1 200\r\n X: y\r\n\r\n'],
    expect: { refused: 'ObsoleteFolding' },
  },
  {
    title: 'RFC 9112 §5.2: a user agent reads obs-fold as spaces, also in the fields that frame the content',
    raws: [
      `${OK}X: y\r\n z\r\nContent-Length: 5\r\n\r\nhello`,
      `${OK}X: y\r\n Content-Length: 9\r\nContent-Length: 5\r\n\r\nhello`,
      `${OK}Content-Length:\r\n 5\r\n\r\nhello`,
      `${OK}Content-Length: 5\r\n\t\r\n \r\n\r\nhello`,
      `${OK}Transfer-Encoding: \r\n\tchunked \r\n \r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n z\r\n\r\n`,
      `HTTP/1.1 103 \r\nLink: a,\r\n b\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`,
    ],
    expect: hello,
  },
  {
    title: 'RFC 9112 §6.3: a length that obs-fold makes more than one number of is refused',
    raws: [`${OK}Content-Length: 5\r\n 5\r\n\r\nhello`, `${OK}Content-Length: \r\n \r\n\r\nhello`],
    expect: { refused: 'ContentLengthSyntax' },
  },
  {
    title: 'RFC 9112 §5.2: the octets of a folded line are those of a field value',
    raws: [`${OK}X: y\r\n \0\r\n\r\n`, `${OK}X: y\r\n \x7f\r\n\r\n`],
    expect: { refused: 'FieldValueSyntax' },
  },
  {
    title: 'RFC 9112 §4: a status-line without the space behind the code has an empty reason phrase',
    raws: [
      'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello',
      'HTTP/1.0 404\r\nContent-Length: 5\r\n\r\nhello',
      'HTTP/1.1 100\r\n\r\nHTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello',
    ],
    expect: hello,
  },
  {
    title: 'RFC 9112 §5.1: a field name is a token followed at once by a colon',
    raws: [
      `${OK}X : y\r\n\r\n`,
      `${OK}: y\r\n\r\n`,
      `${OK}X\r\n\r\n`,
      `${OK}X[: y\r\n\r\n`,
      `${OK}\xef: y\r\n\r\n`,
      `${OK}hello`,
    ].map((raw) => `${raw}\r\n`),
    expect: { refused: 'FieldNameSyntax' },
  },
  {
    title: 'RFC 9110 §5.5: a field value has no control octet',
    raws: [`${OK}X: \0\r\n\r\n`, `${OK}X: a\x07\r\n\r\n`, `${OK}X: \x7f\r\n\r\n`, `${OK}X:\x0by\r\n\r\n`],
    expect: { refused: 'FieldValueSyntax' },
  },
  {
    title: 'RFC 9112 §6.3: Content-Length and Transfer-Encoding exclude each other in a response, too',
    raws: [
      `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
      `${OK}Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n`,
      'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n',
    ],
    expect: { refused: 'LengthAndCoding' },
  },
  {
    title: 'RFC 9112 §6.3: a Content-Length that stands twice is refused, in lines or in a list',
    raws: [
      '5\r\nContent-Length: 5',
      '5\r\nContent-Length: 6',
      '5, 5',
      '5,6',
      ',5',
      '\r\nContent-Length: 5',
    ].map((value) => `${OK}Content-Length: ${value}\r\n\r\nhello`),
    expect: { refused: 'ContentLengthRepeated' },
  },
  {
    title: 'RFC 9110 §8.6: a Content-Length that is no decimal number within bounds is refused',
    raws: [
      '',
      '+5',
      '-0',
      '-5',
      '0x5',
      '1_0',
      '5.0',
      '1 0',
      'abc',
      '5a',
      '\xa05',
      '9007199254740992',
      '99999999999999999999',
    ].map((value) => `${OK}Content-Length: ${value}\r\n\r\nhello`),
    expect: { refused: 'ContentLengthSyntax' },
  },
  {
    title: 'RFC 9112 §6.1: a Transfer-Encoding that is not one chunked is refused',
    raws: [
      '',
      'identity',
      'gzip',
      'chunked, gzip',
      'chunked, chunked',
      'chunked\r\nTransfer-Encoding: chunked',
      ',chunked',
    ]
      .concat(['"chunked"', '\xa0chunked', 'chunked;a=b', 'xchunked', 'identity, chunked', 'chunke'])
      .map((value) => `${OK}Transfer-Encoding: ${value}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`),
    expect: { refused: 'TransferEncodingSyntax' },
  },
  {
    title: 'RFC 9112 §6.1: a coding that nobody asked for with TE is not understood',
    raws: ['gzip, chunked', 'Deflate,CHUNKED', 'x-compress, chunked'].map(
      (value) => `${OK}Transfer-Encoding: ${value}\r\n\r\n0\r\n\r\n`,
    ),
    expect: { refused: 'TransferCodingUnknown' },
  },
  {
    title: 'RFC 9112 §6.1: an HTTP/1.0 response has no Transfer-Encoding',
    raws: ['HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
    expect: { refused: 'TransferEncodingIn10' },
  },
  {
    title: 'RFC 9110 §8.6: an interim response declares no content',
    raws: [
      `HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n${LENGTH_5}hello`,
      `HTTP/1.1 103 Early Hints\r\nContent-Length: 52\r\n\r\n${LENGTH_5}hello`,
      `HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${LENGTH_5}hello`,
    ],
    expect: { refused: 'InterimWithContent' },
  },
  {
    title: 'RFC 9110 §7.8: a protocol that nobody offered is not switched to',
    raws: ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello'],
    expect: { refused: 'ProtocolSwitched' },
  },
  {
    title: 'RFC 9112 §7.1: a chunk-size is a hexadecimal number within bounds, and nothing around it',
    raws: [
      '+5',
      '0x5',
      '-1',
      '5 ',
      ' 5',
      '',
      'g',
      '5abcz',
      'FFFFFFFFFFFFFFFF0',
      '20000000000001',
      '00000000000000005',
    ].map((size) => `${CHUNKED}${size}\r\nhello\r\n0\r\n\r\n`),
    expect: { refused: 'ChunkSizeSyntax' },
    isFoundLate: true,
  },
  {
    title: 'RFC 9112 §7.1: chunk-data is followed by CRLF, looked at and not skipped',
    raws: [
      `${CHUNKED}5\r\nhelloxx0\r\n\r\n`,
      `${CHUNKED}5\r\nhello\n0\r\n\r\n`,
      `${CHUNKED}4\r\nhello\r\n0\r\n\r\n`,
    ],
    expect: { refused: 'ChunkDataSyntax' },
    isFoundLate: true,
  },
  {
    title: 'RFC 9112 §7.1.1: a chunk extension follows the grammar',
    raws: [`${CHUNKED}5;\r\nhello\r\n`, `${CHUNKED}5;a=[\r\nhello\r\n`, `${CHUNKED}5;a="\0"\r\nhello\r\n`],
    expect: { refused: 'ChunkExtensionSyntax' },
    isFoundLate: true,
  },
  {
    title: 'RFC 9112 §8: a response that is cut off is never complete',
    raws: [
      'H',
      'HTTP/1.1 200 OK\r',
      OK,
      `${OK}Content-Length: 5\r\n`,
      `HTTP/1.1 100 Continue\r\n\r\n`,
      `${LENGTH_5}hell`,
      LENGTH_5,
      CHUNKED,
      `${CHUNKED}5\r\nhello\r\n`,
      `${CHUNKED}5\r\nhello\r\n0\r\n`,
      `${CHUNKED}5\r\nhello\r\n0\r\nX: y\r\n`,
      '',
    ],
    ends: true,
    expect: { refused: 'Incomplete' },
    isFoundLate: true,
  },
  {
    title: 'RFC 9112 §9.2: octets behind a response answer nothing, however much they look like one',
    raws: [
      `${LENGTH_5}hello${LENGTH_5}world`,
      `${CHUNKED}0\r\n\r\n\r\n`,
      `${OK}Content-Length: 0\r\n\r\nx`,
      `HTTP/1.1 204 No Content\r\nContent-Length: 42\r\n\r\n${LENGTH_5}hello`,
      `HTTP/1.1 304 Not Modified\r\n\r\n${LENGTH_5}hello`,
    ],
    expect: { refused: 'Unsolicited' },
    isFoundLate: true,
  },
  {
    title: 'RFC 9112 §9.2: what follows the head of an answer to HEAD answers nothing',
    method: 'HEAD',
    raws: [`${LENGTH_5}hello`, `${CHUNKED}0\r\n\r\n`, `${LENGTH_5}${LENGTH_5}`],
    expect: { refused: 'Unsolicited' },
    isFoundLate: true,
  },
];
