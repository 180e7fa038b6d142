/**
 * Builds a single-page application with Vite and looks around on it in Chromium, served by the command line.
 *
 *     npm run real-site                    in a temporary folder, with screenshots
 *     npm run real-site -- --keep <folder> there, where what is installed is kept for the next time
 *
 * Vite is installed there, and not in this repository: it is what the site is built with, and nothing of ours. Needs the npm
 * registry and a Chromium.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, noBrowser } from '../browser/chromium.ts';
import { MEDIA_FLAGS, VISITS } from '../browser/site-visit.ts';
import { ServalProcess } from '../cli/serval-process.ts';
import { viteSources } from './real-site/sources.ts';

const keep = process.argv.indexOf('--keep');
const folder = keep < 0 ? mkdtempSync(join(tmpdir(), 'serval-real-site-')) : resolve(process.argv[keep + 1]!);
const shots = join(folder, 'screenshots');
let failures = 0;

if (noBrowser) throw new Error(noBrowser);
build();
const browser = await launchChromium(MEDIA_FLAGS);
try {
  await visitSite(browser);
  await visitListing(browser);
} finally {
  await browser.close();
}
console.log(`\nScreenshots are in ${shots}`);
process.exitCode = failures === 0 ? 0 : 1;

function build(): void {
  mkdirSync(shots, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'site', private: true, type: 'module' }),
  );
  // Two in five of Vite's hashes look like words, so names alone don't tell: this folder has nothing else in it.
  const headers = [{ source: '/assets/**', headers: { 'Cache-Control': 'max-age=31536000, immutable' } }];
  writeFileSync(join(folder, 'serval.json'), JSON.stringify({ root: 'dist', spa: true, headers }));
  for (const [name, content] of Object.entries(viteSources())) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  if (!existsSync(join(folder, 'node_modules', 'vite'))) {
    run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--silent', 'vite']);
  }
  run(process.execPath, [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn']);
  console.log(`Vite built ${readdirSync(join(folder, 'dist', 'assets')).join(', ')}\n`);
}

function run(command: string, words: string[]): void {
  const { status, error } = spawnSync(command, words, { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw error ?? new Error(`${command} ${words.join(' ')} ended with ${status}`);
}

async function visitSite(browser: Browser): Promise<void> {
  await using serval = await ServalProcess.serve(['--log'], {}, folder);
  for (const [title, visit] of Object.entries(VISITS)) {
    await step(title, browser, 'light', async (page) => visit(page, serval));
  }
  for (const path of ['/', '/albums', '/albums/11', '/listen']) {
    await step(`shows ${path}`, browser, 'light', async (page) => {
      await page.goto(serval.origin + path, { waitUntil: 'networkidle' });
      return shoot(page, `site${path.replaceAll('/', '-')}`);
    });
  }
}

async function visitListing(browser: Browser): Promise<void> {
  await using serval = await ServalProcess.serve([join(folder, 'dist'), '--spa', '--listing', '--upload']);
  for (const scheme of ['light', 'dark'] as const) {
    await step(`lists a folder, ${scheme}`, browser, scheme, async (page) => {
      await page.goto(`${serval.origin}/assets/`);
      assert.ok((await page.getByRole('link').count()) >= 5);
      return shoot(page, `listing-${scheme}`);
    });
    await step(`takes a file, ${scheme}`, browser, scheme, async (page) => {
      await page.goto(`${serval.origin}/assets/`);
      const name = `notes ${scheme} ${Date.now()}.txt`;
      const file = { name, mimeType: 'text/plain', buffer: Buffer.alloc(3_000_000, 'meow ') };
      await page.getByLabel('Choose files').setInputFiles(file);
      await page.getByText('Uploaded, 3.0 MB.').first().waitFor();
      await page.getByRole('link', { name }).waitFor();
      const taken = await (await fetch(`${serval.origin}/assets/${encodeURIComponent(name)}`)).arrayBuffer();
      assert.ok(Buffer.from(taken).equals(file.buffer));
      return shoot(page, `upload-${scheme}`);
    });
  }
}

/** Does one thing on a page of its own, and says what came of it. */
async function step(
  title: string,
  browser: Browser,
  colorScheme: 'light' | 'dark',
  act: (page: Page) => Promise<string>,
): Promise<void> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1000, height: 720 } });
  try {
    console.log(`ok      ${title}: ${await act(await context.newPage())}`);
  } catch (error) {
    failures++;
    console.log(`FAILED  ${title}: ${(error as Error).stack}`);
  } finally {
    await context.close();
  }
}

async function shoot(page: Page, name: string): Promise<string> {
  await page.screenshot({ path: join(shots, `${name}.png`) });
  return `${name}.png`;
}
