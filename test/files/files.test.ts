import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { files } from '../../src/files/files.ts';
import type { FetchFunction } from '../../src/server/api.ts';
import { fakeContext } from '../demo/fake-context.ts';

describe('files', () => {
  let base: string;
  let handler: FetchFunction;
  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'serval-test-'));
    const root = join(base, 'root');
    await mkdir(join(root, 'sub dir'), { recursive: true });
    await mkdir(join(root, 'bare'));
    await mkdir(join(root, '.well-known'));
    await writeFile(join(root, 'index.html'), '<h1>home</h1>');
    await writeFile(join(root, 'sub dir', 'index.html'), '<h1>sub</h1>');
    await writeFile(join(root, 'a.txt'), 'hello');
    await writeFile(join(root, 'empty.css'), '');
    await writeFile(join(root, 'data.json'), '{}');
    await writeFile(join(root, 'unknown.zzz'), 'z');
    await writeFile(join(root, 'html'), 'no extension');
    await writeFile(join(root, 'zażółć.txt'), 'utf-8');
    await writeFile(join(root, '.env'), 'SECRET=1');
    await writeFile(join(root, '.well-known', 'security.txt'), 'Contact: us');
    await writeFile(join(base, 'outside.txt'), 'outside');
    await symlink(join(base, 'outside.txt'), join(root, 'leak.txt'));
    await utimes(join(root, 'a.txt'), 0, 784111777);
    await utimes(join(root, 'data.json'), 0, Date.now() / 1000 + 86_400);
    handler = files(root);
  });
  after(() => rm(base, { recursive: true }));

  async function ask(path: string, method = 'GET'): Promise<Response> {
    const request = new Request(`http://127.0.0.1${path}`, { method });
    const ctx = fakeContext();
    return handler(request, ctx, ctx);
  }

  it('answers GET with the file and says what it is', async () => {
    const response = await ask('/a.txt');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(response.headers.get('content-length'), '5');
    assert.equal(response.headers.get('last-modified'), 'Sun, 06 Nov 1994 08:49:37 GMT');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(await response.text(), 'hello');
  });

  it('answers HEAD with the same fields and no content', async () => {
    const [get, head] = [await ask('/a.txt'), await ask('/a.txt', 'HEAD')];
    assert.deepEqual([...head.headers], [...get.headers]);
    assert.equal(head.body, null);
    await get.body?.cancel();
  });

  it('serves an empty file', async () => {
    const response = await ask('/empty.css');
    assert.equal(response.headers.get('content-length'), '0');
    assert.equal(await response.text(), '');
  });

  it('declares UTF-8 for text, and nothing for what declares itself', async () => {
    const types = [];
    for (const path of ['/index.html', '/empty.css', '/data.json', '/unknown.zzz', '/html']) {
      types.push((await ask(path, 'HEAD')).headers.get('content-type'));
    }
    assert.deepEqual(types, [
      'text/html; charset=utf-8',
      'text/css; charset=utf-8',
      'application/json',
      'application/octet-stream',
      'application/octet-stream',
    ]);
  });

  it('never says that a file was modified in the future (RFC 9110 §8.8.2.1)', async () => {
    const modified = (await ask('/data.json', 'HEAD')).headers.get('last-modified')!;
    assert.ok(Date.parse(modified) <= Date.now());
  });

  it('serves index.html for a folder', async () => {
    assert.equal(await (await ask('/')).text(), '<h1>home</h1>');
    assert.equal(await (await ask('/sub%20dir/')).text(), '<h1>sub</h1>');
    assert.equal((await ask('/bare/')).status, 404);
  });

  it('redirects a folder without its slash, and keeps the query', async () => {
    const response = await ask('/sub%20dir?a=//b');
    assert.equal(response.status, 302);
    assert.equal(response.headers.get('location'), './sub%20dir/?a=//b');
  });

  for (const path of [
    '//sub%20dir',
    '//evil.example/..',
    '//evil.example/%2e%2e',
    '/\\evil.example',
    '///bare',
  ]) {
    it(`never redirects ${path} to another host`, async () => {
      const { status, headers } = await ask(path);
      const location = headers.get('location');
      assert.ok(location === null || /^\.\/[^/\\]/.test(location), `${status} ${location}`);
    });
  }

  it('finds names beyond ASCII', async () => {
    assert.equal(await (await ask('/za%C5%BC%C3%B3%C5%82%C4%87.txt')).text(), 'utf-8');
  });

  const refused: Record<string, number> = {
    '/missing.txt': 404,
    '/a.txt/': 404,
    '/a.txt/b': 404,
    '/.env': 404,
    '/%2eenv': 404,
    '/leak.txt': 404,
    '/../outside.txt': 404,
    '/%2e%2e/outside.txt': 404,
    '/..%2foutside.txt': 400,
    '/..%5coutside.txt': 400,
    '/a.txt%00.html': 400,
    '/%': 400,
    '/%C0%AE%C0%AE/outside.txt': 400,
    [`/${'a'.repeat(256)}`]: 404,
    [`/${'a/'.repeat(3000)}`]: 404,
  };
  for (const [path, status] of Object.entries(refused)) {
    it(`answers ${path.slice(0, 40)} with ${status}`, async () => {
      const response = await ask(path);
      assert.equal(response.status, status);
      assert.doesNotMatch(await response.text(), /outside|SECRET/);
    });
  }

  it('serves .well-known (RFC 8615)', async () => {
    assert.equal(await (await ask('/.well-known/security.txt')).text(), 'Contact: us');
  });

  it('answers other methods with 405 and what is allowed', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const response = await ask('/a.txt', method);
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'GET, HEAD, OPTIONS');
    }
  });

  it('answers 403 when the system refuses', async (t) => {
    if (process.getuid?.() === 0) return t.skip('root may read everything');
    await chmod(join(base, 'root', 'unknown.zzz'), 0);
    assert.equal((await ask('/unknown.zzz')).status, 403);
  });
});
