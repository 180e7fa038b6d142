import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChunkedDecoder } from '../../../src/http1/content/chunked-decoder.ts';
import { DEFAULT_LIMITS } from '../../../src/http1/limits.ts';
import type { RejectionReason } from '../../../src/http1/rejections.ts';
import { latin1 } from '../../../src/octets/octet-table.ts';
import { NEED_OCTETS } from '../../../src/octets/results.ts';
import { eachSplit } from '../../support/each-split.ts';
import { HEXDIG, OCTETS } from '../grammar.ts';
import { decodeChunks, limited } from '../incremental.ts';
import { assertDecoded, assertRefused, LAST } from './chunked-content.ts';

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

test('RFC 9110 §15.5.14: content of the limit is decoded, of one octet more it is too large', () => {
  const limits = limited({ content: 5 });
  assertDecoded(`5\r\nhello\r\n${LAST}`, 'hello', limits);
  assertDecoded(`2\r\nhe\r\n3\r\nllo\r\n${LAST}`, 'hello', limits);
  assertRefused(`6\r\nhello!\r\n${LAST}`, 'ContentTooLarge', limits);
  assertRefused(`2\r\nhe\r\n4\r\nllo!\r\n${LAST}`, 'ContentTooLarge', limits);
  assertRefused(`1fffffffffffff\r\n`, 'ContentTooLarge', limits);
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
