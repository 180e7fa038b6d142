/** Builds a single-page application with Vite, serves it with the command line, and visits it with Chromium. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, noBrowser } from '../browser/chromium.ts';
import { MEDIA_FLAGS, VISITS } from '../browser/site-visit.ts';
import { ServalProcess } from '../cli/serval-process.ts';
import type { Command } from '../support/commands.ts';
import { viteSources } from './real-site/sources.ts';

const HELP = `[--keep FOLDER]

  --keep FOLDER   use this folder, and keep the installed Vite for the next run; a temporary folder by default

Needs Chromium and the npm registry: Vite is installed in the folder and not in this repository. Screenshots are in the folder.`;

export const realSite: Command = {
  summary: 'a site built with Vite, the listing and uploads in Chromium',
  help: HELP,
  async run(words) {
    const { values } = parseArgs({ args: [...words], options: { keep: { type: 'string' } } });
    if (noBrowser) return [noBrowser];
    const folder =
      values.keep === undefined ? mkdtempSync(join(tmpdir(), 'serval-real-site-')) : resolve(values.keep);
    const visit = new RealSite(folder);
    visit.build();
    const browser = await launchChromium(MEDIA_FLAGS);
    try {
      await visit.site(browser);
      await visit.listing(browser);
    } finally {
      await browser.close();
    }
    console.log(`\nScreenshots are in ${visit.shots}`);
    return visit.faults;
  },
};

class RealSite {
  readonly folder: string;
  readonly shots: string;
  readonly faults: string[] = [];

  constructor(folder: string) {
    this.folder = folder;
    this.shots = join(folder, 'screenshots');
  }

  build(): void {
    mkdirSync(this.shots, { recursive: true });
    writeFileSync(
      join(this.folder, 'package.json'),
      JSON.stringify({ name: 'site', private: true, type: 'module' }),
    );
    // Two in five of Vite's hashes look like words, so names are not enough; this folder holds hashed names only.
    const headers = [{ source: '/assets/**', headers: { 'Cache-Control': 'max-age=31536000, immutable' } }];
    writeFileSync(join(this.folder, 'serval.json'), JSON.stringify({ root: 'dist', spa: true, headers }));
    for (const [name, content] of Object.entries(viteSources())) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), content);
    }
    if (!existsSync(join(this.folder, 'node_modules', 'vite'))) {
      this.#run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--silent', 'vite']);
    }
    this.#run(process.execPath, [
      join('node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      '--logLevel',
      'warn',
    ]);
    console.log(`Vite built ${readdirSync(join(this.folder, 'dist', 'assets')).join(', ')}\n`);
  }

  #run(command: string, words: string[]): void {
    const { status, error } = spawnSync(command, words, { cwd: this.folder, stdio: 'inherit' });
    if (status !== 0) throw error ?? new Error(`${command} ${words.join(' ')} ended with ${status}`);
  }

  async site(browser: Browser): Promise<void> {
    await using serval = await ServalProcess.serve(['--log'], {}, this.folder);
    for (const [title, visit] of Object.entries(VISITS)) {
      await this.#step(title, browser, 'light', async (page) => visit(page, serval));
    }
    for (const path of ['/', '/albums', '/albums/11', '/listen']) {
      await this.#step(`shows ${path}`, browser, 'light', async (page) => {
        await page.goto(serval.origin + path, { waitUntil: 'networkidle' });
        return this.#shoot(page, `site${path.replaceAll('/', '-')}`);
      });
    }
  }

  async listing(browser: Browser): Promise<void> {
    await using serval = await ServalProcess.serve([
      join(this.folder, 'dist'),
      '--spa',
      '--listing',
      '--upload',
    ]);
    for (const scheme of ['light', 'dark'] as const) {
      await this.#step(`lists a folder, ${scheme}`, browser, scheme, async (page) => {
        await page.goto(`${serval.origin}/assets/`);
        assert.ok((await page.getByRole('link').count()) >= 5);
        return this.#shoot(page, `listing-${scheme}`);
      });
      await this.#step(`takes a file, ${scheme}`, browser, scheme, async (page) => {
        await page.goto(`${serval.origin}/assets/`);
        const name = `notes ${scheme} ${Date.now()}.txt`;
        const file = { name, mimeType: 'text/plain', buffer: Buffer.alloc(3_000_000, 'meow ') };
        await page.getByLabel('Choose files').setInputFiles(file);
        await page.getByText('Uploaded, 3.0 MB.').first().waitFor();
        await page.getByRole('link', { name }).waitFor();
        const taken = await (
          await fetch(`${serval.origin}/assets/${encodeURIComponent(name)}`)
        ).arrayBuffer();
        assert.ok(Buffer.from(taken).equals(file.buffer));
        return this.#shoot(page, `upload-${scheme}`);
      });
    }
  }

  /** Runs one step on a page of its own, and prints its outcome. */
  async #step(
    title: string,
    browser: Browser,
    colorScheme: 'light' | 'dark',
    act: (page: Page) => Promise<string>,
  ): Promise<void> {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1000, height: 720 } });
    try {
      console.log(`ok      ${title}: ${await act(await context.newPage())}`);
    } catch (error) {
      this.faults.push(`${title}: ${(error as Error).stack}`);
    } finally {
      await context.close();
    }
  }

  async #shoot(page: Page, name: string): Promise<string> {
    await page.screenshot({ path: join(this.shots, `${name}.png`) });
    return `${name}.png`;
  }
}
