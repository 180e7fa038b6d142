import assert from 'node:assert/strict';
import { link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { demo } from '../../src/demo/demo.ts';
import type { FetchFunction } from '../../src/server/api.ts';
import { isReservedPath } from '../../src/site/config/reserved-paths.ts';
import { fakeContext } from './fake-context.ts';

describe('demo', () => {
  let base: string;
  let folder: string;
  let handler: FetchFunction;
  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'serval-test-'));
    folder = join(base, 'files');
    await mkdir(join(folder, 'a-folder'), { recursive: true });
    await writeFile(join(folder, '.hidden'), 'hidden');
    await writeFile(join(base, 'secret'), 'secret');
    await symlink(join(base, 'secret'), join(folder, 'leak'));
    handler = demo(folder);
  });
  after(() => rm(base, { recursive: true }));

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const request = new Request(`http://127.0.0.1:4221${path}`, init);
    const ctx = fakeContext({ receivedHead: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' });
    return handler(request, ctx, ctx);
  }

  const put = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
    ask(path, { method: 'PUT', body, headers });

  it('neither serves nor replaces what is reserved, such as the key of the server', async () => {
    const key = join(base, 'key.pem');
    await writeFile(key, 'key');
    await link(key, join(folder, 'other-name.pem'));
    await writeFile(join(folder, 'key.pem'), 'key');
    const files = [join(folder, 'key.pem'), key, join(folder, 'absent.json')];
    const guarded = demo(folder, { isReserved: isReservedPath({ files }) });
    const status = async (path: string, init?: RequestInit) => {
      const ctx = fakeContext({ receivedHead: '' });
      return (await guarded(new Request(`http://127.0.0.1:4221/files/${path}`, init), ctx, ctx)).status;
    };
    for (const name of ['key.pem', 'other-name.pem']) {
      assert.equal(await status(name), 404);
      assert.equal(await status(name, { method: 'HEAD' }), 404);
      assert.equal(await status(name, { method: 'PUT', body: 'x' }), 403);
      assert.equal(await readFile(join(folder, name), 'utf8'), 'key');
    }
    assert.equal(await status('absent.json', { method: 'PUT', body: 'x' }), 403);
    assert.equal(await status('free.txt', { method: 'PUT', body: 'x' }), 201);
    for (const name of ['key.pem', 'other-name.pem', 'free.txt']) await rm(join(folder, name));
  });

  describe('/echo/{text}', () => {
    it('answers with the text, decoded once', async () => {
      const response = await ask('/echo/hello%20%C3%A9%252F');
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'text/plain');
      assert.equal(response.headers.get('content-length'), '11');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(await response.text(), 'hello é%2F');
    });

    it('takes slashes and emptiness, and leaves the query out', async () => {
      assert.equal(await (await ask('/echo/a/b%2Fc?d')).text(), 'a/b/c');
      assert.equal(await (await ask('/echo/')).text(), '');
    });

    it('answers 400 to what is not well percent-encoded', async () => {
      for (const path of ['/echo/%', '/echo/%zz', '/echo/%C0%AF', '/echo/%ff']) {
        assert.equal((await ask(path)).status, 400, path);
      }
    });

    it('gets its text from a form', async () => {
      const response = await ask('/echo?text=%2F%2Fevil+%26');
      assert.equal(response.status, 303);
      assert.equal(response.headers.get('location'), '/echo/%2F%2Fevil%20%26');
    });
  });

  describe('/user-agent', () => {
    it('answers with the field', async () => {
      const response = await ask('/user-agent', { headers: { 'User-Agent': 'a cat/1.0' } });
      assert.equal(response.headers.get('content-type'), 'text/plain');
      assert.equal(await response.text(), 'a cat/1.0');
    });

    it('answers with its very octets', async () => {
      const response = await ask('/user-agent', { headers: { 'User-Agent': 'caf\xc3\xa9' } });
      assert.equal(await response.text(), 'café');
    });

    it('is empty without the field', async () => {
      assert.equal(await (await ask('/user-agent')).text(), '');
    });
  });

  describe('/files/{name}', () => {
    it('stores, says so, and gives back', async () => {
      const created = await put('/files/one%20two.txt', 'hello');
      assert.equal(created.status, 201);
      assert.equal(created.headers.get('location'), '/files/one%20two.txt');
      const response = await ask('/files/one%20two.txt');
      assert.equal(response.headers.get('content-type'), 'application/octet-stream');
      assert.equal(response.headers.get('content-length'), '5');
      assert.equal(await response.text(), 'hello');
      const head = await ask('/files/one%20two.txt', { method: 'HEAD' });
      assert.equal(head.headers.get('content-length'), '5');
      assert.equal(head.body, null);
    });

    it('answers 204 when PUT replaced, and 201 when POST did (RFC 9110 §9.3.4, §9.3.3)', async () => {
      assert.equal((await put('/files/b', '1')).status, 201);
      assert.equal((await put('/files/b', '2')).status, 204);
      assert.equal((await ask('/files/b', { method: 'POST', body: '3' })).status, 201);
      assert.equal(await (await ask('/files/b')).text(), '3');
    });

    it('answers 404 when there is nothing to be had', async () => {
      for (const path of ['/files/missing', '/files/a-folder', '/files/leak']) {
        assert.equal((await ask(path)).status, 404, path);
      }
    });

    it('answers 409 when a folder is in the way', async () => {
      assert.equal((await put('/files/a-folder', 'x')).status, 409);
    });

    const bad = [
      '/files/',
      '/files/a/b',
      '/files/a%2fb',
      '/files/..%2fsecret',
      '/files/..%5csecret',
      '/files/.hidden',
      '/files/%2ehidden',
      '/files/%2e%2e%2fsecret',
      '/files/a%00',
      '/files/%',
      `/files/${'a'.repeat(256)}`,
    ];
    for (const path of bad) {
      it(`refuses ${path.slice(0, 40)}, read or written`, async () => {
        assert.equal((await ask(path)).status, 400);
        assert.equal((await put(path, 'x')).status, 400);
      });
    }

    it('never leaves its folder by dots that URLs resolve', async () => {
      const before = await readdir(base);
      for (const path of ['/files/..', '/files/%2e%2e', '/files/../secret', '/files/../../secret']) {
        assert.ok((await put(path, 'x')).status >= 400, path);
      }
      assert.deepEqual(await readdir(base), before);
    });

    it('refuses part of a file (RFC 9110 §9.3.4), and coded content (§15.5.16)', async () => {
      assert.equal((await put('/files/c', 'x', { 'Content-Range': 'bytes 0-0/5' })).status, 400);
      const coded = await put('/files/c', 'x', { 'Content-Encoding': 'gzip' });
      assert.equal(coded.status, 415);
      assert.equal(coded.headers.get('accept-encoding'), 'identity');
    });

    const crossSite: [fields: Record<string, string>, status: number][] = [
      [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
      [{ 'Sec-Fetch-Site': 'same-site' }, 403],
      [{ Origin: 'http://evil.example' }, 403],
      [{ Origin: 'http://127.0.0.1:4222' }, 403],
      [{ Origin: 'null' }, 403],
      [{ 'Sec-Fetch-Site': 'cross-site', Origin: 'http://127.0.0.1:4221' }, 403],
      [{ 'Sec-Fetch-Site': 'same-origin' }, 201],
      [{ Origin: 'http://127.0.0.1:4221' }, 201],
      [{}, 201],
    ];
    for (const [fields, status] of crossSite) {
      it(`answers ${status} to an upload with ${JSON.stringify(fields)}`, async () => {
        for (const method of ['POST', 'PUT']) {
          const path = `/files/cross-${method}-${status}`;
          await rm(join(folder, `cross-${method}-${status}`), { force: true });
          assert.equal((await ask(path, { method, body: 'x', headers: fields })).status, status);
          assert.equal((await ask(path)).status, status === 201 ? 200 : 404);
        }
      });
    }

    it('does not overwrite a file for a page of another site', async () => {
      await put('/files/kept', 'mine');
      const headers = { Origin: 'http://evil.example', 'Content-Type': 'text/plain' };
      assert.equal((await ask('/files/kept', { method: 'POST', body: 'evil', headers })).status, 403);
      assert.equal(await (await ask('/files/kept')).text(), 'mine');
    });

    it('answers 413 when the engine ends an upload that is too large', async () => {
      const tooLarge = Object.assign(new TypeError('too large'), { code: 'ERR_HTTP_CONTENT_TOO_LARGE' });
      const body = new ReadableStream({ pull: (controller) => controller.error(tooLarge) });
      const response = await ask('/files/d', { method: 'PUT', body, duplex: 'half' } as RequestInit);
      assert.equal(response.status, 413);
      assert.equal((await ask('/files/d')).status, 404);
    });
  });

  it('answers 404 elsewhere', async () => {
    for (const path of ['/missing', '/echoes', '/user-agent/', '//', '/files']) {
      assert.equal((await ask(path)).status, 404, path);
    }
  });

  it('answers OPTIONS, and 405 to what is not allowed, with what is', async () => {
    for (const path of ['/', '/echo/a', '/user-agent', '/files/a']) {
      const more = path === '/' ? ' POST,' : path.startsWith('/files') ? ' POST, PUT,' : '';
      const allow = `GET, HEAD,${more} OPTIONS`;
      const options = await ask(path, { method: 'OPTIONS' });
      assert.equal(options.status, 204);
      assert.equal(options.headers.get('allow'), allow);
      const refused = await ask(path, { method: 'DELETE' });
      assert.equal(refused.status, 405);
      assert.equal(refused.headers.get('allow'), allow);
    }
    assert.equal((await ask('/echo/a', { method: 'POST', body: 'x' })).status, 405);
  });

  it('shows the content of a POST, escaped, and refuses more than 64 KiB of it', async () => {
    const posted = await ask('/', { method: 'POST', body: 'text=<b>&\xe9' });
    assert.equal(posted.status, 200);
    assert.match(await posted.text(), /<code>text=&lt;b&gt;&amp;<i>\\xC3<\/i>/);
    const long = await (await ask('/', { method: 'POST', body: 'x'.repeat(65_536) })).text();
    assert.match(long, /… and 64536 octets more/);
    assert.equal((await ask('/', { method: 'POST', body: 'x'.repeat(65_537) })).status, 413);
  });

  it('answers HEAD wherever GET is answered', async () => {
    for (const path of ['/', '/echo/a', '/user-agent', '/echo?text=a']) {
      const [head, get] = [await ask(path, { method: 'HEAD' }), await ask(path)];
      assert.equal(head.status, get.status);
      // A second may have passed.
      for (const { headers } of [head, get]) headers.delete('date');
      assert.deepEqual([...head.headers], [...get.headers]);
    }
  });
});
