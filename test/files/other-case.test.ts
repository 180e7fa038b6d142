/** A site on a file system that ignores case: exFAT, where this machine can mount one. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, describe, test } from 'node:test';
import { servedPath } from '../../src/files/served-path.ts';
import { site } from '../../src/site/site.ts';

interface Mounted {
  readonly root: string;
  unmount(): void;
}

/** `undefined` without the tools (exfatprogs, exfat-fuse) or the permission. */
function mountExfat(): Mounted | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'serval-exfat-')));
  const image = join(base, 'image');
  const root = join(base, 'mounted');
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  let device: string | undefined;
  try {
    mkdirSync(root);
    writeFileSync(image, '');
    truncateSync(image, 16 * 1024 * 1024);
    run('mkfs.exfat', image);
    const loop = run('losetup', '--find', '--show', image);
    device = loop;
    run('mount.exfat-fuse', loop, root);
    return {
      root,
      unmount() {
        // Lazily: a response may still have a file open.
        run('umount', '--lazy', root);
        run('losetup', '--detach', loop);
        rmSync(base, { recursive: true });
      },
    };
  } catch {
    if (device !== undefined) run('losetup', '--detach', device);
    rmSync(base, { recursive: true });
    return undefined;
  }
}

const mounted = mountExfat();

describe('a file system that ignores case', {
  skip: mounted === undefined && 'exFAT can not be mounted',
}, () => {
  const root = mounted?.root ?? '';
  const config = join(root, 'conf', 'serval.json');
  if (mounted !== undefined) {
    for (const [path, text] of [
      [config, 'SECRET'],
      [join(root, 'up', 'e.html'), '<p>page'],
      [join(root, 'index.html'), '<p>index'],
    ] as const) {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, text);
    }
  }
  after(() => mounted?.unmount());

  const handler = () => site(root, { upload: { overwrite: true }, listing: true }, { files: [config] });
  const ask = async (path: string, init: RequestInit = {}) => {
    const request = new Request(`http://a${path}`, init);
    return handler()(request, undefined as never, undefined as never);
  };

  test('no spelling of the path of the config file reads it, or replaces it', async () => {
    for (const path of [
      '/conf/serval.json',
      '/CONF/serval.json',
      '/conf/SERVAL.JSON',
      '/Conf/Serval.Json',
      '/CONF/SERVAL.JSON',
    ]) {
      assert.equal((await ask(path)).status, 404, path);
      const put = await ask(path, { method: 'PUT', body: 'replaced' });
      assert.equal(put.status, 403, path);
    }
    for (const path of ['/conf/', '/CONF/']) {
      const names = await (await ask(path, { headers: { Accept: 'application/json' } })).text();
      assert.doesNotMatch(names, /serval/i, path);
    }
  });

  test('the path of what is served, which rules see, has the names that the file system holds', async () => {
    for (const [path, served] of [
      ['/up/e.html', '/up/e.html'],
      ['/UP/e.html', '/up/e.html'],
      ['/Up/E.HTML', '/up/e.html'],
      ['/INDEX.html', '/index.html'],
    ] as const) {
      const response = await ask(path);
      assert.equal(response.status, 200, path);
      assert.equal(servedPath(response), served);
    }
  });
});
