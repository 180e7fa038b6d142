/** The links and file names of README.md, `docs/` and the other pages lead to files that exist. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TREES = ['src', 'test', 'bench', 'tools', 'deploy', 'examples'];
const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'bench/README.md', 'deploy/README.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true })
    .map((name) => `docs/${String(name).split(sep).join('/')}`)
    .filter((page) => page.endsWith('.md')),
];

/** Paths below the root, each with a slash in front. */
const FILES = TREES.flatMap((tree) =>
  readdirSync(join(ROOT, tree), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/')}`)
    .filter((file) => !file.includes('/node_modules/')),
);

for (const page of PAGES) {
  const text = readFileSync(join(ROOT, page), 'utf8');

  test(`${page}: every link leads to a file`, () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) =>
      target.replace(/#.*$/, ''),
    );
    const dead = targets
      .filter((target) => target !== '' && !/^https?:/.test(target))
      .filter((target) => !existsSync(join(ROOT, dirname(page), target)));
    assert.deepEqual(dead, []);
  });

  test(`${page}: every source that it names exists`, () => {
    const names = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)*\.ts)`/g)].map(([, name = '']) => name);
    assert.deepEqual(
      names.filter((name) => !FILES.some((file) => file.endsWith(`/${name}`))),
      [],
    );
  });
}
