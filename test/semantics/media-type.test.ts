import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCompressible, mediaTypeEssence } from '../../src/semantics/media-type.ts';

const essences: [value: string, essence: string | undefined][] = [
  ['text/html', 'text/html'],
  ['Text/HTML;Charset="utf-8"', 'text/html'],
  [' \ttext/html \t; charset=utf-8', 'text/html'],
  ['application/ld+json', 'application/ld+json'],
  ['', undefined],
  ['text', undefined],
  ['/', undefined],
  ['text/', undefined],
  ['/html', undefined],
  ['text/ html', undefined],
  ['text/html/x', undefined],
  ['text/html, text/plain', undefined],
  ['text/html\u00a0', undefined],
  [';text/html', undefined],
];

for (const [value, essence] of essences) {
  test(`RFC 9110 §8.3.1: the essence of ${JSON.stringify(value)}`, () => {
    assert.equal(mediaTypeEssence(value), essence);
  });
}

const compressible = [
  ...['text/plain', 'text/html', 'text/css', 'text/javascript', 'text/event-stream', 'text/x-anything'],
  ...[
    'application/json',
    'application/problem+json',
    'application/xhtml+xml',
    'image/svg+xml',
    'application/wasm',
  ],
  ...['application/javascript', 'font/ttf', 'font/otf', 'application/vnd.ms-fontobject', 'image/x-icon'],
];
const incompressible = [
  ...[
    'font/woff',
    'font/woff2',
    'image/png',
    'image/jpeg',
    'image/webp',
    'image/avif',
    'video/mp4',
    'audio/mpeg',
  ],
  ...[
    'application/zip',
    'application/gzip',
    'application/zstd',
    'application/octet-stream',
    'application/pdf',
  ],
  ...['multipart/form-data', 'application/x-unknown', 'constructor/x', 'application/json5x'],
];

test('RFC 9110 §8.4: text and what is text underneath is worth coding', () => {
  for (const essence of compressible) assert.equal(isCompressible(essence), true, essence);
});

test('RFC 9110 §8.4: what is compressed already, or is not known, is not worth coding', () => {
  for (const essence of incompressible) assert.equal(isCompressible(essence), false, essence);
});
