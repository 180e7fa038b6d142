import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Framing,
  receivedResponseFraming,
  requestFraming,
  responseFraming,
  sentRequestFraming,
} from '../../../src/http1/content/framing.ts';
import { REJECTIONS, type RejectionReason } from '../../../src/http1/rejections.ts';
import { RESPONSE_REJECTIONS } from '../../../src/http1/response-rejections.ts';
import { parseContentLength, responseMayHaveContent } from '../../../src/semantics/content-length.ts';

/** What a request says of its framing: the values of its field lines, and its version. */
interface Fields {
  readonly te?: readonly string[];
  readonly length?: readonly string[];
  readonly minor?: number;
}

function framingOf({ te = [], length = [], minor = 1 }: Fields): ReturnType<typeof requestFraming> {
  return requestFraming({
    minor,
    transferEncodingLines: te.length,
    transferEncoding: te.at(-1) ?? '',
    contentLengthLines: length.length,
    contentLength: length.at(-1) ?? '',
  });
}

const NONE: Framing = { kind: 'none' };
const CHUNKED: Framing = { kind: 'chunked' };
const UNTIL_CLOSE: Framing = { kind: 'until-close' };
const octets = (length: number): Framing => ({ kind: 'length', length });

const accepted: { title: string; rows: [fields: Fields, framing: Framing][] }[] = [
  {
    title: 'RFC 9112 §6.3: a request with neither Content-Length nor Transfer-Encoding has no content',
    rows: [
      [{}, NONE],
      [{ minor: 0 }, NONE],
    ],
  },
  {
    title: 'RFC 9112 §6.2: Content-Length is the number of octets, in any minor version',
    rows: [
      [{ length: ['5'] }, octets(5)],
      [{ length: ['5'], minor: 0 }, octets(5)],
      [{ length: ['9'], minor: 9 }, octets(9)],
      [{ length: ['0'] }, NONE],
      [{ length: ['000'] }, NONE],
      [{ length: ['0000000000000017'] }, octets(17)],
      [{ length: ['9007199254740991'] }, octets(9007199254740991)],
    ],
  },
  {
    title: 'RFC 9112 §7: chunked is understood in any case, in HTTP/1.1 and later',
    rows: [
      [{ te: ['chunked'] }, CHUNKED],
      [{ te: ['CHUNKED'] }, CHUNKED],
      [{ te: ['cHunKed'], minor: 2 }, CHUNKED],
    ],
  },
];

for (const { title, rows } of accepted) {
  test(title, () => {
    for (const [fields, framing] of rows)
      assert.deepEqual(framingOf(fields), framing, JSON.stringify(fields));
  });
}

const refused: { title: string; reason: RejectionReason; rows: Fields[] }[] = [
  {
    title: 'RFC 9112 §6.1: Transfer-Encoding in HTTP/1.0 is refused',
    reason: 'TransferEncodingIn10',
    rows: [
      { te: ['chunked'], minor: 0 },
      { te: ['chunked'], length: ['5'], minor: 0 },
      { te: ['x'], minor: 0 },
    ],
  },
  {
    title: 'RFC 9112 §6.3: Transfer-Encoding together with Content-Length is refused, whatever they say',
    reason: 'LengthAndCoding',
    rows: [
      { te: ['chunked'], length: ['5'] },
      { te: ['chunked'], length: ['0'] },
      { te: ['identity'], length: ['5'] },
      { te: [''], length: [''] },
      { te: ['gzip, chunked'], length: ['5', '5'] },
    ],
  },
  {
    title:
      'RFC 9112 §6.3: a Transfer-Encoding that is not exactly one chunked at its end is refused with 400',
    reason: 'TransferEncodingSyntax',
    rows: [
      ...['', 'gzip', 'identity', 'chunked, gzip', 'chunked, chunked', 'chunked, gzip, chunked', ',chunked'],
      ...[
        'chunked,',
        'gzip,,chunked',
        'chunked;a=b',
        'gzip;q=1, chunked',
        '"chunked"',
        '\vchunked',
        '\xa0chunked',
      ],
      ...[
        'chunked\0',
        'xchunked',
        'chunkedx',
        'chun ked',
        'chunked chunked',
        'x, chunked',
        'identity, chunked',
      ],
      ...[
        'chunked, identity',
        'gzip chunked',
        'gzip; chunked',
        'trailers, chunked',
        'gzip, "chunked"',
        ', ,',
      ],
    ].map((value) => ({ te: [value] })),
  },
  {
    title: 'RFC 9112 §6.3: a repeated Transfer-Encoding is refused',
    reason: 'TransferEncodingSyntax',
    rows: [{ te: ['chunked', 'chunked'] }, { te: ['identity', 'chunked'] }, { te: ['', 'chunked'] }],
  },
  {
    title: 'RFC 9112 §6.1: a list of known codings that ends in chunked is not implemented',
    reason: 'TransferCodingUnknown',
    rows: [
      ...['gzip, chunked', 'x-gzip,chunked', 'deflate , chunked', 'compress, chunked', 'x-compress, chunked'],
      ...['gzip, deflate, chunked', 'GZIP, Chunked', 'gzip,\tchunked'],
    ].map((value) => ({ te: [value] })),
  },
  {
    title: 'RFC 9110 §8.6: a repeated Content-Length is refused, even when the values are equal',
    reason: 'ContentLengthRepeated',
    rows: [
      { length: ['5', '5'] },
      { length: ['5', '6'] },
      { length: ['', '5'] },
      { length: ['5, 5'] },
      { length: ['5,5'] },
      { length: ['5, 6'] },
      { length: ['5,'] },
    ],
  },
  {
    title: 'RFC 9110 §8.6: a Content-Length that is not a decimal number within bounds is refused',
    reason: 'ContentLengthSyntax',
    rows: [
      ...[
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
        '1e3',
        '\xa05',
        '\xb2',
        '"5"',
        'Infinity',
      ],
      ...['NaN', '5;', '9007199254740992', '9007199254740993', '99999999999999999999', '00000000000000017'],
    ].map((value) => ({ length: [value] })),
  },
];

for (const { title, reason, rows } of refused) {
  test(title, () => {
    for (const fields of rows) assert.equal(framingOf(fields), REJECTIONS[reason], JSON.stringify(fields));
  });
}

test('RFC 9112 §6.3: what cannot be framed is 400, what is not implemented is 501', () => {
  assert.equal(REJECTIONS.TransferEncodingSyntax.status, 400);
  assert.equal(REJECTIONS.TransferCodingUnknown.status, 501);
});

test('RFC 9110 §8.6: of all characters only the ten digits make up a Content-Length', () => {
  for (let code = 0; code < 0x10000; code++) {
    const digit = '0123456789'.indexOf(String.fromCharCode(code));
    assert.equal(parseContentLength(String.fromCharCode(code)), digit, `U+${code.toString(16)}`);
    assert.equal(parseContentLength(`1${String.fromCharCode(code)}`), digit < 0 ? -1 : 10 + digit);
  }
});

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'CONNECT', 'connect', 'head'];

test('RFC 9112 §6.3: of the responses, those to HEAD, 1xx, 204, 304 and 2xx to CONNECT have no content', () => {
  for (const method of METHODS) {
    for (let status = 100; status < 600; status++) {
      const never = status < 200 || status === 204 || status === 304;
      const tunnel = method === 'CONNECT' && status >= 200 && status < 300;
      const expected = !never && !tunnel && method !== 'HEAD';
      assert.equal(responseMayHaveContent(method, status), expected, `${method} ${status}`);
    }
  }
});

type ResponseRow = [method: string, minor: number, status: number, contentLength: number, framing: Framing];

const responses: { title: string; rows: ResponseRow[] }[] = [
  {
    title: 'RFC 9112 §6.3: content of a known length is framed by Content-Length, in either version',
    rows: [
      ['GET', 1, 200, 5, octets(5)],
      ['GET', 0, 200, 5, octets(5)],
      ['GET', 1, 404, 0, octets(0)],
      ['GET', 0, 200, 0, octets(0)],
      ['CONNECT', 1, 407, 5, octets(5)],
    ],
  },
  {
    title: 'RFC 9112 §7.1: content of unknown length is chunked for HTTP/1.1 and later',
    rows: [
      ['GET', 1, 200, -1, CHUNKED],
      ['GET', 9, 500, -1, CHUNKED],
      ['CONNECT', 1, 502, -1, CHUNKED],
    ],
  },
  {
    title:
      'RFC 9112 §6.1: HTTP/1.0 gets no chunked coding, content of unknown length ends with the connection',
    rows: [
      ['GET', 0, 200, -1, UNTIL_CLOSE],
      ['POST', 0, 500, -1, UNTIL_CLOSE],
    ],
  },
  {
    title: 'RFC 9110 §15.3.6: 205 has no content, and says so',
    rows: [
      ['POST', 1, 205, -1, octets(0)],
      ['POST', 0, 205, -1, octets(0)],
      ['POST', 1, 205, 5, octets(0)],
    ],
  },
  {
    title: 'RFC 9112 §6.3: a response that has no content is framed by its head, whatever length is given',
    rows: [
      ...[-1, 0, 5].flatMap((length): ResponseRow[] => [
        ['HEAD', 1, 200, length, NONE],
        ['HEAD', 0, 404, length, NONE],
        ['GET', 1, 204, length, NONE],
        ['GET', 0, 304, length, NONE],
        ['GET', 1, 101, length, NONE],
        ['CONNECT', 1, 200, length, NONE],
        ['CONNECT', 1, 299, length, NONE],
      ]),
    ],
  },
];

for (const { title, rows } of responses) {
  test(title, () => {
    for (const [requestMethod, requestMinor, status, contentLength, framing] of rows) {
      assert.deepEqual(
        responseFraming({ requestMethod, requestMinor, status, contentLength }),
        framing,
        `${requestMethod} 1.${requestMinor} ${status} ${contentLength}`,
      );
    }
  });
}

function receivedFraming(
  requestMethod: string,
  status: number,
  fields: Fields,
): ReturnType<typeof receivedResponseFraming> {
  const { te = [], length = [], minor = 1 } = fields;
  return receivedResponseFraming({
    requestMethod,
    status,
    minor,
    transferEncodingLines: te.length,
    transferEncoding: te.at(-1) ?? '',
    contentLengthLines: length.length,
    contentLength: length.at(-1) ?? '',
  });
}

test('RFC 9112 §6.3: the content of a response that is received ends where its fields say, or the connection ends', () => {
  for (const status of [200, 203, 205, 206, 301, 404, 500, 999]) {
    for (const minor of [0, 1, 9]) {
      assert.deepEqual(receivedFraming('GET', status, { minor }), UNTIL_CLOSE);
      assert.deepEqual(receivedFraming('GET', status, { minor, length: ['0'] }), NONE);
      assert.deepEqual(receivedFraming('POST', status, { minor, length: ['5'] }), octets(5));
      if (minor > 0) assert.deepEqual(receivedFraming('GET', status, { minor, te: ['chunked'] }), CHUNKED);
    }
  }
});

test('RFC 9112 §6.3: a response that has no content has none, whatever it declares, if that is well-formed', () => {
  const declarations: Fields[] = [{}, { length: ['5'] }, { te: ['chunked'] }, { length: ['0'], minor: 0 }];
  for (const fields of declarations) {
    for (const status of [200, 404, 500]) assert.deepEqual(receivedFraming('HEAD', status, fields), NONE);
    for (const status of [204, 304]) assert.deepEqual(receivedFraming('GET', status, fields), NONE);
  }
});

test('RFC 9112 §6.3: in a 2xx to CONNECT both fields are ignored, in any other answer to it they are not', () => {
  const fields = { te: ['x'], length: ['y', 'z'] };
  for (const status of [200, 204, 299]) assert.deepEqual(receivedFraming('CONNECT', status, fields), NONE);
  assert.equal(receivedFraming('CONNECT', 300, fields), REJECTIONS.LengthAndCoding);
  assert.deepEqual(receivedFraming('CONNECT', 407, { length: ['5'] }), octets(5));
});

test('RFC 9112 §6.3: what is refused in a request is refused in a response, for the same reason', () => {
  for (const { reason, rows } of refused) {
    for (const fields of rows) {
      for (const [method, status] of [
        ['GET', 200],
        ['HEAD', 200],
        ['GET', 304],
      ] as const)
        assert.equal(receivedFraming(method, status, fields), REJECTIONS[reason], JSON.stringify(fields));
    }
  }
});

test('RFC 9110 §8.6: an interim response that declares content is refused', () => {
  for (const status of [100, 101, 102, 103, 199]) {
    assert.deepEqual(receivedFraming('GET', status, {}), NONE);
    for (const fields of [{ length: ['0'] }, { length: ['5'] }, { te: ['chunked'] }])
      assert.equal(receivedFraming('GET', status, fields), RESPONSE_REJECTIONS.InterimWithContent);
  }
});

test('RFC 9110 §8.6: a request that is sent has a length, chunks, or no content, which some methods have to say', () => {
  const rows: [method: string, contentLength: number | undefined, framing: Framing][] = [
    ['GET', undefined, NONE],
    ['DELETE', undefined, NONE],
    ['post', undefined, NONE],
    ['POST', undefined, octets(0)],
    ['PUT', undefined, octets(0)],
    ['PATCH', undefined, octets(0)],
    ['GET', 0, octets(0)],
    ['POST', 5, octets(5)],
    ['GET', -1, CHUNKED],
    ['PUT', -1, CHUNKED],
  ];
  for (const [method, contentLength, framing] of rows)
    assert.deepEqual(sentRequestFraming({ method, contentLength }), framing, `${method} ${contentLength}`);
});
