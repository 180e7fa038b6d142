/** The trailer section of chunked content (RFC 9112 §7.1.2) */
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../../../src/http1/limits.ts';
import type { RejectionReason } from '../../../src/http1/rejections.ts';
import { sweptFieldLines } from '../grammar.ts';
import { limited } from '../incremental.ts';
import { assertDecoded, assertRefused } from './chunked-content.ts';

const refusals: { title: string; reason: RejectionReason; contents: string[] }[] = [
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

test('RFC 9110 §6.5.1: a field that has no business in a trailer section is dropped, in any case, the others are told', () => {
  for (const name of ['Content-Length', 'TRANSFER-ENCODING', 'host', 'If-Match', 'aUTHORIZATION']) {
    assertDecoded(`0\r\nA: b\r\n${name}: 5\r\nC: d\r\n\r\n`, '', DEFAULT_LIMITS, ['a: b', 'c: d']);
  }
});

test('RFC 9112 §7.1.2: what looks like a request in the trailer section is a trailer field', () => {
  const trailer = 'POST /a HTTP/1.1';
  assertDecoded(`0\r\nX:${trailer}\r\nHost: a\r\nContent-Length: 5\r\n\r\n`, '', DEFAULT_LIMITS, [
    `x: ${trailer}`,
  ]);
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
