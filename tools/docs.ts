/**
 * Writes the generated pages of `docs/` and the published schema; with `--check`, only says which are stale, and fails then.
 *
 * A page that can be generated can't disagree with the code. Each generator is a function from the checkout to text.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { configSchema } from './docs/config-schema.ts';
import { conformancePage } from './docs/conformance.ts';
import { exchangeStatesPage } from './docs/exchange-states.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const PAGES: Record<string, (root: string) => string> = {
  'docs/CONFORMANCE.md': conformancePage,
  'docs/EXCHANGE-STATES.md': exchangeStatesPage,
  'schema/serval.schema.json': configSchema,
};

const check = process.argv.includes('--check');
const stale: string[] = [];

for (const [path, generate] of Object.entries(PAGES)) {
  const file = join(ROOT, path);
  const text = generate(ROOT);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  stale.push(path);
  if (!check) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

for (const path of stale) console.log(`${path} ${check ? 'is stale' : 'written'}`);
if (check && stale.length > 0) {
  console.error('Run `npm run docs` and commit what it writes.');
  process.exit(1);
}
