import assert from 'node:assert/strict';
import { open, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashOf } from '../../../src/files/lookup/content-hashes.ts';
import { stateOf } from '../../../src/files/lookup/root.ts';
import { atRest, put, withSite, withTree } from '../with-site.ts';

const LARGE = Buffer.alloc(1_100_000, 'abc');
const TREE = { 'a.js': 'a'.repeat(2000), 'a.js.gz': 'not really', 'empty.txt': '', 'large.bin': LARGE };

async function tagsOf(coding: string, modified: number): Promise<(string | undefined)[]> {
  const tags: (string | undefined)[] = [];
  await withSite(TREE, { etag: 'content' }, async (site) => {
    for (const name of Object.keys(TREE)) await utimes(join(site.root, name), modified, modified);
    await atRest();
    for (const name of Object.keys(TREE)) {
      tags.push((await site.at(`/${name}`, `Accept-Encoding: ${coding}`)).field('etag'));
    }
  });
  return tags;
}

describe('tags made of the content', () => {
  test('are the same for the same content, whenever it was written and whatever its time is', async () => {
    for (const coding of ['identity', 'gzip']) {
      const tags = await tagsOf(coding, 1_600_000_000);
      assert.deepEqual(await tagsOf(coding, 1_700_000_000), tags);
      assert.equal(new Set(tags).size, tags.length);
      for (const tag of tags) assert.match(tag!, /^"[\w-]{22}(\.gzip)?"$/);
    }
  });

  test('are strong: another content of the same size and time has another one', () =>
    withSite({ 'a.txt': 'one' }, { etag: 'content' }, async ({ at, root }) => {
      const first = (await at('/a.txt')).field('etag')!;
      assert.equal((await at('/a.txt', `If-None-Match: ${first}`)).status, 304);
      await put(root, 'a.txt', 'two');
      await sleep(120);
      const second = await at('/a.txt', `If-None-Match: ${first}`);
      assert.equal(second.status, 200);
      await put(root, 'a.txt', 'one');
      await sleep(120);
      assert.equal((await at('/a.txt', `If-None-Match: ${first}`)).status, 304, 'it is back');
    }));

  test('a file that changes while it is read has none', () =>
    withTree({ 'a.txt': 'one' }, async (root) => {
      const handle = await open(join(root, 'a.txt'));
      const state = await stateOf(handle);
      assert.equal(await hashOf(handle, state), 'dpLDrTVAu4A8Ags67mbNiI');
      await writeFile(join(root, 'a.txt'), 'two!');
      assert.equal(await hashOf(handle, state), undefined);
      await handle.close();
    }));
});
