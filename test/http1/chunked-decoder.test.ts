import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChunkedDecoder } from '../../src/http1/chunked-decoder.ts';
import { DEFAULT_LIMITS, type MessageLimits } from '../../src/http1/limits.ts';
import { latin1 } from '../../src/http1/octets.ts';
import { REJECTIONS, type RejectionReason } from '../../src/http1/rejections.ts';
import { CONTENT_END, NEED_OCTETS, REJECTED } from '../../src/http1/results.ts';
import { eachSplit } from '../support/each-split.ts';
import { FIELD_OCTET, HEXDIG, OCTETS, QDTEXT, sweptFieldLines, TCHAR } from './grammar.ts';
import { decodeChunks, limited, textOf } from './incremental.ts';

const LAST = '0\r\n\r\n';
const NEXT_REQUEST = 'GET / HTTP/1.1\r\n';

/** The content, or the status of the refusal. */
function assertDecoded(
  raw: string,
  expected: string | number,
  limits: MessageLimits = DEFAULT_LIMITS,
  trailers: string[] = [],
): void {
  eachSplit(
    raw,
    (chunks, { trailing }) => {
      const decoder = new ChunkedDecoder(limits, latin1);
      const decoded = decodeChunks(decoder, chunks);
      if (typeof expected === 'number') {
        assert.equal(decoded.outcome, REJECTED, `accepted: ${JSON.stringify(raw)}`);
        return assert.equal(decoder.rejection.status, expected, JSON.stringify(raw));
      }
      assert.equal(decoded.outcome, CONTENT_END, `${decoder.rejection.reason}: ${JSON.stringify(raw)}`);
      assert.equal(decoded.content, expected);
      assert.deepEqual(decoded.trailers, trailers);
      assert.equal(decoded.rest, textOf(trailing), 'what follows is left alone');
    },
    NEXT_REQUEST,
  );
}

function assertRefused(raw: string, reason: RejectionReason, limits: MessageLimits = DEFAULT_LIMITS): void {
  eachSplit(
    raw,
    (chunks) => {
      const decoder = new ChunkedDecoder(limits, latin1);
      assert.equal(decodeChunks(decoder, chunks).outcome, REJECTED, `accepted: ${JSON.stringify(raw)}`);
      const { rejection } = decoder;
      assert.equal(rejection, REJECTIONS[reason], `${rejection.reason}: ${JSON.stringify(raw)}`);
    },
    NEXT_REQUEST,
  );
}

test('RFC 9112 §7.1: the data of all chunks is the content, the last chunk ends it', () => {
  assertDecoded(LAST, '');
  assertDecoded('000\r\n\r\n', '');
  assertDecoded(`1\r\na\r\n2\r\nbc\r\n${LAST}`, 'abc');
  assertDecoded(`7\r\n0\r\n\r\n\0\xff\r\n${LAST}`, '0\r\n\r\n\0\xff');
});

test('RFC 9112 §7.1: chunk-size is hexadecimal in either case, with leading zeros up to 16 digits', () => {
  for (const size of ['b', 'B', '0b', '000000000000000B']) {
    assertDecoded(`${size}\r\nhello world\r\n${LAST}`, 'hello world');
  }
  assertDecoded(`1f\r\n${'x'.repeat(31)}\r\n${LAST}`, 'x'.repeat(31));
  assertDecoded(`100\r\n${'x'.repeat(256)}\r\n${LAST}`, 'x'.repeat(256));
});

test('RFC 9112 §8: a chunked content that breaks off is not complete', () => {
  const content = `2;a="b"\r\nhi\r\n0\r\nX: y\r\n\r\n`;
  for (let length = 1; length < content.length; length++) {
    eachSplit(content.slice(0, length), (chunks) => {
      assert.equal(decodeChunks(new ChunkedDecoder(DEFAULT_LIMITS, latin1), chunks).outcome, NEED_OCTETS);
    });
  }
});

const refusals: { title: string; reason: RejectionReason; contents: string[] }[] = [
  {
    title: 'RFC 9112 §7.1: a chunk-size is at least one hexadecimal digit and nothing else',
    reason: 'ChunkSizeSyntax',
    contents: [
      '+5',
      '-1',
      '0x5',
      ' 5',
      '\t5',
      '5 ',
      '5\t',
      '5 \t ',
      '1_0',
      '',
      '5.0',
      '5h',
      '"5"',
      '5,',
      '\xb5',
      '5\xa0',
      ';a',
    ].map((size) => `${size}\r\nhello\r\n${LAST}`),
  },
  {
    title: 'RFC 9112 §7.1: a chunk-size over 2^53-1 or 16 digits is refused, never truncated',
    reason: 'ChunkSizeSyntax',
    contents: [
      ...['20000000000000', '20000000000001', 'fffffffffffffff', '10000000000000005', 'FFFFFFFFFFFFFFFF'],
      ...['FFFFFFFFFFFFFFFF0', '00000000000000005', '00000000000000000'],
    ].map((size) => `${size}\r\nhello\r\n${LAST}`),
  },
  {
    title: 'RFC 9112 §7.1: chunk-data is followed by CRLF, wherever its size says that it ends',
    reason: 'ChunkDataSyntax',
    contents: [
      'hello0',
      'hello!!',
      'hello\n',
      'hello\r\r\n',
      'hello\n\r',
      'hello\r0',
      'hello ',
      'hell\r\n',
      'helloX\r\n',
    ].map((data) => `5\r\n${data}${LAST}`),
  },
  {
    title: 'RFC 9112 §7.1.1: a chunk extension is a semicolon, a name, and maybe a value',
    reason: 'ChunkExtensionSyntax',
    contents: [
      ...[
        ';',
        ';;a',
        ';a;',
        '; ',
        ';=b',
        ';a=',
        ';a= ',
        ';a=;b',
        ';a==b',
        ';a=b=c',
        ';a b',
        ';a,b',
        ';[',
        ';a=b c',
      ],
      ...[
        ' ;',
        ';a ',
        ';a=b ',
        ';a="b" ',
        ';a="b"c',
        ';a="b""c"',
        ';a="b',
        ';a="b\\',
        ';a=b"c"',
        ';\0',
        ';a=\x7f',
      ],
      ...[';a="\0"', ';a="\\\x01"', ';\xe9', ';a=\xe9', ';a="\x7f"', ';"a"'],
    ].map((extension) => `5${extension}\r\nhello\r\n${LAST}`),
  },
  {
    title: 'RFC 9112 §7.1.2: a malformed trailer section is refused like a header section',
    reason: 'FieldNameSyntax',
    contents: ['X : y\r\n\r\n', 'X\r\n\r\n', ': y\r\n\r\n', 'X\xef: y\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n'].map(
      (trailers) => `0\r\n${trailers}`,
    ),
  },
  {
    title: 'RFC 9112 §5.2: a trailer field is not folded',
    reason: 'ObsoleteFolding',
    contents: ['0\r\nX: y\r\n z\r\n\r\n', '0\r\n X: y\r\n\r\n', '0\r\n\t\r\n'],
  },
];

for (const { title, reason, contents } of refusals) {
  test(title, () => {
    for (const content of contents) assertRefused(content, reason);
  });
}

test('RFC 9112 §7.1: a chunk-size is taken at its true value, up to 2^53-1', () => {
  for (const size of ['1fffffffffffff', '100000005', '80000005', 'fffffffb']) {
    eachSplit(`${size}\r\nhello\r\n${LAST}`, (chunks) => {
      const decoder = new ChunkedDecoder(limited({ content: 0 }), latin1);
      const { outcome, content } = decodeChunks(decoder, chunks);
      assert.equal(outcome, NEED_OCTETS, size);
      assert.equal(content, `hello\r\n${LAST}`);
    });
  }
});

test('RFC 9112 §7.1: a bare LF or a bare CR anywhere in the chunked coding is refused', () => {
  const contents = [
    ...[
      '5\nhello\r\n0\r\n\r\n',
      '5\rhello\r\n0\r\n\r\n',
      '5;a\nhello\r\n',
      '5;a="\n"\r\n',
      '5;a="\r"\r\n',
      '5;\rb\r\n',
    ],
    ...[
      '5;a=\nb\r\n',
      '0\n\r\n',
      '0\r\n\n',
      '0\r\n\r\r\n',
      '0\r\nX: y\n\r\n',
      '0\r\nX: y\rz\r\n\r\n',
      '0\r\n\rX: y\r\n\r\n',
    ],
    ...[
      '5 \n',
      '5 ;\n',
      '5;a="\\\n"\r\n',
      '\n5\r\nhello\r\n',
      '\r\n5\r\nhello\r\n',
      '2;\nxx\r\n4c\r\n0\r\n\r\n',
    ],
  ];
  for (const content of contents) assertDecoded(content, 400);
});

test('RFC 9112 §7.1.1: chunk extensions that nobody knows are ignored, white space around ; and = too', () => {
  for (const extension of [
    ...[
      ';a',
      ';a=b',
      ';a="b"',
      ';a=""',
      ';a="b \\" ; \\\\ c"',
      ';a;b=c;d="e"',
      ';a=b;a=b',
      ";!#$%&'*+-.^_`|~0=1",
    ],
    ...[
      ' ;a',
      '\t ;\t a',
      ';a =b',
      ';a= b',
      ';a \t=\t b',
      ';a="b" ;c',
      ';a=b ;c',
      ';a ;b',
      ';a="\xe9\t"',
      ';a="\\\xe9"',
    ],
  ]) {
    assertDecoded(`5${extension}\r\nhello\r\n0${extension}\r\n\r\n`, 'hello');
  }
});

test('RFC 9112 §7.1: of all octets, hexadecimal digits and only they make up a chunk-size', () => {
  for (const o of OCTETS) {
    if (!HEXDIG.test(o)) {
      assertDecoded(`${o}\r\nx\r\n${LAST}`, 400);
      assertDecoded(`1${o}\r\nx\r\n${LAST}`, 400);
      continue;
    }
    const value = '0123456789abcdef'.indexOf(o.toLowerCase());
    const content = 'x'.repeat(16 + value);
    assertDecoded(`1${o}\r\n${content}\r\n${LAST}`, content);
    assertDecoded(value === 0 ? LAST : `${o}\r\n${content.slice(16)}\r\n${LAST}`, content.slice(16));
  }
});

test('RFC 9112 §7.1: of all octets, only CR and LF in this order end a chunk-size and the chunk-data', () => {
  for (const o of OCTETS) {
    assertDecoded(`1${o}\nx\r\n${LAST}`, o === '\r' ? 'x' : 400);
    assertDecoded(`1\r${o}x\r\n${LAST}`, o === '\n' ? 'x' : 400);
    assertDecoded(`1\r\nx${o}\n${LAST}`, o === '\r' ? 'x' : 400);
    assertDecoded(`1\r\nx\r${o}${LAST}`, o === '\n' ? 'x' : 400);
    assertDecoded(`0\r\n${o}\n`, o === '\r' ? '' : 400);
    assertDecoded(`0\r\n\r${o}`, o === '\n' ? '' : 400);
  }
});

test('RFC 9112 §7.1.1: of all octets, each place of a chunk extension takes those of the grammar', () => {
  for (const o of OCTETS) {
    const token = TCHAR.test(o);
    const blank = o === ' ' || o === '\t';
    const places: [extension: string, allowed: boolean][] = [
      [` ${o}a`, o === ';'],
      [` ${o};a`, blank],
      [`;${o}`, token],
      [`;a${o}b`, token || o === ';' || o === '='],
      [`;a${o}=b`, token || blank],
      [`;a=${o}`, token],
      [`;a=${o}b`, token || blank],
      [`;a=b${o}c`, token || o === ';'],
      [`;a="${o}"`, QDTEXT.test(o)],
      [`;a="\\${o}"`, FIELD_OCTET.test(o)],
      [`;a="b"${o}`, false],
      [`;a="b"${o};c`, blank],
    ];
    for (const [extension, allowed] of places) {
      assertDecoded(`1${extension}\r\nx\r\n${LAST}`, allowed ? 'x' : 400);
    }
  }
});

test('RFC 9112 §7.1.2: of all octets, each place of a trailer field takes those of the grammar', () => {
  for (const { line, field } of sweptFieldLines()) {
    const raw = `0\r\n${line}\r\n`;
    if (field === undefined) assertDecoded(raw, 400);
    else assertDecoded(raw, '', DEFAULT_LIMITS, [field]);
  }
});

test('RFC 9112 §7.1.2: trailer fields are told, in order, without white space around their values', () => {
  assertDecoded('1\r\nx\r\n0;a=b\r\nX-A:\t1 \r\nx-b:\r\nX-A: 2\r\n\r\n', 'x', DEFAULT_LIMITS, [
    'x-a: 1',
    'x-b: ',
    'x-a: 2',
  ]);
});

test('RFC 9110 §6.5.1: fields for framing, routing, authentication and conditions are dropped from a trailer section', () => {
  for (const name of [
    ...[
      'Content-Length',
      'Transfer-Encoding',
      'TE',
      'Trailer',
      'Host',
      'Connection',
      'Upgrade',
      'Keep-Alive',
    ],
    ...[
      'Proxy-Connection',
      'Authorization',
      'Proxy-Authorization',
      'Cookie',
      'Content-Type',
      'Content-Encoding',
    ],
    ...[
      'Content-Range',
      'Range',
      'Expect',
      'Max-Forwards',
      'Cache-Control',
      'If-Match',
      'If-None-Match',
      'If-Range',
    ],
    ...['If-Modified-Since', 'If-Unmodified-Since', 'Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host'],
  ]) {
    for (const spelt of [name, name.toUpperCase(), name.toLowerCase()]) {
      assertDecoded(`0\r\nA: b\r\n${spelt}: 5\r\nC: d\r\n\r\n`, '', DEFAULT_LIMITS, ['a: b', 'c: d']);
    }
  }
});

test('RFC 9112 §7.1.2: what looks like a request in the trailer section is a trailer field', () => {
  const trailer = 'POST /a HTTP/1.1';
  assertDecoded(`0\r\nX:${trailer}\r\nHost: a\r\nContent-Length: 5\r\n\r\n`, '', DEFAULT_LIMITS, [
    `x: ${trailer}`,
  ]);
});

test('RFC 9110 §15.5.14: content of the limit is decoded, of one octet more it is too large', () => {
  const limits = limited({ content: 5 });
  assertDecoded(`5\r\nhello\r\n${LAST}`, 'hello', limits);
  assertDecoded(`2\r\nhe\r\n3\r\nllo\r\n${LAST}`, 'hello', limits);
  assertRefused(`6\r\nhello!\r\n${LAST}`, 'ContentTooLarge', limits);
  assertRefused(`2\r\nhe\r\n4\r\nllo!\r\n${LAST}`, 'ContentTooLarge', limits);
  assertRefused(`1fffffffffffff\r\n`, 'ContentTooLarge', limits);
});

test('RFC 9112 §7.1.1: chunk extensions of the limit are ignored, of one octet more they are too large', () => {
  const limits = limited({ chunkExtension: 9 });
  for (const extension of [';abcdefgh', ';a=bcdefg', ';a;b;c;de', ' ;\ta = bc', ';a="b\\"d"']) {
    assert.equal(extension.length, limits.chunkExtension);
    const longer = extension.replace('a', 'aa');
    assertDecoded(`1${extension}\r\nx\r\n1${extension}\r\ny\r\n0${extension}\r\n\r\n`, 'xy', limits);
    assertRefused(`1${longer}\r\nx\r\n${LAST}`, 'ChunkExtensionTooLarge', limits);
    assertRefused(`0${longer}\r\n\r\n`, 'ChunkExtensionTooLarge', limits);
  }
});

test('RFC 9112 §7.1: framing that is free, and four octets for each octet of content, is accepted, one more is not', () => {
  const limits = limited({ chunkOverhead: 12 });
  // Five octets of framing for one of content: each chunk uses up one that is free, and the last chunk three.
  assertDecoded(`${'1\r\nx\r\n'.repeat(9)}${LAST}`, 'x'.repeat(9), limits);
  assertRefused(`${'1\r\nx\r\n'.repeat(10)}${LAST}`, 'ChunkOverheadTooLarge', limits);
  assertDecoded(`${'2\r\nxy\r\n'.repeat(80)}${LAST}`, 'xy'.repeat(80), limits);
  assertRefused(`${'0'.repeat(11)}\r\n\r\n`, 'ChunkOverheadTooLarge', limits);
  assertDecoded(`${'0'.repeat(10)}\r\n\r\n`, '', limits);
});

test('RFC 9112 §7.1.2: a trailer section of the limit is decoded, of one octet more it is too large', () => {
  const limits = limited({ trailerSection: 20 });
  const value = 'v'.repeat(20 - 'X: \r\n\r\n'.length);
  assertDecoded(`0\r\nX: ${value}\r\n\r\n`, '', limits, [`x: ${value}`]);
  assertRefused(`0\r\nX: ${value}v\r\n\r\n`, 'TrailerSectionTooLarge', limits);
});

test('RFC 9112 §7.1.2: as many trailer fields as the limit are decoded, one more is too many', () => {
  const limits = limited({ fieldLines: 3 });
  assertDecoded(`0\r\n${'X: y\r\n'.repeat(3)}\r\n`, '', limits, Array(3).fill('x: y'));
  assertRefused(`0\r\n${'X: y\r\n'.repeat(4)}\r\n`, 'TooManyFieldLines', limits);
});
