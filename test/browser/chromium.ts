import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

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

/** For `skip`: why there is no browser, or `false`. */
export const noBrowser =
  !existsSync(CHROMIUM) && `there is no browser at ${CHROMIUM}; SERVAL_CHROMIUM names another`;

export function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...flags] });
}

/**
 * A page of which nothing was heard on the console when the test is over: its Content-Security-Policy was never broken, and
 * no script failed.
 *
 * @param isExpected says of which complaints the test knows. Chromium reports answers of 400 and up there.
 */
export async function withCleanPage(
  browser: Browser,
  options: BrowserContextOptions,
  use: (page: Page) => Promise<void>,
  isExpected: (complaint: string) => boolean = () => false,
): Promise<void> {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Browsers ask for an icon beside answers that are no pages; there is none.
    if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  try {
    await use(page);
    assert.deepEqual(
      complaints.filter((complaint) => !isExpected(complaint)),
      [],
    );
  } finally {
    await page.close();
  }
}

/** Keeps a picture, if SERVAL_SCREENSHOTS names a folder for it. */
export async function keepPicture(page: Page, name: string, fullPage = false): Promise<void> {
  const folder = process.env['SERVAL_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}
