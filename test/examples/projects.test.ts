/** The projects of `examples/` as files. `npm run check:package` installs, starts and asks them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const EXAMPLES = join(ROOT, 'examples');

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const { name, version } = JSON.parse(read(ROOT, 'package.json')) as { name: string; version: string };
const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const clients = read(ROOT, 'test/packaging/examples.ts');

test('examples: there are projects', () => assert.ok(folders.length >= 6, `${folders.length} folders`));

for (const { name: folder } of folders) {
  test(`examples/${folder}: depends on the tarball of this version, and has a line in README.md and a client`, () => {
    const { dependencies } = JSON.parse(read(EXAMPLES, folder, 'package.json')) as {
      dependencies: Record<string, string>;
    };
    assert.equal(dependencies[name], `file:../../${name}-${version}.tgz`);
    assert.match(
      read(EXAMPLES, 'README.md'),
      new RegExp(`^\\| \\[${folder}\\]\\(${folder}/src/server\\.ts\\) \\|`, 'm'),
    );
    assert.match(clients, new RegExp(`^ {2}'?${folder}'?: async \\(url\\)`, 'm'));
  });
}
