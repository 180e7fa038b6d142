/**
 * The documentation site in a real browser, served by Serval with the config that lies beside it. `npm run site` builds it; CI does so
 * before the tests. SERVAL_SCREENSHOTS names a folder to keep pictures in.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page, Request } from 'playwright-core';
import { ServalProcess } from '../cli/serval-process.ts';
import { until } from '../support/until.ts';
import { assertAccessible } from './accessible.ts';
import { keepPicture, noBrowser } from './chromium.ts';
import { withCleanPage } from './clean-page.ts';
import { faintTexts } from './faint-texts.ts';

const SITE = fileURLToPath(new URL('../../../site/', import.meta.url));
const BUILT = join(SITE, 'dist');
const notBuilt = !existsSync(join(BUILT, 'index.html')) && 'the site is not built; `npm run site` builds it';

/** Addresses of every kind of page, and a heading that each has. */
const PAGES = {
  home: ['/', 'An HTTP server for TypeScript'],
  guide: ['/file-server', 'The file server'],
  wide: ['/results/workers', 'Workers: measured'],
  entry: ['/api/files', 'serval/files'],
  reference: ['/api/', 'API reference'],
  missing: ['/no-such-page', 'There is no page at this address'],
} as const;

describe('the documentation site', { skip: noBrowser || notBuilt }, () => {
  let serval: ServalProcess;
  before(async () => {
    serval = await ServalProcess.serve([], {}, SITE);
  });
  after(() => serval?.[Symbol.asyncDispose]());

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fits, can be read, and axe-core finds nothing: ${colorScheme}`, async () => {
      await withSite({ colorScheme }, async (page) => {
        for (const [name, [address, heading]] of Object.entries(PAGES)) {
          for (const [device, width] of Object.entries({ desk: 1280, phone: 390 })) {
            await page.setViewportSize({ width, height: 844 });
            await open(page, serval.origin + address);
            assert.ok((await page.locator('h1').first().textContent())?.includes(heading), address);
            const where = `${name}, ${colorScheme}, ${device}`;
            assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, where);
            assert.deepEqual(await page.evaluate(faintTexts), [], where);
            // Colours are looked at above; all else is the same in light and in dark.
            if (colorScheme === 'light' || device === 'desk') await assertAccessible(page, where);
            await keepPicture(page, `site-${name}-${colorScheme}-${device}`);
          }
        }
      });
    });
  }

  it('asks this server alone, and says so in its policy', async () => {
    await withSite({}, async (page) => {
      const asked: string[] = [];
      const note = (request: Request) => asked.push(request.url());
      page.on('request', note);
      const response = await page.goto(`${serval.origin}/`, { waitUntil: 'networkidle' });
      page.off('request', note);
      const policy = response?.headers()['content-security-policy'] ?? '';
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
      assert.ok(asked.length > 4, String(asked));
      assert.deepEqual(
        asked.filter((url) => !url.startsWith(serval.origin) && !url.startsWith('data:')),
        [],
      );
    });
  });

  it('finds a word, and leads to its place with the keyboard', async () => {
    await withSite({}, async (page) => {
      await open(page, `${serval.origin}/`);
      await page.keyboard.press('Control+k');
      const field = page.getByRole('searchbox');
      await field.fill('cleanUrls');
      await page.locator('.results .result').first().waitFor();
      await keepPicture(page, 'site-search');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/(file-server|api\/files)/);
      await page.locator('main', { hasText: 'cleanUrls' }).waitFor();
    });
  });

  it('changes between light and dark, remembers it, and the chart follows', async () => {
    await withSite({ colorScheme: 'light' }, async (page) => {
      await open(page, `${serval.origin}/`);
      const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      const light = await background();
      await page.getByRole('switch').first().click();
      assert.notEqual(await background(), light);
      await page.reload();
      assert.notEqual(await background(), light);
      await page.locator('.chart img').scrollIntoViewIfNeeded();
      await keepPicture(page, 'site-toggled');
      await page.evaluate('localStorage.clear()');
    });
  });

  it('goes from page to page without loading anew, by its menu on a phone too', async () => {
    await withSite({ viewport: { width: 390, height: 844 } }, async (page) => {
      await open(page, `${serval.origin}/first-server`);
      await page.evaluate('window.isTheSame = true');
      await page.getByRole('button', { name: 'Menu', exact: true }).click();
      await keepPicture(page, 'site-menu');
      await page.locator('.VPSidebar').getByRole('link', { name: 'Uploads', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Uploads' }).waitFor();
      assert.equal(await page.evaluate('window.isTheSame'), true);
      assert.equal(new URL(page.url()).pathname, '/uploads');
    });
  });

  it('redirects the address of a file to its page', async () => {
    const response = await fetch(`${serval.origin}/uploads.html`, { redirect: 'manual' });
    assert.equal(response.status, 302);
    assert.match(response.headers.get('location') ?? '', /uploads$/);
  });
});

describe('every page of the documentation site', { skip: notBuilt }, () => {
  const pages = notBuilt
    ? []
    : readdirSync(BUILT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  const texts = new Map(
    pages.map((name) => [
      `/${name.replace(/(^|\/)index\.html$|\.html$/, '$1')}`,
      readFileSync(join(BUILT, name), 'utf8'),
    ]),
  );

  it('links to places that exist', () => {
    assert.ok(texts.size > 50, `${texts.size} pages`);
    const dead = [...texts].flatMap(([address, text]) =>
      [...text.matchAll(/<a [^>]*href="([^"]*)"/g)]
        .map(([, target = '']) => new URL(target.replaceAll('&amp;', '&'), `http://site${address}`))
        .filter(({ host }) => host === 'site')
        .filter(({ pathname, hash }) => {
          const there = texts.get(pathname);
          const id = decodeURIComponent(hash.slice(1));
          return there === undefined || (id !== '' && !there.includes(` id="${id}"`));
        })
        .map(({ pathname, hash }) => `${address}: ${pathname}${hash}`),
    );
    assert.deepEqual([...new Set(dead)], []);
  });

  it('loads nothing from elsewhere, and has no script or style of its own', () => {
    const wrong = [...texts].filter(([, text]) =>
      /<script(?![^>]* src="\/)|<(?:script|img|link)[^>]* (?:src|href)="(?:https?:)?\/\/| style="|<style/.test(
        text,
      ),
    );
    assert.deepEqual(
      wrong.map(([address]) => address),
      [],
    );
  });

  it('is in the navigation beside it', () => {
    const { sidebar } = JSON.parse(readFileSync(join(SITE, 'pages/navigation.json'), 'utf8')) as {
      sidebar: Record<string, { items: { link: string }[] }[]>;
    };
    const listed = new Set(
      Object.values(sidebar).flatMap((groups) =>
        groups.flatMap(({ items }) => items.map(({ link }) => link)),
      ),
    );
    // The first page, the page that is missing, and measurements before the last ones.
    const others = /^\/(404|results\/\d{4}-\d\d-\d\d)?$/;
    assert.deepEqual(
      [...texts.keys()].filter((address) => !listed.has(address) && !others.test(address)),
      [],
    );
  });
});

/** A page on which nothing fails, and no request does. */
function withSite(
  options: Parameters<typeof withCleanPage>[0],
  use: (page: Page) => Promise<void>,
): Promise<void> {
  return withCleanPage(
    options,
    async (page) => {
      const failed: string[] = [];
      const note = (request: Request) => failed.push(`${request.url()}: ${request.failure()?.errorText}`);
      page.on('requestfailed', note);
      try {
        await use(page);
      } finally {
        page.off('requestfailed', note);
      }
      // A page that is left gives up what it was loading.
      assert.deepEqual(
        failed.filter((text) => !text.endsWith('net::ERR_ABORTED')),
        [],
      );
    },
    (complaint) => complaint.includes('status of 404'),
  );
}

/** Opens a page, and waits until its scripts have taken it over. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await until('the scripts have taken the page over', () =>
    page.evaluate<boolean>('document.querySelector("#app").__vue_app__ !== undefined'),
  );
}
