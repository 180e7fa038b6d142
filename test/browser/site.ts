/** A single-page application in a real browser. `npm run interop -- real-site` does the same with one that Vite has built. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ServalProcess } from '../cli/serval-process.ts';
import { builtSite } from '../interop/real-site/sources.ts';
import { noBrowser } from './chromium.ts';
import { oneChromium } from './one-chromium.ts';
import { VISITS } from './site-visit.ts';

describe('somebody on a single-page site', { skip: noBrowser }, () => {
  let root: string;
  let serval: ServalProcess;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'serval-spa-'));
    const built = builtSite();
    // What Vite writes with `build.manifest`: the names of lazy chunks stand in no page.
    const assets = Object.keys(built).filter((name) => name.startsWith('assets/'));
    const manifest = Object.fromEntries(assets.map((file) => [file, { file }]));
    const site = { ...built, '.vite/manifest.json': JSON.stringify(manifest) };
    for (const [name, content] of Object.entries(site)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), content);
    }
    serval = await ServalProcess.serve([root, '--spa', '--log']);
  });
  after(async () => {
    await serval?.[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true });
  });

  for (const [title, visit] of Object.entries(VISITS)) {
    it(title, async () => {
      // A cache of its own for each.
      const context = await (await oneChromium()).newContext();
      try {
        await visit(await context.newPage(), serval);
      } finally {
        await context.close();
      }
    });
  }
});
