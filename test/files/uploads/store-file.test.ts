import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { isPartName } from '../../../src/files/lookup/part-name.ts';
import { UploadRefusal } from '../../../src/files/uploads/refusal.ts';
import { isUnderWay, storeFile } from '../../../src/files/uploads/store-file.ts';
import { gate } from '../../server/with-server.ts';
import { counted } from '../counted-work.ts';

async function* text(...pieces: string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

/** Fails as a connection does that is lost. */
async function* brokenOff(piece: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(piece);
  throw new Error('the client went away');
}

/** Refuses to replace anything. */
const onlyNew = (current: unknown): void => {
  if (current !== undefined) throw new UploadRefusal(409, 'taken');
};

describe('storeFile', () => {
  let base: string;
  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'serval-test-'));
  });
  after(() => rm(base, { recursive: true }));

  let folders = 0;
  async function folder(): Promise<string> {
    const path = join(base, String(folders++));
    await mkdir(path);
    return path;
  }

  it('stores content, and says what it did', async () => {
    const path = await folder();
    assert.deepEqual(await storeFile(path, 'a', text('hel', '', 'lo')), { replaced: false, octets: 5 });
    assert.equal(await readFile(join(path, 'a'), 'utf8'), 'hello');
    assert.deepEqual(await storeFile(path, 'a', text()), { replaced: true, octets: 0 });
    assert.equal(await readFile(join(path, 'a'), 'utf8'), '');
    assert.deepEqual(await readdir(path), ['a']);
    assert.equal((await stat(join(path, 'a'))).nlink, 1);
  });

  it('collects small chunks before it writes them, and loses none', async () => {
    const path = await folder();
    const total = 131_072;
    async function* pairs() {
      for (let at = 0; at < total; at += 2) yield Buffer.from([at & 0xff, (at >> 8) & 0xff]);
    }
    const { fileRequests } = await counted(() => storeFile(path, 'pairs', pairs()));
    assert.ok(fileRequests < 30, `${fileRequests} requests to the file system for ${total / 2} chunks`);
    const stored = await readFile(join(path, 'pairs'));
    assert.equal(stored.length, total);
    for (let at = 0; at < total; at += 2) assert.equal(stored.readUInt16LE(at), at & 0xffff);
    // Small and large ones in turn, at the limits of what is collected.
    const sizes = [1, 16_383, 16_384, 65_535, 2, 65_536, 49_152, 16_384, 1];
    async function* mixed() {
      for (const [i, size] of sizes.entries()) yield Buffer.alloc(size, i + 1);
    }
    await storeFile(path, 'mixed', mixed());
    const expected = Buffer.concat(sizes.map((size, i) => Buffer.alloc(size, i + 1)));
    assert.ok((await readFile(join(path, 'mixed'))).equals(expected));
  });

  it('has the longest names there are', async () => {
    const path = await folder();
    const names = ['x'.repeat(255), '日'.repeat(85)];
    for (const name of names) await storeFile(path, name, text('x'));
    assert.deepEqual((await readdir(path)).sort(), names.sort());
  });

  it('keeps the old content until the new is complete, and leaves nothing of a failed upload', async () => {
    const path = await folder();
    await writeFile(join(path, 'a'), 'old');
    let seen: string[] = [];
    async function* failing() {
      yield Buffer.from('new');
      seen = await readdir(path);
      throw new Error('the client went away');
    }
    await assert.rejects(storeFile(path, 'a', failing()), /went away/);
    const [part = '', target] = seen.sort();
    assert.equal(target, 'a', 'the upload was beside the target');
    assert.ok(isPartName(part), part);
    assert.equal(isUnderWay(join(path, part)), false);
    assert.deepEqual(await readdir(path), ['a']);
    assert.equal(await readFile(join(path, 'a'), 'utf8'), 'old');
  });

  it('asks for no more than it has written', async () => {
    const path = await folder();
    const size = 64 * 1024;
    async function* content() {
      for (let i = 0; i < 49; i++) {
        const [part = ''] = await readdir(path);
        assert.equal((await stat(join(path, part))).size, i * size);
        yield new Uint8Array(size).fill(i + 1);
      }
    }
    const { octets } = await storeFile(path, 'a', content());
    assert.equal(octets, 49 * size);
    const stored = await readFile(join(path, 'a'));
    for (let i = 0; i < 49; i++) assert.equal(stored[i * size], i + 1);
  });

  it('takes so many octets and not one more, and reads on no further', async () => {
    const path = await folder();
    assert.deepEqual(await storeFile(path, 'a', text('12345', '678'), { maxOctets: 8 }), {
      replaced: false,
      octets: 8,
    });
    let returned = false;
    async function* endless() {
      try {
        for (;;) yield Buffer.from('1234');
      } finally {
        returned = true;
      }
    }
    await assert.rejects(storeFile(path, 'b', endless(), { maxOctets: 9 }), { status: 413 });
    assert.equal(returned, true);
    assert.deepEqual(await readdir(path), ['a']);
  });

  it('replaces a symbolic link and not what it leads to', async () => {
    const path = await folder();
    await writeFile(join(base, 'precious'), 'precious');
    await symlink(join(base, 'precious'), join(path, 'a'));
    await storeFile(path, 'a', text('new'));
    assert.equal(await readFile(join(base, 'precious'), 'utf8'), 'precious');
    await assert.rejects(readlink(join(path, 'a')));
  });

  it('leaves folders, pipes and the like alone, and reads nothing for them', async () => {
    const path = await folder();
    await mkdir(join(path, 'folder'));
    execFileSync('mkfifo', [join(path, 'pipe')]);
    let asked = false;
    async function* content() {
      asked = true;
      yield Buffer.from('x');
    }
    for (const name of ['folder', 'pipe']) {
      await assert.rejects(storeFile(path, name, content()), { status: 409 });
    }
    assert.equal(asked, false);
    assert.deepEqual((await readdir(path)).sort(), ['folder', 'pipe']);
  });

  it('leaves nothing behind when a folder appears in the way', async () => {
    const path = await folder();
    async function* content() {
      yield Buffer.from('x');
      await mkdir(join(path, 'a'));
    }
    await assert.rejects(storeFile(path, 'a', content()), { status: 409 });
    assert.deepEqual(await readdir(path), ['a']);
  });

  it('asks whether it may before it writes, and again before the file gets its name', async () => {
    const path = await folder();
    await writeFile(join(path, 'a'), 'old');
    let asked = false;
    async function* never() {
      asked = true;
      yield Buffer.from('x');
    }
    await assert.rejects(storeFile(path, 'a', never(), { check: onlyNew }), /taken/);
    assert.equal(asked, false);

    async function* overtaken() {
      yield Buffer.from('mine');
      await writeFile(join(path, 'b'), 'theirs');
    }
    await assert.rejects(storeFile(path, 'b', overtaken(), { check: onlyNew }), /taken/);
    assert.equal(await readFile(join(path, 'b'), 'utf8'), 'theirs');
    assert.deepEqual((await readdir(path)).sort(), ['a', 'b']);
  });

  it('never replaces what another process made at the last moment', async () => {
    const path = await folder();
    let calls = 0;
    // The second question is the one that counts; right behind it somebody else takes the name.
    const check = (current: unknown): void => {
      onlyNew(current);
      if (++calls === 2) execFileSync('sh', ['-c', 'printf theirs > "$0"', join(path, 'a')]);
    };
    await assert.rejects(storeFile(path, 'a', text('mine'), { check }), /taken/);
    assert.equal(await readFile(join(path, 'a'), 'utf8'), 'theirs');
    assert.deepEqual(await readdir(path), ['a']);
  });

  it('stores one of those that want a new name at once, and refuses the others', async () => {
    const path = await folder();
    const { opened, open } = gate();
    async function* content(i: number) {
      yield Buffer.from(`${i}`.repeat(100_000));
      await opened;
      yield Buffer.from('!');
    }
    const stores = Array.from({ length: 10 }, (_, i) => storeFile(path, 'a', content(i), { check: onlyNew }));
    const settled = Promise.allSettled(stores);
    setTimeout(open, 20);
    const outcomes = (await settled).map(({ status }) => status);
    assert.equal(outcomes.filter((status) => status === 'fulfilled').length, 1);
    const stored = await readFile(join(path, 'a'), 'utf8');
    assert.equal(stored, `${outcomes.indexOf('fulfilled')}`.repeat(100_000).concat('!'));
    assert.deepEqual(await readdir(path), ['a']);
  });

  it('has one of those that replace each other in the end, whole', async () => {
    const path = await folder();
    const contents = Array.from({ length: 20 }, (_, i) => `${i},`.repeat(50_000));
    const stored = await Promise.all(
      contents.map((content) => storeFile(path, 'a', text(content.slice(0, 999), content.slice(999)))),
    );
    assert.equal(stored.filter(({ replaced }) => !replaced).length, 1, 'one was the first');
    assert.ok(contents.includes(await readFile(join(path, 'a'), 'utf8')));
    assert.deepEqual(await readdir(path), ['a']);
  });

  it('throws what the file system says', async (t) => {
    const path = await folder();
    await assert.rejects(storeFile(join(path, 'missing'), 'a', text('x')), { code: 'ENOENT' });
    await assert.rejects(storeFile(path, 'a', brokenOff('x')), /went away/);
    if (process.getuid?.() === 0) return t.skip('root may write everywhere');
    await chmod(path, 0o500);
    await assert.rejects(storeFile(path, 'a', text('x')), { code: 'EACCES' });
    await chmod(path, 0o700);
  });
});
