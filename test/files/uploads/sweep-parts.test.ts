/** The names of parts, and what happens to those that nobody writes any more. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { isPartName, makePartName, PLACE, partOwner } from '../../../src/files/lookup/part-name.ts';
import { storeFile } from '../../../src/files/uploads/store-file.ts';
import { sweepParts } from '../../../src/files/uploads/sweep-parts.ts';
import { gate } from '../../server/with-server.ts';

describe('makePartName', () => {
  test('makes a hidden name that says whose it is, another one each time', () => {
    const name = makePartName('a.txt');
    assert.match(name, /^\.a\.txt\.[0-9a-f]{8}-\d+-[0-9a-f]{16}\.part$/);
    assert.deepEqual(partOwner(name), { place: PLACE, pid: process.pid });
    assert.notEqual(makePartName('a.txt'), name);
  });

  test('makes a name that any file system can have, and that is UTF-8, of any name', () => {
    for (const character of ['a', 'é', '日', '🐢']) {
      const longest = character.repeat(Math.floor(255 / Buffer.byteLength(character)));
      for (const name of [longest, `a${longest}`, `aa${longest}`, `.${longest}`]) {
        const part = makePartName(name);
        assert.ok(Buffer.byteLength(part) <= 255, `${Buffer.byteLength(part)} octets`);
        assert.ok(isPartName(part), part);
        assert.equal(Buffer.from(part).toString(), part);
      }
    }
  });

  test('is not mistaken for the name of a file', () => {
    for (const name of [
      'a.part',
      '.part',
      '.a.part',
      '.a.1234.part',
      'a.txt.0123abcd-1-0123456789abcdef.part',
      '.a.0123abcd-1-0123456789abcdef.part2',
      '.a.0123abcd-1-0123456789abcde.part',
      '.a.0123abcd-x-0123456789abcdef.part',
    ]) {
      assert.equal(isPartName(name), false, name);
    }
  });
});

describe('sweepParts', () => {
  let root: string;
  let outside: string;
  /** A process that has existed, and does no more. */
  const gone = spawnSync(process.execPath, ['--version']).pid;
  const of = (place: string, pid: number, name = 'a') => `.${name}.${place}-${pid}-0123456789abcdef.part`;
  const DAY_AGO = Date.now() / 1000 - 25 * 60 * 60;

  before(async () => {
    const base = await realpath(await mkdtemp(join(tmpdir(), 'serval-test-')));
    root = join(base, 'root');
    outside = join(base, 'outside');
    await mkdir(join(root, 'a', 'b'), { recursive: true });
    await mkdir(join(root, '.hidden'));
    await mkdir(outside);
    await symlink(outside, join(root, 'link'));
    await symlink(root, join(root, 'loop'));
  });
  after(() => rm(join(root, '..'), { recursive: true }));

  const put = async (name: string, old = false): Promise<void> => {
    await writeFile(join(root, name), 'part');
    if (old) await utimes(join(root, name), DAY_AGO, DAY_AGO);
  };
  const parts = async () => (await readdir(root)).filter((name) => name.endsWith('.part')).sort();

  test('removes what processes of this machine that are gone have left, in all folders', async () => {
    await put(of(PLACE, gone));
    await put(join('a', 'b', of(PLACE, gone)));
    // A container's process 1 has the id of the one that was killed.
    const before = Date.now() / 1000 - process.uptime() - 1;
    await put(join('a', of(PLACE, process.pid)));
    await utimes(join(root, 'a', of(PLACE, process.pid)), before, before);
    assert.equal(await sweepParts(root, false), 3);
    assert.deepEqual(await parts(), []);
    assert.deepEqual(await readdir(join(root, 'a')), ['b']);
  });

  test('leaves alone what is somebody else’s, until nobody has touched it for a day', async () => {
    const elsewhere = of('00000000', gone);
    const alive = of(PLACE, process.ppid);
    for (const name of [elsewhere, alive]) await put(name);
    assert.equal(await sweepParts(root, false), 0);
    assert.deepEqual(await parts(), [alive, elsewhere].sort());
    for (const name of [elsewhere, alive]) await put(name, true);
    assert.equal(await sweepParts(root, false), 2);
  });

  test('leaves alone whatever is not a part, whatever its age, and never follows a link', async () => {
    const names = ['x.part', '.x.part', '.y.12345678-1-0123456789abcdef.part.txt'];
    for (const name of names) await put(name, true);
    await writeFile(join(outside, of(PLACE, gone)), '');
    await symlink(join(outside, of(PLACE, gone)), join(root, of(PLACE, gone)));
    await mkdir(join(root, of(PLACE, gone, 'folder')));
    assert.equal(await sweepParts(root, false), 0);
    assert.deepEqual(await readdir(outside), [of(PLACE, gone)]);
    for (const name of [...names, of(PLACE, gone), of(PLACE, gone, 'folder')]) {
      await rm(join(root, name), { recursive: true });
    }
  });

  test('looks into hidden folders only where uploads may go there', async () => {
    await put(join('.hidden', of(PLACE, gone)));
    assert.equal(await sweepParts(root, false), 0);
    assert.equal(await sweepParts(root, true), 1);
  });

  test('leaves alone what another thread of this process is writing', async () => {
    const store = new URL('../../../src/files/uploads/store-file.js', import.meta.url).href;
    const worker = new Worker(
      `const { parentPort, workerData: { store, root } } = require('node:worker_threads');
      async function* content() {
        yield Buffer.from('a');
        parentPort.postMessage('begun');
        await new Promise((resolve) => parentPort.once('message', resolve));
        yield Buffer.from('b');
      }
      import(store).then(({ storeFile }) => storeFile(root, 'threaded', content())).then(
        (stored) => parentPort.postMessage(stored),
        (error) => parentPort.postMessage(String(error)),
      );`,
      { eval: true, workerData: { store, root } },
    );
    try {
      assert.deepEqual(await once(worker, 'message'), ['begun']);
      assert.equal(await sweepParts(root, false), 0);
      worker.postMessage('go on');
      assert.deepEqual(await once(worker, 'message'), [{ replaced: false, octets: 2 }]);
    } finally {
      await worker.terminate();
    }
  });

  test('leaves alone what this process is writing', async () => {
    const { opened, open } = gate();
    async function* content() {
      yield Buffer.from('a');
      await opened;
      yield Buffer.from('b');
    }
    const storing = storeFile(root, 'new', content());
    let found: string[] = [];
    while (found.length === 0) found = await parts();
    assert.equal(await sweepParts(root, false), 0);
    open();
    assert.deepEqual(await storing, { replaced: false, octets: 2 });
    assert.deepEqual(await parts(), []);
  });
});
