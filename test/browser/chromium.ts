import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Browser, chromium, type Page } from 'playwright-core';

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

/** Keeps a picture, if SERVAL_SCREENSHOTS names a folder for it. */
export async function keepPicture(page: Page, name: string, fullPage = false): Promise<void> {
  const folder = process.env['SERVAL_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}
