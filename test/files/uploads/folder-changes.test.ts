/** New folders, and deleting, over sockets. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { files } from '../../../src/files/index.ts';
import { HeldFolder } from '../../../src/files/lookup/held-folder.ts';
import { HAS_KERNEL_PATHS } from '../../../src/files/lookup/kernel-path.ts';
import { makePartName } from '../../../src/files/lookup/part-name.ts';
import { makeFolder, removeEntry } from '../../../src/files/uploads/folder-changes.ts';
import type { UploadOptions } from '../../../src/files/uploads/options.ts';
import { uploads } from '../../../src/files/uploads/uploads.ts';
import { message, type Running, withServer } from '../../server/with-server.ts';
import { atRest } from '../with-site.ts';

const HTML = 'Accept: text/html,*/*;q=0.8';
const FIELDS = 'Content-Type: application/x-www-form-urlencoded';

let base: string;
let root: string;
describe('changes of folders', () => {
  before(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'serval-test-')));
  });
  after(() => rm(base, { recursive: true }));
  beforeEach(async () => {
    root = join(base, 'root');
    await mkdir(join(root, 'folder', '.hidden'), { recursive: true });
    await mkdir(join(root, 'empty'));
    await mkdir(join(root, '.well-known'));
    await mkdir(join(base, 'outside', 'empty'), { recursive: true });
    await writeFile(join(base, 'outside', 'secret.txt'), 'secret');
    await writeFile(join(root, 'old.txt'), 'old');
    await writeFile(join(root, '.env'), 'x');
    await symlink(join(base, 'outside'), join(root, 'out'));
    await symlink('empty', join(root, 'in'));
    await symlink('old.txt', join(root, 'link.txt'));
    await symlink(join(base, 'outside', 'secret.txt'), join(root, 'leak.txt'));
  });
  afterEach(async () => {
    const outside = await readdir(join(base, 'outside'), { recursive: true });
    assert.deepEqual(outside.sort(), ['empty', 'secret.txt'], 'nothing changes outside of the root');
    await rm(root, { recursive: true });
    await rm(join(base, 'outside'), { recursive: true });
  });

  async function serving(options: UploadOptions, use: (running: Running) => Promise<void>): Promise<void> {
    await withServer(uploads(root, options, files(root, { listing: true })), async (running) => {
      await use(running);
      assert.deepEqual(running.faults, []);
    });
  }

  const isFolder = async (name: string) => (await lstat(join(root, name))).isDirectory();

  describe('a new folder', () => {
    test('RFC 9110 §9.3.4: is made by PUT without content, and once', () =>
      serving({}, async ({ ask }) => {
        const made = await ask(message('PUT /folder/n%C3%A9w/', ['Content-Length: 0']));
        assert.deepEqual([made.status, made.field('location')], [201, '/folder/n%C3%A9w/']);
        assert.ok(await isFolder('folder/néw'));
        assert.equal((await ask(message('PUT /folder/n%C3%A9w/'))).status, 204);
        assert.equal((await ask(message('PUT /'))).status, 204);
        assert.equal((await ask(message('GET /folder/n%C3%A9w/'))).status, 200);
      }));

    test('is made by a form: browsers are sent there', () =>
      serving({}, async ({ ask }) => {
        const made = await ask(message('POST /folder/', [FIELDS, HTML], 'folder=a+b%2Bc'));
        assert.deepEqual([made.status, made.field('location')], [303, '/folder/a%20b+c/']);
        assert.ok(await isFolder('folder/a b+c'));
        assert.equal((await ask(message('POST /', [FIELDS], 'folder=by-curl'))).status, 201);
      }));

    const refused: readonly (readonly [path: string, status: number])[] = [
      ['/missing/new/', 409],
      ['/old.txt/new/', 409],
      ['/old.txt/', 409],
      ['/link.txt/', 409],
      ['/in/', 409],
      ['/out/new/', 409],
      ['/leak.txt/', 409],
      ['/.hidden/', 403],
      ['/folder/.hidden/new/', 403],
      ['/.well-known/new/', 403],
      ['/a%2fb/', 400],
      ['/a%00b/', 400],
      [`/${encodeURIComponent(makePartName('a'))}/`, 403],
      [`/${'a'.repeat(256)}/`, 403],
    ];
    for (const [path, status] of refused) {
      test(`is refused with ${status} at ${path.slice(0, 40)}`, () =>
        serving({}, async ({ ask }) => {
          const before = await readdir(root, { recursive: true });
          assert.equal((await ask(message(`PUT ${path}`, ['Content-Length: 0']))).status, status);
          assert.deepEqual(await readdir(root, { recursive: true }), before);
        }));
    }

    test('may have a name of 255 bytes', () =>
      serving({}, async ({ ask }) => {
        assert.equal((await ask(message(`PUT /${'a'.repeat(255)}/`))).status, 201);
      }));

    test('does not change what other paths answer', () =>
      serving({ files: { cleanUrls: true } }, async ({ ask }) => {
        await writeFile(join(root, 'about.html'), '');
        const answer = await ask(message('PUT /about/'));
        assert.deepEqual([answer.status, existsSync(join(root, 'about'))], [409, false]);
      }));

    test('has no content, and no page of another site makes one', () =>
      serving({}, async ({ ask }) => {
        assert.equal((await ask(message('PUT /new/', [], 'content'))).status, 405);
        const evil = ['Origin: http://evil.example', FIELDS];
        assert.equal((await ask(message('POST /', evil, 'folder=evil'))).status, 403);
        assert.equal((await ask(message('PUT /evil/', ['Sec-Fetch-Site: cross-site']))).status, 403);
        assert.ok(!existsSync(join(root, 'evil')));
      }));

    for (const [form, status] of [
      ['', 400],
      ['folder=', 400],
      ['name=x', 400],
      ['folder=..', 403],
      ['folder=.git', 403],
      ['folder=a%2Fb', 400],
      [`folder=${'a'.repeat(2048 - 'folder='.length)}`, 403],
      [`folder=${'a'.repeat(2049 - 'folder='.length)}`, 413],
    ] as const) {
      test(`of a form "${form.slice(0, 20)}" of ${form.length} bytes is refused with ${status}`, () =>
        serving({ delete: true }, async ({ ask }) => {
          assert.equal((await ask(message('POST /', [FIELDS], form))).status, status);
        }));
    }
  });

  describe('deleting', () => {
    test('is off by default', () =>
      serving({}, async ({ ask }) => {
        const answer = await ask(message('DELETE /old.txt'));
        assert.deepEqual([answer.status, answer.field('allow')], [405, 'GET, HEAD, OPTIONS, PUT']);
        assert.equal((await ask(message('POST /', [FIELDS], 'delete=old.txt'))).status, 403);
        assert.ok(existsSync(join(root, 'old.txt')));
      }));

    test('RFC 9110 §9.3.5: removes a file, which is gone for the next request', () =>
      serving({ delete: true }, async ({ ask }) => {
        assert.equal((await ask(message('GET /old.txt'))).status, 200);
        const options = await ask(message('OPTIONS /old.txt'));
        assert.equal(options.field('allow'), 'GET, HEAD, OPTIONS, PUT, DELETE');
        const answer = await ask(message('DELETE /old.txt'));
        assert.deepEqual([answer.status, answer.text], [204, '']);
        assert.equal((await ask(message('GET /old.txt'))).status, 404);
        assert.equal((await ask(message('DELETE /old.txt'))).status, 404);
      }));

    test('removes a folder only if it is empty', () =>
      serving({ delete: true }, async ({ ask }) => {
        assert.equal((await ask(message('DELETE /empty'))).status, 404);
        assert.equal((await ask(message('DELETE /empty/'))).status, 204);
        const full = await ask(message('DELETE /folder/'));
        assert.deepEqual(
          [full.status, full.text],
          [409, 'The folder is not empty. Files that are not shown count as well.\n'],
        );
        assert.ok(await isFolder('folder/.hidden'));
      }));

    test('removes a link, and not what it leads to', () =>
      serving({ delete: true }, async ({ ask }) => {
        assert.equal((await ask(message('DELETE /link.txt'))).status, 204);
        assert.equal((await ask(message('DELETE /in/'))).status, 204);
        assert.ok(existsSync(join(root, 'old.txt')) && existsSync(join(root, 'empty')));
        assert.ok(!existsSync(join(root, 'link.txt')) && !existsSync(join(root, 'in')));
      }));

    for (const [path, status] of [
      ['/', 403],
      ['/missing', 404],
      ['/missing/a', 404],
      ['/old.txt/', 404],
      ['/out/secret.txt', 404],
      ['/out/', 404],
      ['/leak.txt', 404],
      ['/.env', 403],
      ['/folder/.hidden/', 403],
      ['/.well-known/', 403],
      ['/..%2foutside', 400],
    ] as const) {
      test(`is refused with ${status} at ${path}`, () =>
        serving({ delete: true }, async ({ ask }) => {
          const before = await readdir(root, { recursive: true });
          assert.equal((await ask(message(`DELETE ${path}`))).status, status);
          assert.deepEqual(await readdir(root, { recursive: true }), before);
        }));
    }

    test('leaves what is reserved, under its other names as well', async () => {
      await link(join(root, 'old.txt'), join(root, 'again.txt'));
      const { ino, dev } = await lstat(join(root, 'old.txt'));
      const isReserved = (_path: string, file?: string) => file === `${dev}:${ino}`;
      await serving({ delete: true, isReserved }, async ({ ask }) => {
        for (const name of ['old.txt', 'again.txt']) {
          assert.equal((await ask(message(`DELETE /${name}`))).status, 403, name);
          assert.ok(existsSync(join(root, name)));
        }
      });
    });

    test('RFC 9110 §13.1.1: keeps a file that has changed', () =>
      serving({ delete: true }, async ({ ask }) => {
        // Until then the tag is weak, since the file could change once more within a tick of its clock.
        await atRest();
        assert.equal((await ask(message('DELETE /old.txt', ['If-Match: "other"']))).status, 412);
        const etag = (await ask(message('HEAD /old.txt'))).field('etag');
        assert.equal((await ask(message('DELETE /old.txt', [`If-Match: ${etag}`]))).status, 204);
      }));

    test('by a form: browsers are asked first, programs are not', () =>
      serving({ delete: true }, async ({ ask }) => {
        const asked = await ask(message('POST /', [FIELDS, HTML], 'delete=old.txt'));
        assert.equal(asked.status, 200);
        assert.match(asked.text, /<h1>Delete <bdi>old\.txt<\/bdi>\?<\/h1>/);
        assert.match(asked.text, /name="delete" value="old\.txt"/);
        assert.match(asked.field('content-security-policy')!, /^default-src 'none'; .*form-action 'self'/);
        assert.ok(existsSync(join(root, 'old.txt')));
        const done = await ask(message('POST /', [FIELDS, HTML], 'confirmed=yes&delete=old.txt'));
        assert.deepEqual([done.status, done.field('location')], [303, '/']);
        assert.ok(!existsSync(join(root, 'old.txt')));
        assert.equal((await ask(message('POST /', [FIELDS], 'delete=empty%2F'))).status, 204);
        assert.ok(!existsSync(join(root, 'empty')));
      }));

    test('by a form escapes the name that it asks about', () =>
      serving({ delete: true }, async ({ ask }) => {
        const form = `delete=${encodeURIComponent('<script>"x')}`;
        const asked = await ask(message('POST /', [FIELDS, HTML], form));
        assert.doesNotMatch(asked.text, /<script/);
      }));

    test('is not for pages of other sites', () =>
      serving({ delete: true }, async ({ ask }) => {
        for (const field of ['Origin: http://evil.example', 'Sec-Fetch-Site: same-site', 'Origin: null']) {
          assert.equal((await ask(message('DELETE /old.txt', [field]))).status, 403, field);
          const form = message('POST /', [FIELDS, field], 'confirmed=yes&delete=old.txt');
          assert.equal((await ask(form)).status, 403, field);
        }
        assert.ok(existsSync(join(root, 'old.txt')));
      }));
  });

  describe('a folder that is exchanged for another one', { skip: !HAS_KERNEL_PATHS && 'needs /proc' }, () => {
    test('is still the one that changes', async () => {
      const held = await HeldFolder.open(join(root, 'empty'));
      try {
        await writeFile(join(root, 'empty', 'secret.txt'), 'inside');
        await rename(join(root, 'empty'), join(root, 'moved'));
        await symlink(join(base, 'outside'), join(root, 'empty'));
        await removeEntry(held, 'secret.txt', false);
        assert.ok(await makeFolder(held, 'new'));
        assert.deepEqual(await readdir(join(root, 'moved')), ['new']);
      } finally {
        await held.close();
      }
    });

    test('a file that has become a folder stays, and a folder that has become a file', async () => {
      const held = await HeldFolder.open(root);
      try {
        await assert.rejects(removeEntry(held, 'empty', false), { code: /EISDIR|EPERM/ });
        await assert.rejects(removeEntry(held, 'old.txt', true), { code: 'ENOTDIR' });
        assert.ok(existsSync(join(root, 'empty')) && existsSync(join(root, 'old.txt')));
      } finally {
        await held.close();
      }
    });
  });
});
