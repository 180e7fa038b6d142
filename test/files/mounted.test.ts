/** `options.prefix`, a `next` handler, and a file server that a framework has mounted. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Hono } from 'hono';
import { files } from '../../src/files/files.ts';
import { mountedPath, prefixOf } from '../../src/files/mounted-path.ts';
import { uploads } from '../../src/files/uploads/uploads.ts';
import { type FetchFunction, type Handler, Response, serve } from '../../src/index.ts';
import { withTree } from './with-site.ts';

const TREE = {
  'index.html': 'index',
  'a.txt': 'a',
  'b/index.html': 'b',
  '.secret': 'secret',
  '404.html': 'own 404',
};

type Ask = (path: string, init?: RequestInit) => Promise<readonly (string | number | null)[]>;

/** Status, and content or `Location`. */
async function serving(handler: Handler, use: (ask: Ask) => Promise<void>): Promise<void> {
  const server = serve(handler as never, { hostname: '127.0.0.1', port: 0 });
  await server.ready;
  try {
    await use(async (path, init) => {
      const response = await fetch(new URL(path, server.url), { redirect: 'manual', ...init });
      const text = await response.text();
      return [response.status, response.headers.get('location') ?? text];
    });
  } finally {
    await server.close();
  }
}

const NAVIGATION = { headers: { Accept: 'text/html' } };

/** Answers with what it was given. */
const next: FetchFunction = (request, ctx) =>
  new Response(`next ${request.method} ${new URL(request.url).pathname} ${ctx.path}`);

describe('options.prefix', () => {
  test('is taken off; without its slash it redirects; other paths are not found', () =>
    withTree(TREE, (root) =>
      serving(files(root, { prefix: '/static' }) as Handler, async (ask) => {
        assert.deepEqual(await ask('/static/a.txt'), [200, 'a']);
        assert.deepEqual(await ask('/static/'), [200, 'index']);
        assert.deepEqual(await ask('/static?x=y'), [302, './static/?x=y']);
        assert.deepEqual(await ask('/static/b?x'), [302, './b/?x']);
        assert.deepEqual(await ask('/static/none', NAVIGATION), [404, 'own 404']);
        for (const path of [
          '/',
          '/a.txt',
          '/staticx/a.txt',
          '/static2',
          '/%73tatic/a.txt',
          '/static%2Fa.txt',
        ])
          assert.equal((await ask(path))[0], 404, path);
        assert.equal((await ask('/static/../a.txt'))[0], 404);
        assert.equal((await ask('/static/%2e%2e/%2e%2e/etc/passwd'))[0], 404);
        assert.equal((await ask('/static/a.txt', { method: 'POST' }))[0], 405);
      }),
    ));

  test('a slash at its end makes no difference, and / is none', () => {
    assert.deepEqual(['/', '/a', '/a/', '/a/b/', '/%C3%A9'].map(prefixOf), [
      '',
      '/a',
      '/a',
      '/a/b',
      '/%C3%A9',
    ]);
    assert.equal(prefixOf(undefined), '');
    for (const given of [
      '',
      'a',
      'a/',
      '//',
      '//a',
      '/a//b',
      '/a/../b',
      '/a?b',
      '/a#b',
      '/é',
      '/a b',
      '/a\\b',
    ])
      assert.throws(() => prefixOf(given), RangeError, given);
    for (const given of [null, 1, {}, ['/a']]) assert.throws(() => prefixOf(given), TypeError);
    assert.throws(() => files('/tmp', { prefix: 'static' }), {
      message: 'options.prefix: expected a path such as "/static", got "static"',
    });
  });

  test('the context of anything else than Serval changes nothing', () => {
    for (const ctx of [
      undefined,
      null,
      1,
      'x',
      {},
      { path: 1 },
      { path: '*' },
      { path: '' },
      { path: '/a/' },
    ])
      assert.deepEqual(mountedPath('', '/', ctx), { path: '/' });
    assert.deepEqual(mountedPath('', '/x', { path: '/a/x' }), { path: '/x' });
    assert.deepEqual(mountedPath('', '/', { path: '//evil.test?q' }), { redirect: './evil.test/' });
  });
});

describe('a next handler', () => {
  test('gets what is no file, with its context, and methods other than GET and HEAD', () =>
    withTree(TREE, (root) =>
      serving(files(root, next) as Handler, async (ask) => {
        assert.deepEqual(await ask('/a.txt'), [200, 'a']);
        assert.deepEqual(await ask('/b'), [302, './b/']);
        for (const path of ['/api/x', '/.secret', '/a%2Fb', '/none/'])
          assert.deepEqual(await ask(path), [200, `next GET ${path} ${path}`]);
        assert.deepEqual(await ask('/a.txt', { method: 'POST' }), [200, 'next POST /a.txt /a.txt']);
        assert.deepEqual(await ask('/x', { method: 'OPTIONS' }), [200, 'next OPTIONS /x /x']);
      }),
    ));

  test('behind a single-page application it gets everything but navigations', () =>
    withTree(TREE, async (root) => {
      const server = serve(files(root, next, { spa: true }));
      const ask = async (init?: RequestInit) => (await server.fetch('/users/1', init)).text();
      assert.equal(await ask(NAVIGATION), 'index');
      assert.equal(await ask(), 'next GET /users/1 /users/1');
      await server.close();
    }));

  test('with a prefix it gets the paths outside of it', () =>
    withTree(TREE, (root) =>
      serving(files(root, next, { prefix: '/static' }) as Handler, async (ask) => {
        assert.deepEqual(await ask('/static/a.txt'), [200, 'a']);
        assert.deepEqual(await ask('/a.txt'), [200, 'next GET /a.txt /a.txt']);
        assert.deepEqual(await ask('/static/none'), [200, 'next GET /static/none /static/none']);
      }),
    ));

  test('its errors are its own', async () => {
    const failing = files('/nonexistent', () => {
      throw Object.assign(new Error('refused'), { code: 'EACCES' });
    });
    await assert.rejects(async () => failing(new Request('http://a/'), undefined as never), {
      message: 'refused',
    });
  });

  test('options come last, and anything else is refused', () => {
    assert.throws(() => files('/tmp', {} as never, {}), {
      message: 'next: expected a function, got an object (Object)',
    });
    assert.throws(() => files('/tmp', next, next as never), TypeError);
  });

  test('uploads takes next before its options too', () =>
    withTree({}, (root) =>
      serving(uploads(root, next, { overwrite: true }) as Handler, async (ask) => {
        assert.equal((await ask('/x.txt', { method: 'PUT', body: 'x' }))[0], 201);
        assert.equal((await ask('/x.txt', { method: 'PUT', body: 'y' }))[0], 204);
        assert.deepEqual(await ask('/x.txt'), [200, 'next GET /x.txt /x.txt']);
      }),
    ));
});

describe('mounted in Hono', () => {
  test('with and without the slash, in nested applications too', () =>
    withTree(TREE, async (root) => {
      const app = new Hono();
      app.mount('/static', files(root));
      app.route('/deep', new Hono().mount('/down', files(root)));
      await serving(app, async (ask) => {
        assert.deepEqual(await ask('/static/a.txt'), [200, 'a']);
        assert.deepEqual(await ask('/static/'), [200, 'index']);
        assert.deepEqual(await ask('/static'), [302, './static/']);
        assert.deepEqual(await ask('/static?a'), [302, './static/?a']);
        assert.deepEqual(await ask('/static/b'), [302, './b/']);
        assert.deepEqual(await ask('/deep/down'), [302, './down/']);
        assert.deepEqual(await ask('/deep/down/a.txt'), [200, 'a']);
      });
    }));
});
