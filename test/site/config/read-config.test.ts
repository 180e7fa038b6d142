import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ConfigError } from '../../../src/site/config/config-error.ts';
import { readConfig } from '../../../src/site/config/read-config.ts';
import type { SiteConfig } from '../../../src/site/config/site-config.ts';

describe('readConfig', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serval-config-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function read(text: string): Promise<SiteConfig> {
    const file = join(folder, 'serval.json');
    await writeFile(file, text);
    return readConfig(file);
  }

  it('resolves the root relative to the file', async () => {
    assert.equal((await read('{ "root": "dist" }')).root, join(folder, 'dist'));
    assert.equal((await read('\ufeff{ "root": "/srv" }')).root, '/srv');
    assert.equal((await read('{}')).root, undefined);
  });

  it('gives the position of invalid JSON', async () => {
    await assert.rejects(read('{\n  "spa": true,\n}'), (error: Error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /serval\.json:3:1: invalid JSON: /);
      return true;
    });
    await assert.rejects(read(''), /serval\.json.*: invalid JSON: /);
  });

  it('reports a file that is missing or unreadable', async () => {
    await assert.rejects(
      readConfig(join(folder, 'missing.json')),
      /^Error: config file .*missing\.json does not exist$/,
    );
    await assert.rejects(readConfig(folder), ConfigError);
  });

  it('reports one error in one line, and several in a line each', async () => {
    await assert.rejects(
      read('{ "spa": 1 }'),
      /serval\.json: spa: expected true or false or a non-empty string, got 1$/,
    );
    await assert.rejects(
      read('{ "spa": 1, "listing": 2 }'),
      /serval\.json: 2 errors:\n {2}spa: .*\n {2}listing: .*$/,
    );
  });
});
