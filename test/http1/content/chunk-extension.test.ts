/** chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] ) (RFC 9112 §7.1.1) */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RejectionReason } from '../../../src/http1/rejections.ts';
import { FIELD_OCTET, OCTETS, QDTEXT, TCHAR } from '../grammar.ts';
import { limited } from '../incremental.ts';
import { assertDecoded, assertRefused, LAST } from './chunked-content.ts';

const refusals: { title: string; reason: RejectionReason; contents: string[] }[] = [
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
];

for (const { title, reason, contents } of refusals) {
  test(title, () => {
    for (const content of contents) assertRefused(content, reason);
  });
}

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
