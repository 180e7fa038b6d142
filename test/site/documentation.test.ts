/** What docs/FILE-SERVER.md shows is what the program understands. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArguments } from '../../src/cli/arguments.ts';
import { ConfigError } from '../../src/site/config/config-error.ts';
import { configProblems } from '../../src/site/config/config-problems.ts';
import { CONFIG_SCHEMA } from '../../src/site/config/config-schema.ts';
import { readConfig } from '../../src/site/config/read-config.ts';
import type { SiteConfig } from '../../src/site/config/site-config.ts';
import { site } from '../../src/site/site.ts';
import { ask } from './ask.ts';

const PAGE = fileURLToPath(new URL('../../../docs/FILE-SERVER.md', import.meta.url));
const SOURCES = new URL('../../src/', import.meta.url);
const HASH = `scrypt.15.8.3.${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(32).toString('base64url')}`;

describe('docs/FILE-SERVER.md', () => {
  let page: string;
  let folder: string;
  before(async () => {
    page = await readFile(PAGE, 'utf8');
    folder = await mkdtemp(join(tmpdir(), 'serval-documentation-'));
  });
  after(() => rm(folder, { recursive: true }));

  const blocks = (language: string): string[] =>
    [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!);

  it('has commands that are understood', () => {
    const lines = blocks('sh').flatMap((text) => text.trim().split('\n'));
    assert.ok(lines.length >= 12);
    for (const line of lines) {
      const words = line
        .replace(/\s+#.*/, '')
        .replace(/"\$\(serval hash (\w+)\)"/g, `$1:${HASH}`)
        .split(/\s+/);
      assert.equal(words[0], 'serval', line);
      assert.ok(parseArguments(words.slice(1)), line);
    }
  });

  it('has configs that are right, and can be kept', () => {
    const configs = blocks('json').map((text): SiteConfig => JSON.parse(text));
    assert.equal(configs.length, 2);
    for (const config of configs) {
      assert.deepEqual(configProblems(config), []);
      assert.equal(typeof site(folder, config), 'function');
    }
  });

  it('shows what its rules do', async () => {
    const [, config] = blocks('json').map((text): SiteConfig => JSON.parse(text));
    await writeFile(join(folder, 'a.html'), '');
    const handler = site(folder, config);
    const location = async (path: string) => (await ask(handler, path)).headers.get('location');
    assert.equal(await location('/blog/2024/cats'), '/posts/cats');
    assert.equal(await location('/docs/a/b'), 'https://docs.example.com/a/b');
    assert.equal(await location('/search/a b'), '/find?q=a%20b');
    assert.equal((await ask(handler, '/a')).headers.get('x-frame-options'), 'DENY');
    assert.equal((await ask(handler, '/embed/a')).headers.get('x-frame-options'), null);
  });

  it('names every member of a config, with its default, and no other', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, name, value]) => [name, value]);
    const properties = Object.entries(CONFIG_SCHEMA.properties!).filter(([name]) => name !== '$schema');
    assert.deepEqual(
      rows.map(([name]) => name),
      properties.map(([name]) => name),
    );
    for (const [i, [name, schema]] of properties.entries()) {
      const shown = /^`(.*)`$/.exec(rows[i]![1]!)?.[1];
      if (schema.default !== undefined) assert.equal(shown, JSON.stringify(schema.default), name);
    }
  });

  it('shows the words in which mistakes are told', async () => {
    const [text] = blocks('text');
    const file = join(folder, 'serval.json');
    await writeFile(
      file,
      JSON.stringify({ redirects: [{ source: '/a', destination: '/b', status: 300 }], cleanURLs: true }),
    );
    await assert.rejects(readConfig(file), (error: Error) => {
      assert.ok(error instanceof ConfigError);
      assert.equal(`serval: ${error.message}\n`.replace(file, '/srv/site/serval.json'), text);
      return true;
    });
  });

  it('has a handler that works', async () => {
    const [code] = blocks('ts');
    const module = join(folder, 'handler.mjs');
    const runnable = code!
      .replace("'serval'", `'${new URL('index.js', SOURCES)}'`)
      .replace("'serval/files'", `'${new URL('files/index.js', SOURCES)}'`)
      .replace("'./dist'", JSON.stringify(folder))
      .replace('port: 4221', "port: 0, hostname: '127.0.0.1'");
    await writeFile(module, `${runnable}\nexport { server };\n`);
    await writeFile(join(folder, 'hello.txt'), 'hello');
    const { server } = await import(pathToFileURL(module).href);
    try {
      await server.ready;
      const [{ address }] = [...server];
      const origin = `http://127.0.0.1:${address.port}`;
      assert.equal(await (await fetch(`${origin}/hello.txt`)).text(), 'hello');
      assert.equal(typeof (await (await fetch(`${origin}/api/time`)).json()), 'number');
    } finally {
      server.destroy();
    }
  });
});
