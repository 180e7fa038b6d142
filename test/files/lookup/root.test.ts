import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Root } from '../../../src/files/lookup/root.ts';
import type { Place } from '../../../src/files/resource/file-state.ts';
import { withTree } from '../with-site.ts';

const TREE = { 'a/b/c.txt': 'c', '../a/b/c.txt': 'SECRET' };

async function found(root: Root, names: string[]): Promise<Place> {
  const place = await root.find(names);
  assert.ok(place !== undefined, names.join('/'));
  return place;
}

/** The files below `folder` that this process has open; nothing where the system does not say. */
function openBelow(folder: string): string[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        const path = readlinkSync(`/proc/self/fd/${fd}`);
        return path.startsWith(folder) ? [path] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

describe('Root', () => {
  test('finds files and folders, with all links followed', () =>
    withTree(TREE, async (folder) => {
      await symlink('a/b', join(folder, 'link'));
      const root = new Root(folder, 'within');
      const place = await found(root, ['link', 'c.txt']);
      assert.equal(place.path, join(folder, 'a/b/c.txt'));
      assert.equal(place.kind, 'file');
      assert.equal(place.state.size, 1);
      assert.equal((await found(root, [])).kind, 'folder');
      assert.equal(await root.find(['a', 'missing']), undefined);
      assert.equal(await root.find(['a', 'b', 'c.txt', 'd']), undefined);
    }));

  test('opens what it found, and says how it is now', () =>
    withTree(TREE, async (folder) => {
      const root = new Root(folder, 'within');
      const place = await found(root, ['a', 'b', 'c.txt']);
      const same = await root.open(place.path);
      assert.equal(same?.state.version, place.state.version);
      await same?.handle.close();
      await writeFile(place.path, 'changed');
      const changed = await root.open(place.path);
      assert.equal(changed?.state.file, place.state.file);
      assert.equal(changed?.state.size, 7);
      await changed?.handle.close();
    }));

  const swaps: [string, (folder: string) => Promise<unknown>][] = [
    ['gone', (folder) => rm(join(folder, 'a/b/c.txt'))],
    [
      'a link that leads outside',
      async (folder) => {
        await rm(join(folder, 'a/b/c.txt'));
        await symlink(join(folder, '../a/b/c.txt'), join(folder, 'a/b/c.txt'));
      },
    ],
    [
      'in a folder that has been exchanged for a link to one outside',
      async (folder) => {
        await rename(join(folder, 'a/b'), join(folder, 'a/was-b'));
        await symlink(join(folder, '../a/b'), join(folder, 'a/b'));
      },
    ],
    [
      'further below such a folder',
      async (folder) => {
        await rename(join(folder, 'a'), join(folder, 'was-a'));
        await symlink(join(folder, '../a'), join(folder, 'a'));
      },
    ],
    [
      'a pipe',
      async (folder) => {
        await rm(join(folder, 'a/b/c.txt'));
        execFileSync('mkfifo', [join(folder, 'a/b/c.txt')]);
      },
    ],
    [
      'a folder',
      async (folder) => {
        await rm(join(folder, 'a/b/c.txt'));
        await mkdir(join(folder, 'a/b/c.txt'));
      },
    ],
  ];
  for (const [what, swap] of swaps) {
    test(`does not open what is ${what} by now`, () =>
      withTree(TREE, async (folder) => {
        const root = new Root(folder, 'within');
        const { path } = await found(root, ['a', 'b', 'c.txt']);
        await swap(folder);
        assert.equal(await root.open(path), undefined);
        assert.deepEqual(openBelow(await realpath(join(folder, '..'))), []);
      }));
  }

  test('knows of nothing that is reserved, beside another file either', () =>
    withTree({ 'a.js': 'a', 'a.js.gz': 'gz', 'secret.json': 'SECRET' }, async (folder) => {
      await symlink('secret.json', join(folder, 'a.js.br'));
      const root = new Root(folder, 'within', (path) => path.endsWith('.json'));
      const place = await found(root, ['a.js']);
      assert.equal(await root.find(['secret.json']), undefined);
      assert.equal((await root.findBeside(place, '.gz'))?.path, join(folder, 'a.js.gz'));
      assert.equal(await root.findBeside(place, '.br'), undefined);
    }));

  test('follows links to anywhere, if it is to', () =>
    withTree(TREE, async (folder) => {
      await symlink(join(folder, '../a'), join(folder, 'out'));
      assert.equal(await new Root(folder, 'within').find(['out', 'b', 'c.txt']), undefined);
      const root = new Root(folder, 'anywhere');
      const { path } = await found(root, ['out', 'b', 'c.txt']);
      assert.equal(path, join(folder, '../a/b/c.txt'));
      const open = await root.open(path);
      assert.equal((await open?.handle.readFile('utf8')) ?? '', 'SECRET');
      await open?.handle.close();
    }));

  test('is at home in a root that is not there, and one that comes later', () =>
    withTree({}, async (folder) => {
      const root = new Root(join(folder, 'later'), 'within');
      assert.equal(await root.find(['a.txt']), undefined);
      await mkdir(join(folder, 'later'));
      await writeFile(join(folder, 'later/a.txt'), 'a');
      await new Promise((resolve) => setTimeout(resolve, 110));
      assert.equal((await found(root, ['a.txt'])).kind, 'file');
    }));
});

describe('Root, the real path of what it finds', () => {
  const pathOf = async (root: string, names: string[]) => (await new Root(root, 'within').find(names))?.path;

  let base: string;
  let root: string;
  before(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'serval-test-')));
    root = join(base, 'root');
    await mkdir(join(root, 'sub'), { recursive: true });
    await mkdir(join(base, 'root-too'));
    await writeFile(join(root, 'sub', 'a.txt'), 'a');
    await writeFile(join(base, 'secret.txt'), 'secret');
    await writeFile(join(base, 'root-too', 'b.txt'), 'b');
    await symlink(join(base, 'secret.txt'), join(root, 'leak.txt'));
    await symlink(base, join(root, 'up'));
    await symlink(join(base, 'root-too'), join(root, 'sibling'));
    await symlink(join('sub', 'a.txt'), join(root, 'inside.txt'));
    await symlink(root, join(base, 'current'));
  });
  after(() => rm(base, { recursive: true }));

  test('finds what is inside, through links too', async () => {
    const a = join(root, 'sub', 'a.txt');
    assert.equal(await pathOf(root, ['sub', 'a.txt']), a);
    assert.equal(await pathOf(root, ['inside.txt']), a);
    assert.equal(await pathOf(root, []), root);
  });

  test('follows a root that is itself a link', async () => {
    assert.equal(await pathOf(join(base, 'current'), ['sub']), join(root, 'sub'));
  });

  test('finds nothing outside', async () => {
    assert.equal(await pathOf(root, ['leak.txt']), undefined);
    assert.equal(await pathOf(root, ['up', 'secret.txt']), undefined);
    assert.equal(await pathOf(root, ['sibling', 'b.txt']), undefined, 'a prefix of a name is no folder');
  });

  test('serves the root of the file system, if asked to', async () => {
    assert.equal(await pathOf('/', base.split('/').slice(1)), base);
  });
});
