/**
 * Writes the generated pages of `docs/`, the published schema, and reports into `build/docs/`.
 *
 *     npm run docs                     writes all of them
 *     node build/tools/docs.js --check     writes the reports only; fails when a committed page is stale
 *     node build/tools/docs.js --summary   prints how many requirements of each RFC have a test
 *
 * A generated page cannot disagree with the code. Each generator is a function from the checkout to text.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { manPage } from '../src/cli/help/man-page.ts';
import { apiPage } from './docs/api-reference.ts';
import { configSchema } from './docs/config-schema.ts';
import { conformancePage, conformanceReport, conformanceSummary } from './docs/conformance.ts';
import { exchangeStatesPage } from './docs/exchange-states.ts';
import { limitsPage } from './docs/limits.ts';
import { requirementsIn } from './docs/requirements.ts';
import { pagesWithExcerpts, withExcerpts } from './docs/source-excerpts.ts';
import { streamStatesPage } from './docs/stream-states.ts';
import { conformanceSuitesPage } from './docs/websocket-classes.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

type Generator = (root: string) => string;

const COMMITTED: Readonly<Record<string, Generator>> = {
  'docs/API.md': apiPage,
  'docs/CONFORMANCE.md': conformancePage,
  'docs/CONFORMANCE-SUITES.md': conformanceSuitesPage,
  'docs/EXCHANGE-STATES.md': exchangeStatesPage,
  'docs/LIMITS.md': limitsPage,
  'docs/STREAM-STATES.md': streamStatesPage,
  'man/serval.1': manPage,
  'schema/serval.schema.json': configSchema,
  ...Object.fromEntries(pagesWithExcerpts(ROOT).map((page) => [page, (root) => withExcerpts(root, page)])),
};

/** Files that git ignores. */
const REPORTS: Readonly<Record<string, Generator>> = {
  'build/docs/CONFORMANCE.md': conformanceReport,
};

if (process.argv.includes('--summary')) console.log(conformanceSummary(requirementsIn(ROOT)).join('\n'));
else main(process.argv.includes('--check'));

function main(onlyChecks: boolean): void {
  write(REPORTS);
  const stale = Object.entries(COMMITTED).filter(([path, generate]) => !isFresh(path, generate));
  for (const [path] of stale) console.log(`${path} ${onlyChecks ? 'is stale' : 'written'}`);
  if (!onlyChecks) return write(Object.fromEntries(stale));
  if (stale.length === 0) return;
  console.error('Run `npm run docs` and commit the changes.');
  process.exitCode = 1;
}

function isFresh(path: string, generate: Generator): boolean {
  const file = join(ROOT, path);
  return existsSync(file) && readFileSync(file, 'utf8') === generate(ROOT);
}

function write(pages: Readonly<Record<string, Generator>>): void {
  for (const [path, generate] of Object.entries(pages)) {
    const file = join(ROOT, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, generate(ROOT));
  }
}
