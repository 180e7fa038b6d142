import { after } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { MEDIA_FLAGS } from './site-visit.ts';

/** A name that leads to this machine without being trustworthy to browsers, as the address of a local network does. */
export const ELSEWHERE = 'files.example';

let browser: Promise<Browser> | undefined;

/** The one browser of this process, which is closed when all its tests have ended: starting one costs two seconds. */
export function oneChromium(): Promise<Browser> {
  browser ??= launchChromium([...MEDIA_FLAGS, `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`]);
  return browser;
}

after(async () => (await browser)?.close());
