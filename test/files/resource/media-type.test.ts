import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mediaType } from '../../../src/files/resource/media-type.ts';

describe('mediaType', () => {
  const types = {
    'index.html': 'text/html; charset=utf-8',
    'INDEX.HTML': 'text/html; charset=utf-8',
    'a.css': 'text/css; charset=utf-8',
    'a.js': 'text/javascript; charset=utf-8',
    'a.mjs': 'text/javascript; charset=utf-8',
    'a.cjs': 'text/javascript; charset=utf-8',
    'a.txt': 'text/plain; charset=utf-8',
    'a.md': 'text/markdown; charset=utf-8',
    'a.vtt': 'text/vtt; charset=utf-8',
    'a.json': 'application/json',
    'a.js.map': 'application/json',
    'a.webmanifest': 'application/manifest+json',
    'a.xml': 'text/xml',
    'a.svg': 'image/svg+xml',
    'a.wasm': 'application/wasm',
    'a.woff2': 'font/woff2',
    'a.mp4': 'video/mp4',
    'favicon.ico': 'image/vnd.microsoft.icon',
    'a.txt.gz': 'application/gzip',
    'a.zst': 'application/zstd',
    'live.m3u8': 'application/vnd.apple.mpegurl',
    'a.m4v': 'video/mp4',
    'a.mkv': 'video/matroska',
    'a.avi': 'video/vnd.avi',
    'a.flac': 'audio/flac',
    'a.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'a.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'a.pptx': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'a.doc': 'application/msword',
    'a.odt': 'application/vnd.oasis.opendocument.text',
    'a.tar': 'application/x-tar',
    'a.tgz': 'application/gzip',
    'a.7z': 'application/x-7z-compressed',
    'a.rar': 'application/vnd.rar',
    'a.xz': 'application/x-xz',
    'a.apk': 'application/vnd.android.package-archive',
    'a.py': 'text/plain; charset=utf-8',
    'a.zzz': 'application/octet-stream',
    html: 'application/octet-stream',
    '.html': 'application/octet-stream',
    'a.': 'application/octet-stream',
    '': 'application/octet-stream',
    'a.constructor': 'application/octet-stream',
    'a.__proto__': 'application/octet-stream',
  };
  for (const [name, type] of Object.entries(types)) {
    it(`is ${type} for "${name}"`, () => assert.equal(mediaType(name), type));
  }

  it('is what the owner says first, with a charset for text that has no parameters', () => {
    const overrides = new Map([
      ['.glsl', 'text/plain'],
      ['.txt', 'text/plain; charset=iso-8859-2'],
      ['.html', 'application/xhtml+xml'],
    ]);
    assert.equal(mediaType('a.GLSL', overrides), 'text/plain; charset=utf-8');
    assert.equal(mediaType('a.txt', overrides), 'text/plain; charset=iso-8859-2');
    assert.equal(mediaType('a.html', overrides), 'application/xhtml+xml');
    assert.equal(mediaType('a.css', overrides), 'text/css; charset=utf-8');
  });
});
