import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { cacheControlOf, isNamedAfterItsContent } from '../../../src/files/resource/cache-control.ts';

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

describe('isNamedAfterItsContent, below a folder named assets', () => {
  const hashed = ['index-BnQkOdFO.css', 'codicon-DCmgc-ay.ttf', 'index--QdMvsKi.css', 'safari-na3_-uQk.svg'];
  for (const name of hashed) {
    it(`is so for ${name}, and only there`, () => {
      assert.equal(isNamedAfterItsContent(`/assets/${name}`), true);
      assert.equal(isNamedAfterItsContent(`/app/assets/fonts/${name}`), true);
      assert.equal(isNamedAfterItsContent(`/assets/${name}.map`), true);
      assert.equal(isNamedAfterItsContent(`/myassets/${name.replace(/\d/g, 'x')}`), false);
      assert.equal(isNamedAfterItsContent(`/assets/${name}.html`), false);
    });
  }

  // What people call things, with eight characters behind the last dash or dot.
  const others = `
    app-settings.js my-document.pdf Inter-SemiBold.woff2 OpenSans-MedItali.ttf photo-IMG_2024.jpg scan-20240131.pdf
    icon-icon-192.png icon-512x512-1.png favicon-32x32-dk.png logo-BIG_LOGO.svg theme-DarkMode.css theme-darkMode.css
    page-HomePage.js report-Chapter1.pdf report-V2-Final.pdf report-v1-Final.pdf phone-iPhone15.png phone-iPhone-5.png
    BSD-2-Clause.txt Migration-Guide-V3.md Windows-Watcom-C.cmake TinyMCE-5-Editor.js album-MyPhotos.zip h264-720p-x26.mp4
    ubuntu-22.04LTS.iso jquery.slim.min.js bootstrap.bundled.css data-Q1-2024Q.csv map-NewYork2.png track-Track-01.mp3
    COPYING-LGPL-2_1.txt README-pt_BR-01.md docs.ReadMe01.txt a-ABCDEFGH.txt a-abcdefgh.txt a-12345678.txt
  `;
  for (const name of others.trim().split(/\s+/)) {
    it(`is not so for ${name}`, () => assert.equal(isNamedAfterItsContent(`/assets/${name}`), false));
  }

  it('is so for nine of ten names that Vite and Rollup make', () => {
    // 100,000 hashes of 48 bits, in base64url as they come: SHA-256 of a counter.
    let recognised = 0;
    for (let at = 0; at < 100_000; at++) {
      const hash = createHash('sha256').update(String(at)).digest('base64url').slice(0, 8);
      if (isNamedAfterItsContent(`/assets/index-${hash}.js`)) recognised++;
    }
    assert.ok(recognised > 90_000, `${recognised}`);
  });
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
