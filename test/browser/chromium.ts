import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import {
  type Browser,
  type BrowserContextOptions,
  type ConsoleMessage,
  chromium,
  type Page,
} from 'playwright-core';

const CHROMIUM = process.env['SERVAL_CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const VIEWPORT = { width: 1280, height: 720 };

/** For `skip`: why there is no browser, or `false`. */
export const noBrowser =
  !existsSync(CHROMIUM) && `there is no browser at ${CHROMIUM}; SERVAL_CHROMIUM names another`;

export function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...flags] });
}

/** What a page may have that others of the same context need not have. */
export type PageOptions = Pick<
  BrowserContextOptions,
  'colorScheme' | 'viewport' | 'javaScriptEnabled' | 'timezoneId'
>;

/** A new page costs a third of a second, so the next test gets the same, as if it were new. By what only a context can have. */
const pages = new WeakMap<Browser, Map<string, Page>>();

/**
 * A page of which nothing was heard on the console when the test is over: its Content-Security-Policy was never broken, and
 * no script failed. Others may have used it before, for other addresses: it has a cache, but no cookies.
 *
 * @param isExpected says of which complaints the test knows. Chromium reports answers of 400 and up there.
 */
export async function withCleanPage(
  browser: Browser,
  options: PageOptions,
  use: (page: Page) => Promise<void>,
  isExpected: (complaint: string) => boolean = () => false,
): Promise<void> {
  const { colorScheme = 'light', viewport = VIEWPORT, ...ofContext } = options;
  const kept = pages.get(browser) ?? new Map<string, Page>();
  pages.set(browser, kept);
  const key = JSON.stringify(ofContext);
  const page = kept.get(key) ?? (await browser.newPage(ofContext));
  // It is kept again only by a test that has passed: one that fails leaves nothing to the next.
  kept.delete(key);
  // What scrolls smoothly can't be clicked until it has come to rest.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize(viewport ?? VIEWPORT);
  await page.mouse.move(0, 0);

  const complaints: string[] = [];
  const onConsole = (message: ConsoleMessage) => {
    // Browsers ask for an icon beside answers that are no pages; there is none.
    if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
  };
  const onError = (error: Error) => complaints.push(String(error));
  page.on('console', onConsole);
  page.on('pageerror', onError);
  try {
    await use(page);
    assert.deepEqual(
      complaints.filter((complaint) => !isExpected(complaint)),
      [],
    );
    page.off('console', onConsole);
    page.off('pageerror', onError);
    kept.set(key, page);
  } finally {
    if (kept.get(key) !== page) await page.close();
  }
}

/** Keeps a picture, if SERVAL_SCREENSHOTS names a folder for it. */
export async function keepPicture(page: Page, name: string, fullPage = false): Promise<void> {
  const folder = process.env['SERVAL_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}
