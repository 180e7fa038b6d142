/** A page of the one browser, for the length of a test. */
import assert from 'node:assert/strict';
import type { BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core';
import { oneChromium } from './one-chromium.ts';

const VIEWPORT = { width: 1280, height: 720 };

/** What a page may have that others of the same context need not have. */
export type PageOptions = Pick<
  BrowserContextOptions,
  'colorScheme' | 'viewport' | 'javaScriptEnabled' | 'timezoneId' | 'ignoreHTTPSErrors'
>;

/** A new page costs a third of a second, so the next test gets the same, as if it were new. By what only a context can have. */
const pages = new Map<string, Page>();

/**
 * A page of which nothing was heard on the console when the test is over: its Content-Security-Policy was never broken, and
 * no script failed. Others may have used it before, for other addresses: it has a cache, but no cookies.
 *
 * @param isExpected says of which complaints the test knows. Chromium reports answers of 400 and up there.
 */
export async function withCleanPage(
  options: PageOptions,
  use: (page: Page) => Promise<void>,
  isExpected: (complaint: string) => boolean = () => false,
): Promise<void> {
  const { colorScheme = 'light', viewport = VIEWPORT, ...ofContext } = options;
  const key = JSON.stringify(ofContext);
  const page = pages.get(key) ?? (await (await oneChromium()).newPage(ofContext));
  // It is kept again only by a test that has passed: one that fails leaves nothing to the next.
  pages.delete(key);
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
    // A page that stays open would look for its server, which ends with its tests, and complain in the next one.
    await page.goto('about:blank');
    pages.set(key, page);
  } finally {
    if (pages.get(key) !== page) await page.close();
  }
}
