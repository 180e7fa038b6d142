/**
 * Builds the documentation site into `site/dist`:
 *
 *     npm run site
 *
 * The pages are made from `docs/`, the measured results and the docstrings, into `site/pages`. VitePress makes HTML of them. What it
 * needs is installed in `site/node_modules`, so that contributors who do not build the site need not install it.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entriesOf } from './site/api/api-pages.ts';
import type { Reflection } from './site/api/reflections.ts';
import { chartInSiteColours, siteColours } from './site/colours.ts';
import { navigationOf } from './site/navigation.ts';
import { siteOf } from './site/pages.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SITE = join(ROOT, 'site');
const PAGES = join(SITE, 'pages');
const API = join(ROOT, 'build/site/api.json');

install();
describeApi();
writePages();
run('vitepress', 'build');

/** Installs what the lock file lists, if that is not what is installed. */
function install(): void {
  const [locked, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map((name) =>
    join(SITE, name),
  );
  if (existsSync(installed!) && statSync(installed!).mtimeMs >= statSync(locked!).mtimeMs) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: SITE, stdio: 'inherit' });
}

/** TypeDoc reads the declarations and docstrings. It needs a compiler with an API, which TypeScript 7 has not: it has its own. */
function describeApi(): void {
  mkdirSync(dirname(API), { recursive: true });
  const sources = entriesOf(ROOT).map(({ file }) => join(ROOT, file));
  run('typedoc', '--json', API, ...sources);
}

function writePages(): void {
  const site = siteOf(ROOT, JSON.parse(readFileSync(API, 'utf8')) as Reflection);
  rmSync(PAGES, { recursive: true, force: true });
  for (const { route, text } of site.pages) write(`${route}.md`, text);
  for (const [address, file] of site.pictures)
    write(`public${address}`, chartInSiteColours(readFileSync(join(ROOT, file), 'utf8')));
  cpSync(join(SITE, 'public'), join(PAGES, 'public'), { recursive: true });
  write('navigation.json', JSON.stringify(navigationOf(site.pages), undefined, 2));
  write('colours.css', siteColours());
  console.log(`${site.pages.length} pages written to site/pages`);
}

function write(name: string, text: string): void {
  const file = join(PAGES, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function run(program: string, ...words: string[]): void {
  execFileSync(join(SITE, 'node_modules/.bin', program), words, { cwd: SITE, stdio: 'inherit' });
}
