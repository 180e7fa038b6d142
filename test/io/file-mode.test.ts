import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { withFileMode } from '../../src/io/file-mode.ts';

describe('withFileMode', { skip: process.platform === 'win32' && 'no permissions on Windows' }, () => {
  let folder: string;
  let umask: number;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'serval-'));
    umask = process.umask(0);
  });
  after(() => {
    process.umask(umask);
    rmSync(folder, { recursive: true });
  });

  for (const mode of [0, 0o600, 0o660, 0o777]) {
    test(`a unix socket has the mode ${mode.toString(8)} from its first moment, under umask 0`, async () => {
      const path = join(folder, `socket-${mode}`);
      const server = createServer();
      withFileMode(mode, () => server.listen(path));
      assert.equal(statSync(path).mode & 0o777, mode);
      assert.equal(process.umask(), 0);
      await new Promise((resolve) => server.close(resolve));
    });
  }

  test('restores the umask when the file cannot be created', () => {
    assert.throws(
      () =>
        withFileMode(0o600, () => {
          throw new Error('no');
        }),
      /no/,
    );
    assert.equal(process.umask(), 0);
  });

  test('leaves the umask alone without a mode', () => {
    assert.equal(
      withFileMode(undefined, () => process.umask()),
      0,
    );
  });

  test('creates the file in a thread, which cannot set the umask', async () => {
    const path = join(folder, 'from-thread');
    const module = new URL('../../src/io/file-mode.js', import.meta.url).href;
    const code = `import(${JSON.stringify(module)}).then(({ withFileMode }) =>
      withFileMode(0o600, () => require('node:fs').writeFileSync(${JSON.stringify(path)}, '')))`;
    await new Promise((resolve, reject) => {
      new Worker(code, { eval: true }).once('exit', resolve).once('error', reject);
    });
    assert.equal(statSync(path).isFile(), true);
    writeFileSync(path, '');
  });
});
