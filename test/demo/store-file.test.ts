import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { storeFile } from '../../src/demo/store-file.ts';

const text = (content: string): ReadableStream<Uint8Array> => new Response(content).body!;

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
    assert.deepEqual(await storeFile(path, 'a', text('hello')), { replaced: false, octets: 5 });
    assert.deepEqual(await storeFile(path, 'a', text('')), { replaced: true, octets: 0 });
    assert.deepEqual(await storeFile(path, 'b', null), { replaced: false, octets: 0 });
    assert.deepEqual((await readdir(path)).sort(), ['a', 'b']);
  });

  it('keeps the old content until the new is complete, and leaves nothing of a failed upload', async () => {
    const path = await folder();
    await writeFile(join(path, 'a'), 'old');
    let seen: string[] = [];
    const failing = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (seen.length > 0) throw new Error('the client went away');
        controller.enqueue(Buffer.from('new'));
        seen = await readdir(path);
      },
    });
    await assert.rejects(storeFile(path, 'a', failing), /went away/);
    assert.equal(seen.length, 2, 'the upload was beside the target');
    assert.deepEqual(await readdir(path), ['a']);
    assert.equal(await readFile(join(path, 'a'), 'utf8'), 'old');
  });

  it('asks for no more than it has written', async () => {
    const path = await folder();
    let pulls = 0;
    const content = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (++pulls === 50) controller.close();
          else controller.enqueue(new Uint8Array(64 * 1024).fill(pulls));
        },
      },
      { highWaterMark: 0 },
    );
    const { octets } = await storeFile(path, 'a', content);
    assert.equal(octets, 49 * 64 * 1024);
    const stored = await readFile(join(path, 'a'));
    for (let i = 0; i < 49; i++) assert.equal(stored[i * 64 * 1024], i + 1);
  });

  it('replaces a symbolic link and not what it leads to', async () => {
    const path = await folder();
    await writeFile(join(base, 'precious'), 'precious');
    await symlink(join(base, 'precious'), join(path, 'a'));
    await storeFile(path, 'a', text('new'));
    assert.equal(await readFile(join(base, 'precious'), 'utf8'), 'precious');
    await assert.rejects(readlink(join(path, 'a')));
  });

  it('leaves nothing behind when a folder is in the way', async () => {
    const path = await folder();
    await mkdir(join(path, 'a'));
    await assert.rejects(storeFile(path, 'a', text('new')), { code: 'EISDIR' });
    assert.deepEqual(await readdir(path), ['a']);
  });
});
