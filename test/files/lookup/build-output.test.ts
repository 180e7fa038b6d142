/** Which files are immutable: by what a build tool says of them, and never by the look of their names. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { put, type Tree, withSite } from '../with-site.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';

/** The page that Vite 7 makes. */
const VITE_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <link rel="icon" type="image/svg+xml" href="/assets/team-JohnDoeX.svg" />
    <script type="module" crossorigin src="/assets/index-B7wrgTda.js"></script>
    <link rel="modulepreload" crossorigin href="/assets/vendor-D3adB_ef.js">
    <link rel="stylesheet" crossorigin href="/assets/index-BnQkOdFO.css">
  </head>
</html>`;

const MANIFEST = JSON.stringify({
  'index.html': {
    file: 'assets/index-B7wrgTda.js',
    css: ['assets/index-BnQkOdFO.css'],
    assets: ['assets/inter-B1gh_t9K.woff2'],
  },
  'src/lazy.ts': { file: 'assets/lazy-DCmgc-ay.js' },
  'plain.ts': { file: 'assets/plain.js' },
});

async function immutableOnes(tree: Tree, options = {}): Promise<string[]> {
  const found: string[] = [];
  await withSite(tree, options, async ({ at }) => {
    for (const path of Object.keys(tree)) {
      const policy = (await at(`/${path}`)).field('cache-control');
      if (policy === IMMUTABLE) found.push(path);
      else assert.ok(policy === 'no-cache' || policy === undefined, `${path}: ${policy}`);
    }
  });
  return found;
}

const treeOf = (...paths: string[]): Tree => Object.fromEntries(paths.map((path) => [path, path]));

describe('immutable files', () => {
  test('none is by its name: not UUIDs, object ids, addresses, dates, words, numbers', async () => {
    const names = `
      f47ac10b-58cc-4372-a567-0e02b2c3d479.pdf 507f1f77bcf86cd799439011.json printer-001A2B3C4D5E.cfg schedule-Fri01Mar.pdf
      backup-20240131T101500Z.tar main.4f3a2b1c.js app-2M4ZC5UJ.css index-B7wrgTda.js report.deadbeef.csv
      assets/team-JohnDoeX.jpg assets/index-B7wrgTda.js assets/photo-IMG_2024.jpg x/_next/static/app.js
      app.8c2f1b9d0e3a4c5b6d7e.css
    `;
    assert.deepEqual(await immutableOnes(treeOf(...names.trim().split(/\s+/))), []);
  });

  test('those are that SvelteKit and Next.js put into their folders, but no pages', async () => {
    const built = ['_app/immutable/entry/start.js', '_next/static/chunks/framework.js'];
    const others = ['_app/version.json', '_next/data.json', '_next/static/page.html'];
    assert.deepEqual(await immutableOnes(treeOf(...built, ...others)), built);
  });

  test('those are that the page of Vite names, and not those beside them', async () => {
    const built = ['assets/index-B7wrgTda.js', 'assets/vendor-D3adB_ef.js', 'assets/index-BnQkOdFO.css'];
    const others = ['assets/team-JohnDoeX.svg', 'assets/lazy-DCmgc-ay.js'];
    const tree = { ...treeOf(...built, ...others), 'index.html': VITE_PAGE };
    assert.deepEqual(await immutableOnes(tree), built);
    const page = VITE_PAGE.replaceAll('"/assets/', '"/base/assets/');
    const below = Object.fromEntries(Object.entries(tree).map(([path, text]) => [`app/${path}`, text]));
    assert.deepEqual(
      await immutableOnes({ ...below, 'app/index.html': page }),
      built.map((path) => `app/${path}`),
    );
    const plain = VITE_PAGE.replaceAll(' crossorigin', '');
    assert.deepEqual(
      await immutableOnes({ ...tree, 'index.html': plain }),
      [],
      'a page that Vite has not made',
    );
  });

  test('those are that the manifest of Vite names', async () => {
    const built = [
      'assets/index-B7wrgTda.js',
      'assets/index-BnQkOdFO.css',
      'assets/inter-B1gh_t9K.woff2',
      'assets/lazy-DCmgc-ay.js',
    ];
    const others = ['assets/team-JohnDoeX.jpg', 'assets/plain.js'];
    const tree = { ...treeOf(...built, ...others), '.vite/manifest.json': MANIFEST };
    assert.deepEqual(await immutableOnes(tree), built);
    assert.deepEqual(await immutableOnes({ ...tree, '.vite/manifest.json': '[{' }), []);
  });

  test('none is where files can be uploaded', async () => {
    const tree = {
      ...treeOf('_app/immutable/start.js', 'assets/index-B7wrgTda.js'),
      'index.html': VITE_PAGE,
    };
    assert.deepEqual(await immutableOnes(tree, { uploads: true }), []);
  });

  test('a new build is seen within a second', () =>
    withSite({ 'assets/index-AAAAaaa1.js': 'a', 'index.html': VITE_PAGE }, {}, async ({ at, root }) => {
      assert.equal((await at('/assets/index-AAAAaaa1.js')).field('cache-control'), 'no-cache');
      await put(root, 'index.html', VITE_PAGE.replaceAll('B7wrgTda', 'AAAAaaa1'));
      await sleep(1150);
      assert.equal((await at('/assets/index-AAAAaaa1.js')).field('cache-control'), IMMUTABLE);
    }));
});
