import assert from 'node:assert/strict';
import fs from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { bindSocket } from '../../src/workers/bound-socket.ts';

describe('bindSocket', { skip: process.platform === 'win32' && 'not there' }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serval-test-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('gives the file of a unix socket its mode, in place of what a dead server has left', async () => {
    const path = join(folder, 'stale.sock');
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(`${path}.before`, resolve));
    await rename(`${path}.before`, path);
    await new Promise((resolve) => dead.close(resolve));

    const socket = await bindSocket({ path, mode: 0o620 }, 1);
    try {
      const file = await stat(path);
      assert.equal(file.isSocket(), true);
      assert.equal(file.mode & 0o777, 0o620);
      assert.deepEqual(socket.address, { address: path, port: 0, family: 'unix' });
    } finally {
      socket.close();
    }
  });

  it('creates the file of a unix socket with its mode, also under umask 0', async (t) => {
    const path = join(folder, 'strict.sock');
    const umask = process.umask(0);
    let first: number | undefined;
    t.mock.method(fs, 'chmodSync', (file: string, mode: number) => {
      first = fs.statSync(file).mode & 0o777;
      assert.equal(mode, 0o600);
    });
    syncBuiltinESMExports();
    try {
      (await bindSocket({ path, mode: 0o600 }, 1)).close();
    } finally {
      process.umask(umask);
      t.mock.restoreAll();
      syncBuiltinESMExports();
    }
    assert.equal(first, 0o600);
  });

  it('binds an IPv6 address that is written in brackets', async () => {
    const socket = await bindSocket({ hostname: '[::1]', port: 0 }, 1);
    socket.close();
    assert.equal(socket.address.address, '::1');
    assert.deepEqual(socket.description.hostnames, ['[::1]', '::1', '[::1]']);
  });

  it('leaves a live server its file: EADDRINUSE', async () => {
    const path = join(folder, 'live.sock');
    const live = createServer();
    await new Promise<void>((resolve) => live.listen(path, resolve));
    const { ino } = await stat(path);
    await assert.rejects(bindSocket({ path, mode: 0 }, 1), { code: 'EADDRINUSE' });
    assert.equal((await stat(path)).ino, ino);
    await new Promise((resolve) => live.close(resolve));
  });
});
