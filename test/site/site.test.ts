import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FetchFunction } from '../../src/server/api.ts';
import type { SiteConfig } from '../../src/site/config/site-config.ts';
import { site } from '../../src/site/site.ts';
import { ask } from './ask.ts';

function userOf(name: string, password: string): string {
  const salt = Buffer.alloc(16, 1);
  const key = scryptSync(password, salt, 32, { N: 2 ** 14, r: 1, p: 1 });
  return `${name}:scrypt.14.1.1.${salt.toString('base64url')}.${key.toString('base64url')}`;
}

const ANN = { Authorization: `Basic ${Buffer.from('ann:meow').toString('base64')}` };
const PAGE = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };

describe('site', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'serval-site-'));
    await mkdir(join(root, 'assets'));
    await mkdir(join(root, 'sub'));
    await writeFile(join(root, 'index.html'), '<h1>home</h1>');
    await writeFile(join(root, 'about.html'), '<h1>about</h1>');
    await writeFile(join(root, 'missing.html'), '<h1>missing</h1>');
    await writeFile(join(root, '.env'), 'SECRET=1');
    await writeFile(join(root, 'a.gltf'), '{}');
    await writeFile(join(root, 'assets', 'app-B7wrgTda.js'), 'let a;');
    await mkdir(join(root, '_app', 'immutable'), { recursive: true });
    await writeFile(join(root, '_app', 'immutable', 'start.js'), 'let a;');
    await writeFile(join(root, 'serval.json'), '{}');
    await writeFile(join(root, 'sub', 'serval.json'), '{ "sub": 1 }');
    await symlink('.', join(root, 'loop'));
    await symlink('serval.json', join(root, 'innocent.txt'));
  });
  after(() => rm(root, { recursive: true }));

  it('is the files, if nothing else is said', async () => {
    const response = await ask(site(root), '/');
    assert.equal(await response.text(), '<h1>home</h1>');
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    assert.equal((await ask(site(root), '/.env')).status, 404);
    assert.equal((await ask(site(root), '/about')).status, 404);
    assert.equal(
      (await ask(site(root), '/', { method: 'OPTIONS' })).headers.get('allow'),
      'GET, HEAD, OPTIONS',
    );
    assert.equal((await ask(site(root), '/', { method: 'PUT' })).status, 405);
  });

  it('hands its settings on to the files', async () => {
    assert.equal((await ask(site(root, { cleanUrls: true }), '/about')).status, 200);
    assert.equal((await ask(site(root, { dotfiles: true }), '/.env')).status, 200);
    assert.equal(await ask(site(root, { index: 'about.html' }), '/').then((r) => r.text()), '<h1>about</h1>');
    assert.equal((await ask(site(root, { index: false }), '/')).status, 404);
    const spa = site(root, { spa: true });
    assert.equal((await ask(spa, '/deep/link', { headers: PAGE })).status, 200);
    assert.equal((await ask(spa, '/deep/link.js')).status, 404);
    const named = await ask(site(root, { spa: 'about.html' }), '/deep', { headers: PAGE });
    assert.equal(await named.text(), '<h1>about</h1>');
    const missing = await ask(site(root, { notFound: 'missing.html' }), '/x', { headers: PAGE });
    assert.equal(missing.status, 404);
    assert.equal(await missing.text(), '<h1>missing</h1>');
    const typed = await ask(site(root, { mediaTypes: { gltf: 'model/gltf+json' } }), '/a.gltf');
    assert.equal(typed.headers.get('content-type'), 'model/gltf+json');
    const cached = await ask(site(root, { cacheControl: 'max-age=5' }), '/');
    assert.equal(cached.headers.get('cache-control'), 'max-age=5');
    assert.equal((await ask(site(root, { cacheControl: false }), '/')).headers.get('cache-control'), null);
  });

  it('refuses what can not be kept, at once', () => {
    assert.throws(() => site(root, { index: '../x' }), RangeError);
    assert.throws(() => site(root, { redirects: [{ source: '/a', destination: '//b' }] }), TypeError);
    assert.throws(
      () => site(root, { headers: [{ source: '/a', headers: { Connection: 'close' } }] }),
      TypeError,
    );
    assert.throws(() => site(root, { auth: ['ann:meow'] }), TypeError);
    assert.throws(() => site(root, { cors: { credentials: true } }), TypeError);
  });

  it('asks for the password before anything else, redirects included', async () => {
    const handler = site(root, {
      auth: [userOf('ann', 'meow')],
      redirects: [{ source: '/old', destination: '/' }],
      headers: [{ source: '/**', headers: { 'X-A': '1' } }],
    });
    for (const path of ['/', '/old', '/none', '/assets/app-B7wrgTda.js']) {
      const response = await ask(handler, path);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('location'), null);
      assert.equal(response.headers.get('x-a'), '1');
    }
    assert.equal((await ask(handler, '/', { headers: ANN })).headers.get('x-a'), '1');
    assert.equal((await ask(handler, '/old', { headers: ANN })).headers.get('location'), '/');
    assert.equal((await ask(handler, '/', { method: 'OPTIONS' })).status, 401);
  });

  describe('header rules for HTML files', () => {
    const headers = [{ source: '/**/*.html', headers: { 'X-Frame-Options': 'DENY' } }];
    const has = async (config: SiteConfig, path: string, init: RequestInit = {}) => {
      const response = await ask(site(root, { headers, ...config }), path, init);
      return [response.status, response.headers.get('x-frame-options')];
    };

    it('apply to the index of a folder and to clean URLs', async () => {
      assert.deepEqual(await has({}, '/'), [200, 'DENY']);
      assert.deepEqual(await has({}, '/', { headers: { 'If-None-Match': '*' } }), [304, 'DENY']);
      assert.deepEqual(await has({ index: 'about.html' }, '/'), [200, 'DENY']);
      assert.deepEqual(await has({ cleanUrls: true }, '/about'), [200, 'DENY']);
      assert.deepEqual(await has({}, '/a.gltf'), [200, null]);
    });

    it('apply to the routes of a single-page application, and to the page of a 404', async () => {
      assert.deepEqual(await has({ spa: true }, '/users/1', { headers: PAGE }), [200, 'DENY']);
      assert.deepEqual(await has({ notFound: 'missing.html' }, '/x.js', { headers: PAGE }), [404, 'DENY']);
    });

    it('apply to a 401, whatever the path that names the page', async () => {
      const auth = [userOf('ann', 'meow')];
      for (const path of ['/', '/about.html', '/about', '/sub/', '/none'])
        assert.deepEqual(await has({ auth }, path), [401, 'DENY'], path);
    });

    it('apply to redirects, of rules, of clean URLs and to folders', async () => {
      const redirects = [{ source: '/old.html', destination: '/' }];
      assert.deepEqual(await has({ redirects }, '/old.html'), [302, 'DENY']);
      assert.deepEqual(await has({ cleanUrls: true }, '/about.html'), [302, 'DENY']);
      assert.deepEqual(await has({}, '/sub'), [302, 'DENY']);
    });

    it('apply by the name of the served file as well as by the path of the request', async () => {
      const config = {
        cleanUrls: true,
        headers: [
          { source: '/about.html', headers: { A: 'file' } },
          { source: '/about', headers: { B: 'path' } },
        ],
      };
      const { headers: fields } = await ask(site(root, config), '/about');
      assert.deepEqual([fields.get('a'), fields.get('b')], ['file', 'path']);
    });
  });

  it('RFC 9111 §3.5: never allows a shared cache to keep what needs a password', async () => {
    const path = '/_app/immutable/start.js';
    assert.match((await ask(site(root), path)).headers.get('cache-control')!, /^public, /);
    const handler = site(root, { auth: [userOf('ann', 'meow')] });
    const policy = (await ask(handler, path, { headers: ANN })).headers.get('cache-control');
    assert.equal(policy, 'private, max-age=31536000, immutable');
    assert.equal((await ask(handler, '/', { headers: ANN })).headers.get('cache-control'), 'no-cache');
  });

  it('answers preflights without a password, and lets scripts see that they need one', async () => {
    const handler = site(root, { auth: [userOf('ann', 'meow')], cors: true });
    const origin = { Origin: 'https://app.example' };
    const preflight = await ask(handler, '/', {
      method: 'OPTIONS',
      headers: {
        ...origin,
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization');
    const refused = await ask(handler, '/', { headers: origin });
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get('access-control-allow-origin'), '*');
  });

  it('redirects before it looks for a file, and rules over what is found', async () => {
    const handler = site(root, {
      redirects: [{ source: '/about.html', destination: '/', status: 301 }],
      headers: [{ source: '/assets/**', headers: { 'Cache-Control': 'max-age=1' } }],
    });
    assert.equal((await ask(handler, '/about.html')).status, 301);
    assert.equal((await ask(handler, '/assets/app-B7wrgTda.js')).headers.get('cache-control'), 'max-age=1');
    const missing = await ask(handler, '/assets/none.js');
    assert.equal(missing.status, 404);
    assert.notEqual(missing.headers.get('cache-control'), 'max-age=1');
  });

  it('takes files if it is told to, as it is told to', async () => {
    const put = (handler: FetchFunction, path: string, body: string) =>
      ask(handler, path, { method: 'PUT', body, headers: { 'Content-Length': String(body.length) } });
    assert.equal((await put(site(root), '/new.txt', 'x')).status, 405);
    const taking = site(root, {
      upload: { maxSize: '5B' },
      redirects: [{ source: '/old', destination: '/' }],
    });
    assert.equal((await put(taking, '/new.txt', '12345')).status, 201);
    assert.equal((await put(taking, '/large.txt', '123456')).status, 413);
    assert.equal((await put(taking, '/new.txt', 'other')).status, 409);
    assert.equal((await put(taking, '/.new', 'x')).status, 403);
    assert.equal((await put(taking, '/old', 'x')).status, 302);
    assert.equal((await put(site(root, { upload: { overwrite: true } }), '/new.txt', 'other')).status, 204);
    assert.equal((await put(site(root, { upload: true, dotfiles: true }), '/.new', 'x')).status, 201);
    assert.equal(await (await ask(taking, '/new.txt')).text(), 'other');
    assert.throws(() => site(root, { upload: { maxSize: 'much' } }), RangeError);
  });

  it('RFC 9110 §10.2.1: says what can be done, with uploads and without', async () => {
    const allowed = async (handler: FetchFunction, path: string, method: string) =>
      (await ask(handler, path, { method })).headers.get('allow');
    const [reading, taking] = [site(root), site(root, { upload: true, cors: true, headers: [] })];
    for (const method of ['OPTIONS', 'DELETE']) {
      assert.equal(await allowed(reading, '/', method), 'GET, HEAD, OPTIONS');
      assert.equal(await allowed(taking, '/', method), 'GET, HEAD, OPTIONS, POST, PUT');
      assert.equal(await allowed(taking, '/a.txt', method), 'GET, HEAD, OPTIONS, PUT');
    }
  });

  it('takes nothing from pages of other sites, and nothing without a password', async () => {
    const put = (handler: FetchFunction, headers: Record<string, string>) =>
      ask(handler, '/foreign.txt', { method: 'PUT', body: 'x', headers });
    const open = site(root, { upload: true, cors: { origins: ['https://app.example'] } });
    assert.equal((await put(open, { Origin: 'https://app.example' })).status, 403);
    const guarded = site(root, { upload: true, auth: [userOf('ann', 'meow')] });
    assert.equal((await put(guarded, {})).status, 401);
    assert.equal((await put(guarded, ANN)).status, 201);
  });

  it('does not let an upload be sent in place of a file that it may not replace', async () => {
    await writeFile(join(root, 'kept.js'), 'kept();');
    const coded = { 'Accept-Encoding': 'br, zstd, gzip' };
    const put = async (handler: FetchFunction) => {
      for (const suffix of ['br', 'zst', 'gz']) {
        await rm(join(root, `kept.js.${suffix}`), { force: true });
        assert.equal((await ask(handler, `/kept.js.${suffix}`, { method: 'PUT', body: 'x' })).status, 201);
      }
    };
    const taking = site(root, { upload: true });
    await put(taking);
    const response = await ask(taking, '/kept.js', { headers: coded });
    assert.equal(response.headers.get('content-encoding'), null);
    assert.equal(await response.text(), 'kept();');
    // Whoever asks for both has them.
    const both = site(root, { upload: true, precompressed: true });
    await put(both);
    assert.equal((await ask(both, '/kept.js', { headers: coded })).headers.get('content-encoding'), 'br');
  });

  it('shows the form for uploads only if there are any', async () => {
    for (const upload of [false, true]) {
      const page = await ask(site(root, { listing: true, upload }), '/sub/', { headers: PAGE });
      assert.equal(/<form[^>]*multipart/.test(await page.text()), upload);
    }
  });

  it('leaves the answer to an upload as it is, but for what is about the server', async () => {
    const rule = { 'Cache-Control': 'max-age=60', 'X-A': '1' };
    const handler = site(root, { upload: true, headers: [{ source: '/**', headers: rule }] });
    const { headers } = await ask(handler, '/ruled.txt', { method: 'PUT', body: 'x' });
    assert.equal(headers.get('cache-control'), null);
    assert.equal(headers.get('x-a'), '1');
  });

  it('leaves a listing a page, whatever the rules say about the files in it', async () => {
    const handler = site(root, {
      listing: true,
      headers: [
        {
          source: '/sub/**',
          headers: {
            'Content-Disposition': 'attachment',
            'Cache-Control': 'immutable',
            'Content-Security-Policy': 'sandbox',
          },
        },
      ],
    });
    const page = await ask(handler, '/sub/', { headers: PAGE });
    assert.equal(page.headers.get('content-disposition'), null);
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    assert.match(page.headers.get('content-security-policy')!, /script-src 'sha256-/);
    const file = await ask(handler, '/sub/serval.json');
    assert.equal(file.headers.get('content-disposition'), 'attachment');
    assert.equal(file.headers.get('cache-control'), 'immutable');
    assert.equal(file.headers.get('content-security-policy'), 'sandbox');
  });

  describe('with a config file among the files', () => {
    for (const path of [
      '/serval.json',
      '/%73erval.json',
      '/SERVAL.JSON',
      '/serval.json.',
      '/loop/serval.json',
      '/loop/loop/Serval.json',
    ]) {
      it(`never serves it as ${path}`, async () => {
        const handler = site(
          root,
          { dotfiles: true, cleanUrls: true },
          { files: [join(root, 'serval.json')] },
        );
        assert.equal((await ask(handler, path)).status, 404);
      });

      it(`never takes it as ${path}`, async () => {
        const handler = site(
          root,
          { dotfiles: true, upload: { overwrite: true } },
          { files: [join(root, 'serval.json')] },
        );
        assert.equal((await ask(handler, path, { method: 'PUT', body: 'x' })).status, 403);
        const form = new FormData();
        form.append('files', new Blob(['x']), decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)));
        const headers = { Accept: 'application/json' };
        const folder = path.slice(0, path.lastIndexOf('/') + 1);
        const answer = await ask(handler, folder, { method: 'POST', body: form, headers });
        assert.match(await answer.text(), /403/);
        assert.equal(await readFile(join(root, 'serval.json'), 'utf8'), '{}');
      });
    }

    it('serves others of that name', async () => {
      const handler = site(root, {}, { files: [join(root, 'serval.json')] });
      assert.equal(await (await ask(handler, '/sub/serval.json')).text(), '{ "sub": 1 }');
      assert.equal((await ask(site(root), '/serval.json')).status, 200);
    });

    it('does not list it, nor serve it by a link of another name', async () => {
      const handler = site(root, { listing: true, index: false }, { files: [join(root, 'serval.json')] });
      const listed = await (await ask(handler, '/', { headers: { Accept: 'application/json' } })).text();
      assert.match(listed, /about\.html/);
      assert.doesNotMatch(listed, /serval\.json/);
      assert.equal((await ask(handler, '/innocent.txt')).status, 404);
    });

    it('never serves nor takes what its name leads to, by whatever path', async () => {
      const other = join(root, 'linked');
      await mkdir(join(other, '..2024'), { recursive: true });
      await writeFile(join(other, 'real.txt'), '{}');
      await writeFile(join(other, '..2024', 'serval.json'), '{}');
      for (const [target, ...paths] of [
        ['real.txt', '/serval.json', '/real.txt'],
        // As Kubernetes has it, so that it can exchange all the files of a folder at once.
        [join('..2024', 'serval.json'), '/serval.json', '/..2024/serval.json'],
      ] as const) {
        await rm(join(other, 'serval.json'), { force: true });
        await symlink(target, join(other, 'serval.json'));
        const config = { dotfiles: true, listing: true, upload: { overwrite: true } };
        const handler = site(other, config, { files: [join(other, 'serval.json')] });
        for (const path of paths) {
          assert.equal((await ask(handler, path)).status, 404, path);
          assert.equal((await ask(handler, path, { method: 'PUT', body: 'x' })).status, 403, path);
        }
        const listed = await ask(handler, '/', { headers: { Accept: 'application/json' } });
        assert.equal((await listed.text()).includes(target), false);
      }
      // The link may be exchanged while the server runs.
      const handler = site(other, {}, { files: [join(other, 'serval.json')] });
      await mkdir(join(other, '..2025'));
      await writeFile(join(other, '..2025', 'serval.json'), '{}');
      await rm(join(other, 'serval.json'));
      await symlink(join('..2025', 'serval.json'), join(other, 'serval.json'));
      assert.equal((await ask(handler, '/serval.json')).status, 404);
    });

    it('hides where it would be, too, whether there is one or not', async () => {
      const handler = site(root, {}, { files: [join(root, 'assets', 'serval.json')] });
      assert.equal((await ask(handler, '/assets/serval.json')).status, 404);
      const taking = site(root, { upload: true }, { files: [join(root, 'assets', 'serval.json')] });
      const put = (path: string) => ask(taking, path, { method: 'PUT', body: 'x' });
      assert.equal((await put('/assets/serval.json')).status, 403);
      assert.equal((await put('/none/serval.json')).status, 409);
      assert.equal((await put('/assets/other.json')).status, 201);
    });
  });
});
