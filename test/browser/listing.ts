/** The page of a folder in a real browser. SERVAL_SCREENSHOTS names a folder to keep pictures of it in. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ServalProcess } from '../cli/serval-process.ts';
import { assertAccessible } from './accessible.ts';
import { keepPicture, noBrowser } from './chromium.ts';
import { withCleanPage } from './clean-page.ts';
import { faintTexts } from './faint-texts.ts';

/** Name, octets, and hours ago. */
const FILES: readonly (readonly [name: string, octets: number, age: number])[] = [
  ['app.js', 182_345, 30],
  ['archive.tar.gz', 12_345_678, 400],
  ['a<b>&"quotes\'.txt', 12, 2],
  ['IMG_2.jpeg', 2_345_678, 3],
  ['IMG_10.jpeg', 3_456_789, 4],
  ['disk.img', 21_474_836_480, 5000],
  ['evil\u202egpj.exe', 77, 1],
  ['holiday.mp4', 48_123_456, 700],
  ['notes.txt', 0, 50],
  ['photo of the cat on the roof, a name so long that it has to wrap somewhere.jpeg', 2_345_000, 90],
  ['report.pdf', 999_999, 60],
  ['theme.mp3', 3_912_345, 800],
];

describe('the page of a folder', { skip: noBrowser }, () => {
  let root: string;
  let serval: ServalProcess;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'serval-test-'));
    await mkdir(join(root, 'photos', '2026 summer'), { recursive: true });
    await mkdir(join(root, 'docs'));
    await symlink('docs', join(root, 'manual'));
    for (const [name, octets, age] of FILES) {
      const path = join(root, name);
      await writeFile(path, '');
      await truncate(path, octets);
      const time = Date.UTC(2026, 5, 1, 12, 0, 0) / 1000 - age * 3600;
      await utimes(path, time, time);
    }
    serval = await ServalProcess.serve([root, '--listing']);
  });
  after(async () => {
    await serval?.[Symbol.asyncDispose]();
    await rm(root, { recursive: true });
  });

  /** The names as they are seen, top to bottom. */
  const names = (page: Page) => page.locator('tbody th a > span').allTextContents();

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fits and can be read: ${colorScheme}; on a desk, on a phone, and zoomed`, async () => {
      await withCleanPage({ colorScheme }, async (page) => {
        for (const [path, suffix] of [
          ['/', ''],
          ['/photos/2026%20summer/', '-below'],
        ] as const) {
          await page.goto(`${serval.origin}${path}`);
          for (const [device, width] of Object.entries({ desk: 1280, phone: 390, zoomed: 320 })) {
            await page.setViewportSize({ width, height: 800 });
            assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, device);
            assert.deepEqual(await page.evaluate(faintTexts), [], device);
            await assertAccessible(page, `${path}, ${colorScheme}, ${device}`);
            await keepPicture(page, `listing-${colorScheme}-${device}${suffix}`, suffix === '');
          }
        }
      });
    });
  }

  it('finds entries by parts of their names, and says how many', async () => {
    await withCleanPage({}, async (page) => {
      await page.goto(`${serval.origin}/`);
      const filter = page.getByRole('searchbox', { name: 'Filter by name' });
      const shown = () => page.locator('tr.entry:visible th span').allTextContents();
      const all = await shown();
      await filter.fill('IMG');
      assert.deepEqual(await shown(), ['disk.img', 'IMG_2.jpeg', 'IMG_10.jpeg']);
      assert.equal(await page.getByRole('status').textContent(), `3 of ${all.length} shown`);
      await keepPicture(page, 'listing-filtered');
      await filter.fill('jpeg cat');
      assert.equal((await shown()).length, 1);
      await filter.fill('<b>nothing');
      assert.deepEqual(await shown(), []);
      assert.equal(await page.getByRole('status').textContent(), 'No name here contains “<b>nothing”.');
      await assertAccessible(page, 'nothing found');
      await filter.fill('');
      assert.deepEqual(await shown(), all);
      assert.equal(await page.getByRole('status').textContent(), '');
    });
  });

  it('is a plain list without a script', async () => {
    await withCleanPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(`${serval.origin}/`);
      assert.equal(await page.getByRole('searchbox').count(), 0);
      assert.ok((await names(page)).includes('app.js'));
    });
  });

  it('is one request', async () => {
    await withCleanPage({}, async (page) => {
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(`${serval.origin}/`, { waitUntil: 'networkidle' });
      // The icon is in the page itself, so that browsers don't ask for one.
      assert.deepEqual(
        requests.filter((url) => !url.startsWith('data:')),
        [`${serval.origin}/`],
      );
    });
  });

  it('sorts by its links without a script, and leads down and up', async () => {
    await withCleanPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(`${serval.origin}/`);
      assert.deepEqual((await names(page)).slice(0, 4), [
        'docs/',
        'manual/',
        'photos/',
        'a<b>&"quotes\'.txt',
      ]);
      assert.equal(await page.locator('[aria-sort]').getAttribute('aria-sort'), 'ascending');
      assert.match((await page.locator('thead').textContent())!, /UTC/);

      await page.locator('thead').getByRole('link', { name: 'Size' }).click();
      assert.deepEqual((await names(page)).slice(0, 5), [
        'docs/',
        'manual/',
        'photos/',
        'disk.img',
        'holiday.mp4',
      ]);
      assert.equal(await page.locator('[aria-sort]').getAttribute('class'), 'size');
      await page.locator('thead').getByRole('link', { name: 'Size' }).click();
      assert.deepEqual((await names(page)).slice(3, 5), ['notes.txt', 'a<b>&"quotes\'.txt']);
      await page.locator('thead').getByRole('link', { name: 'Modified' }).click();
      assert.equal((await names(page)).at(-1), 'disk.img');
      await page.locator('thead').getByRole('link', { name: 'Name' }).click();
      assert.ok((await names(page)).indexOf('IMG_2.jpeg') < (await names(page)).indexOf('IMG_10.jpeg'));

      await page.getByRole('link', { name: 'photos/' }).click();
      await page.getByRole('link', { name: '2026 summer/' }).click();
      assert.equal(await page.locator('h1').textContent(), '2026 summer');
      await page
        .getByRole('navigation', { name: 'Folders above' })
        .getByRole('link', { name: 'photos' })
        .click();
      assert.equal(new URL(page.url()).pathname, '/photos/');
      await page.getByRole('link', { name: 'Parent folder' }).click();
      assert.equal(new URL(page.url()).pathname, '/');
    });
  });

  it('can be used with the keyboard alone, and shows where it is', async () => {
    await withCleanPage({}, async (page) => {
      await page.goto(`${serval.origin}/`);
      const focused = () => page.evaluate('document.activeElement.textContent.trim()');
      const seen: unknown[] = [];
      for (let i = 0; i < 5; i++) {
        await page.keyboard.press('Tab');
        seen.push(await focused());
        assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none');
      }
      assert.deepEqual(seen, ['', 'Name ↑', 'Size', 'Modified', 'docs/']);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/docs/');
    });
  });

  for (const width of [1100, 360]) {
    it(`is a table to those who do not see it, ${width} pixels wide`, async () => {
      await withCleanPage({ viewport: { width, height: 800 } }, async (page) => {
        await page.goto(`${serval.origin}/`);
        const table = page.getByRole('table', { name: /sorted by name, ascending/ });
        assert.deepEqual(await table.getByRole('columnheader').count(), 3);
        const row = table.getByRole('row', { name: /report\.pdf/ });
        assert.equal(await row.getByRole('rowheader').count(), 1);
        assert.deepEqual(await row.getByRole('cell').count(), 2);
        assert.match((await row.textContent())!, /report\.pdf1\.0 MB2026-05-30 \d\d:00/);
        assert.equal(await row.locator('data').getAttribute('value'), '999999');
      });
    });
  }

  it('tells the time of the visitor, where a script may run', async () => {
    await withCleanPage({ timezoneId: 'Asia/Kathmandu' }, async (page) => {
      await page.goto(`${serval.origin}/`);
      const row = page.getByRole('row', { name: /report\.pdf/ });
      // 2026-05-30 00:00 UTC; Nepal is 5:45 ahead.
      assert.equal(await row.locator('time').textContent(), '2026-05-30 05:45');
      assert.equal(await row.locator('time').getAttribute('title'), '2026-05-30 00:00:00 UTC');
      assert.doesNotMatch((await page.locator('thead').textContent())!, /UTC/);
    });
  });

  it('shows what a name hides', async () => {
    await withCleanPage({}, async (page) => {
      await page.goto(`${serval.origin}/`);
      const shown = (await names(page)).find((name) => name.startsWith('evil'));
      assert.equal(shown, 'evilU+202Egpj.exe');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: /evil/ }).click(),
      ]);
      assert.equal(new URL(download.url()).pathname, '/evil%E2%80%AEgpj.exe');
    });
  });
});
