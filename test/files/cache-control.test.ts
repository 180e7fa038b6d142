import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cacheControlOf, isNamedAfterItsContent } from '../../src/files/cache-control.ts';

describe('isNamedAfterItsContent', () => {
  const hashed = [
    '/assets/index-B7wrgTda.js',
    '/assets/index-D3adB_ef.css',
    '/assets/inter-B1gh_t9K.woff2',
    '/main.4f3a2b1c.js',
    '/main.4f3a2b1c.js.map',
    '/static/js/main.8e3b1f2a.chunk.js',
    '/app.8c2f1b9d0e3a4c5b6d7e.css',
    '/app-2M4ZC5UJ.css',
    '/a_0cc175b9c0f1b6a831c399e269772661.png',
    '/_next/static/chunks/framework.js',
    '/_app/immutable/entry/start.js',
  ];
  for (const path of hashed) {
    it(`is so for ${path}`, () => assert.equal(isNamedAfterItsContent(path), true));
  }

  const others = [
    '/index.html',
    '/app.js',
    '/jquery-3.6.0.min.js',
    '/my-document.pdf',
    '/user-settings.js',
    '/book-Chapter1.pdf',
    '/book-Chapter12.pdf',
    '/album-MyPhotos.zip',
    '/photo_20240131.jpg',
    '/photo_IMG20240131.jpg',
    '/backup-20240131.tar',
    '/report-12345678.csv',
    '/main.4f3a2b1.js',
    '/main.4f3a2b1c.html',
    '/assets/index-B7wrgTda.htm',
    '/4f3a2b1c.js',
    '/4f3a2b1c4f3a2b1c/app.js',
    '/x/_next/static/app.js',
    '/component-Button2Group.js',
  ];
  for (const path of others) {
    it(`is not so for ${path}`, () => assert.equal(isNamedAfterItsContent(path), false));
  }
});

describe('cacheControlOf', () => {
  it('is no-cache, and immutable for a year where the name is made of the content', () => {
    assert.equal(cacheControlOf('/app.js', undefined), 'no-cache');
    assert.equal(cacheControlOf('/app.4f3a2b1c.js', undefined), 'public, max-age=31536000, immutable');
  });

  it('is what the owner says, for all or for each', () => {
    assert.equal(cacheControlOf('/app.4f3a2b1c.js', 'no-store'), 'no-store');
    assert.equal(cacheControlOf('/app.js', false), undefined);
    const policy = (path: string) => (path === '/a b.txt' ? 'max-age=60' : undefined);
    assert.equal(cacheControlOf('/a b.txt', policy), 'max-age=60');
    assert.equal(cacheControlOf('/app.js', policy), 'no-cache');
  });

  it('refuses what can not be sent', () => {
    assert.throws(() => cacheControlOf('/', () => 'a\r\nb: c'), /cacheControl: not the value of a field/);
    assert.throws(() => cacheControlOf('/', () => 7 as never), TypeError);
  });
});
