/** An application that a bundler has put into one file cannot start workers, and says what to do. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { supervise } from '../../src/workers/index.ts';

const WORKERS = fileURLToPath(new URL('../../src/workers/index.js', import.meta.url));

test('supervise: a bundle that holds Serval is told to leave it out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'serval-bundled-'));
  try {
    const source = join(folder, 'app.js');
    writeFileSync(
      source,
      `import { supervise } from ${JSON.stringify(WORKERS)};\nsupervise(import.meta.url);\n`,
    );
    const bundle = await rolldown({ input: source, platform: 'node', logLevel: 'silent' });
    const file = join(folder, 'bundle.mjs');
    await bundle.write({ file, codeSplitting: false });
    const { status, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /supervise: the program of the worker processes is not in .*--external:serval/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('supervise: a module that does not exist is named, with what to do about a bundle', () => {
  const module = new URL('./nowhere.js', import.meta.url);
  assert.throws(() => supervise(module), {
    message:
      /^supervise: module: no file .*nowhere\.js\. If the application is bundled, make the module an entry/,
  });
});
