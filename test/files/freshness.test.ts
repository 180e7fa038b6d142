/** What is in memory is what is on the disk: never older than 100 ms, and had without asking anybody until then. */
import assert from 'node:assert/strict';
import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { files } from '../../src/files/files.ts';
import { VALID_MS } from '../../src/files/lookup/file-cache.ts';
import { MAX_HELD_OCTETS } from '../../src/files/lookup/file-store.ts';
import type { FilesOptions } from '../../src/files/options.ts';
import { fakeContext } from '../demo/fake-context.ts';
import { inOneOf } from '../support/until.ts';
import { counted } from './counted-work.ts';
import { atRest, MODIFIED, put, withTree } from './with-site.ts';

const WINDOW = VALID_MS + 10;
/** What is in memory is good for a tenth of a second, which a busy machine may need between two lines of a test. */
const TRIES = 20;

function handlerOf(root: string, options: FilesOptions = {}) {
  const handler = files(root, options);
  const ctx = fakeContext();
  return (path: string, fields: Record<string, string> = {}, method = 'GET') =>
    handler(new Request(`http://a${path}`, { method, headers: fields }), ctx, ctx);
}

/** On a busy machine a check takes so long that the root is looked at once more. */
function assertAsFew(requests: number, expected: number): void {
  assert.ok(Math.abs(requests - expected) <= 1, `${requests} requests, and ${expected} for one client`);
}

describe('files: freshness', () => {
  test('a file in memory is answered without waiting and without a look at the file system', () =>
    withTree({ 'a.txt': 'hello '.repeat(1000), 'index.html': 'home' }, async (root) => {
      const ask = handlerOf(root);
      const requests: [string, Record<string, string>, string?][] = [
        ['/a.txt', {}],
        ['/a.txt', {}, 'HEAD'],
        ['/a.txt?q=1', { 'Accept-Encoding': 'br' }],
        ['/a.txt', { Range: 'bytes=1-2' }],
        ['/a.txt', { 'If-None-Match': '*' }],
        ['/a.txt', { 'If-Match': '"other"' }],
        ['/', {}],
      ];
      const responses = await inOneOf(TRIES, async () => {
        for (const request of requests) await (await ask(...request)).text();
        const answers: Response[] = [];
        const work = await counted(async () => {
          for (const request of requests) {
            const response = ask(...request);
            assert.ok(response instanceof Response, `a promise for ${request[0]}`);
            answers.push(response);
          }
        });
        assert.deepEqual(work, { codings: 0, fileRequests: 0 });
        return answers;
      });
      assert.deepEqual(
        responses.map(({ status }) => status),
        [200, 200, 200, 206, 304, 412, 200],
      );
      assert.equal(await responses[0]!.text(), 'hello '.repeat(1000));
      assert.equal(await responses[3]!.text(), 'el');
    }));

  test('files of up to 1 MiB are held in memory', () =>
    withTree(
      { 'a.bin': Buffer.alloc(MAX_HELD_OCTETS), 'b.bin': Buffer.alloc(MAX_HELD_OCTETS + 1) },
      async (root) => {
        const ask = handlerOf(root);
        await inOneOf(TRIES, async () => {
          for (const path of ['/b.bin', '/a.bin']) await (await ask(path)).arrayBuffer();
          assert.ok(ask('/a.bin') instanceof Response);
        });
        const larger = ask('/b.bin');
        assert.ok(larger instanceof Promise);
        assert.equal((await (await larger).arrayBuffer()).byteLength, MAX_HELD_OCTETS + 1);
        assert.equal(MAX_HELD_OCTETS, 1024 * 1024);
      },
    ));

  test('its fields are made once', () =>
    withTree({ 'a.txt': 'hello' }, async (root) => {
      const ask = handlerOf(root);
      await ask('/a.txt');
      const [one, other] = [await ask('/a.txt'), await ask('/a.txt')];
      one.headers.set('x-changed', 'yes');
      assert.equal(other.headers.get('x-changed'), null, 'and can not be changed for others');
      assert.equal((await ask('/a.txt')).headers.get('x-changed'), null);
    }));

  const changes: [string, (root: string) => Promise<unknown>, string | undefined][] = [
    ['written over', (root) => writeFile(join(root, 'a.txt'), 'new!!'), 'new!!'],
    ['written over with as many octets and the same time', (root) => put(root, 'a.txt', 'olds!'), 'olds!'],
    [
      'replaced by another that was renamed',
      async (root) => {
        await put(root, 'b.txt', 'another');
        await rename(join(root, 'b.txt'), join(root, 'a.txt'));
      },
      'another',
    ],
    ['renamed', (root) => rename(join(root, 'a.txt'), join(root, 'b.txt')), undefined],
    ['deleted', (root) => rm(join(root, 'a.txt')), undefined],
    [
      'deleted, with a folder in its place',
      async (root) => {
        await rm(join(root, 'a.txt'));
        await mkdir(join(root, 'a.txt'));
      },
      undefined,
    ],
    [
      'exchanged for a link that leads outside',
      async (root) => {
        await put(root, '../secret.txt', 'SECRET');
        await rm(join(root, 'a.txt'));
        await symlink(join(root, '../secret.txt'), join(root, 'a.txt'));
      },
      undefined,
    ],
  ];
  // All that these do is wait, each for a folder of its own.
  describe('what changes', { concurrency: true }, () => {
    for (const large of [false, true]) {
      for (const [what, change, expected] of changes) {
        test(`a ${large ? 'large' : 'small'} file that is ${what} is seen to be so within 100 ms`, () =>
          withTree({ 'a.txt': large ? Buffer.alloc(MAX_HELD_OCTETS + 1, 'old') : 'old??' }, async (root) => {
            const ask = handlerOf(root, { compress: false });
            for (let times = 0; times < 3; times++) await (await ask('/a.txt')).text();
            const [stored] = [await ask('/a.txt', {}, 'HEAD')];
            await change(root);
            await sleep(WINDOW);
            const response = await ask('/a.txt', {});
            if (expected === undefined) {
              assert.ok(response.status === 404 || response.status === 302, String(response.status));
              assert.doesNotMatch(await response.text(), /SECRET|old/);
            } else {
              assert.equal(await response.text(), expected);
              const size = response.headers.get('content-length');
              assert.equal(size, String(expected.length));
              if (!what.includes('same time')) {
                assert.notEqual(response.headers.get('etag'), stored!.headers.get('etag'));
              }
            }
          }));
      }
    }
  });

  test('a file that is written again and again is never mixed up with what it was', () =>
    withTree({ 'a.txt': '0' }, async (root) => {
      const ask = handlerOf(root);
      for (let round = 1; round <= 8; round++) {
        const content = String(round).padStart(4, '0');
        await writeFile(join(root, 'a.txt'), content);
        const written = performance.now();
        for (;;) {
          const asked = performance.now();
          const text = await (await ask('/a.txt')).text();
          if (text === content) break;
          assert.ok(asked - written < VALID_MS, `round ${round}: still ${text}`);
          await sleep(5);
        }
        // And the tag it has now is that of this content.
        const response = await ask('/a.txt');
        const tag = response.headers.get('etag')!;
        assert.equal(await response.text(), content);
        await writeFile(join(root, 'a.txt'), `${content.slice(1)}x`);
        await sleep(WINDOW);
        assert.equal((await ask('/a.txt', { 'If-None-Match': tag })).status, 200, `round ${round}: ${tag}`);
      }
    }));

  test('the fixed time of a build does not hide that its octets have changed', () =>
    withTree({ 'a.txt': 'one' }, async (root) => {
      const ask = handlerOf(root);
      assert.equal(await (await ask('/a.txt')).text(), 'one');
      await writeFile(join(root, 'a.txt'), 'two');
      await utimes(join(root, 'a.txt'), MODIFIED, MODIFIED);
      await sleep(WINDOW);
      assert.equal(await (await ask('/a.txt')).text(), 'two');
    }));

  test('those who ask at the same time ask the file system once', () =>
    withTree({ 'a.bin': 'hello' }, async (root) => {
      await atRest();
      const ask = handlerOf(root);
      const alone = await counted(async () => ask('/a.bin'));
      await sleep(WINDOW);
      const again = await counted(async () => ask('/a.bin'));
      await sleep(WINDOW);
      const together = await counted(() => Promise.all(Array.from({ length: 100 }, () => ask('/a.bin'))));
      assert.ok(again.fileRequests > 0 && again.fileRequests < alone.fileRequests);
      assertAsFew(together.fileRequests, again.fileRequests);
      const first = await counted(async () => {
        const fresh = handlerOf(root);
        await Promise.all(Array.from({ length: 100 }, () => fresh('/a.bin')));
      });
      // The content is read once as well.
      assertAsFew(first.fileRequests, alone.fileRequests);
    }));

  test('without memory every request asks', () =>
    withTree({ 'a.txt': 'one' }, async (root) => {
      const ask = handlerOf(root, { memory: 0 });
      assert.equal(await (await ask('/a.txt')).text(), 'one');
      await put(root, 'a.txt', 'two');
      assert.equal(await (await ask('/a.txt')).text(), 'two');
    }));

  test('a root that is a link is followed to where it leads now', () =>
    withTree({ 'v1/a.txt': 'one', 'v2/a.txt': 'two' }, async (root) => {
      const current = join(root, 'current');
      await symlink(join(root, 'v1'), current);
      const ask = handlerOf(current);
      assert.equal(await (await ask('/a.txt')).text(), 'one');
      await symlink(join(root, 'v2'), join(root, 'next'));
      await rename(join(root, 'next'), current);
      await sleep(WINDOW);
      assert.equal(await (await ask('/a.txt')).text(), 'two');
      await rm(current);
      await sleep(WINDOW);
      assert.equal((await ask('/a.txt')).status, 404);
    }));

  test('other spellings of a path are answered, and take no memory', () =>
    withTree({ 'a.txt': 'hello', 'ż ó.txt': 'utf-8' }, async (root) => {
      const ask = handlerOf(root);
      for (const path of ['/%61.txt', '/%61%2etxt', '/a%2Etxt', '/%C5%BC%20%c3%b3.txt']) {
        for (let times = 0; times < 2; times++) {
          const response = ask(path);
          assert.ok(response instanceof Promise, path);
          assert.equal((await response).status, 200);
        }
      }
      await inOneOf(TRIES, async () => {
        await ask('/%C5%BC%20%C3%B3.txt');
        assert.ok(ask('/%C5%BC%20%C3%B3.txt') instanceof Response);
      });
    }));
});
