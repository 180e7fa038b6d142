/** Each page is at most two clicks from README.md, and has the words by which it is looked for. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

const linksIn = (page: string): string[] =>
  [...textOf(page).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => target.endsWith('.md') && !target.startsWith('http'))
    .map((target) => join(dirname(page), target));

test('each page of docs/ is reached from README.md in two clicks', () => {
  const first = linksIn('README.md');
  const reached = new Set([...first, ...first.flatMap(linksIn)]);
  const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  assert.ok(pages.length > 20, `${pages.length} pages`);
  assert.deepEqual(
    pages.filter((name) => !reached.has(`docs/${name}`)),
    [],
  );
});

test('docs/README.md lists every page', () => {
  const listed = new Set(linksIn('docs/README.md'));
  const pages = readdirSync(join(ROOT, 'docs')).filter(
    (name) => name.endsWith('.md') && name !== 'README.md',
  );
  assert.deepEqual(
    pages.filter((name) => !listed.has(`docs/${name}`)),
    [],
  );
});

/** What people type, and the page that has to have it. */
const WORDS: Record<string, string> = {
  'access log': 'docs/DIAGNOSTICS.md',
  'keep-alive timeout': 'docs/DEPLOYING.md',
  'CORS headers': 'docs/HONO.md',
  gzip: 'docs/FIRST-SERVER.md',
  bytes: 'docs/UPLOADS.md',
  adapter: 'docs/HONO.md',
  EventSource: 'docs/README.md',
  'text/event-stream': 'docs/SSE.md',
  multipart: 'docs/README.md',
  EADDRINUSE: 'docs/INSTALL.md',
  SIGTERM: 'docs/DEPLOYING.md',
  bindStore: 'docs/DIAGNOSTICS.md',
  'X-Forwarded-For': 'docs/DEPLOYING.md',
  'application/json': 'docs/ERRORS.md',
};
for (const [words, page] of Object.entries(WORDS)) {
  test(`"${words}" is found in ${page}`, () => assert.ok(textOf(page).includes(words)));
}

test('the channels in DIAGNOSTICS.md are those of the server', () => {
  const channels = [...textOf('src/server/diagnostics.ts').matchAll(/channel\('(serval:[^']+)'\)/g)];
  assert.ok(channels.length >= 8);
  for (const [, name = ''] of channels)
    assert.ok(textOf('docs/DIAGNOSTICS.md').includes(`\`${name}\``), name);
});
