/** Uploads that may not replace files, and that would change what another path answers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FilesOptions, files, uploads } from '../../../src/files/index.ts';
import { message, withServer } from '../../server/with-server.ts';
import { type Tree, withTree } from '../with-site.ts';

async function statusesOf(
  tree: Tree,
  options: FilesOptions,
  paths: readonly string[],
  overwrite = false,
): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  await withTree(tree, (root) => {
    const handler = uploads(root, files(root, options), { overwrite, files: options });
    return withServer(handler, async ({ ask }) => {
      for (const path of paths) {
        const put = await ask(message(`PUT ${path}`, ['Content-Length: 3'], 'new'));
        statuses[path] = put.status;
        const form = [
          '--b',
          `Content-Disposition: form-data; name="f"; filename="${decodeURIComponent(path.split('/').at(-1)!)}"`,
          '',
          'new',
          '--b--',
          '',
        ].join('\r\n');
        const folder = path.slice(0, path.lastIndexOf('/') + 1);
        const fields = ['Content-Type: multipart/form-data; boundary=b', 'Accept: application/json'];
        const posted = await ask(
          message(`POST ${folder}`, [...fields, `Content-Length: ${form.length}`], form),
        );
        if (put.status === 409) assert.equal(posted.status, 409, `as a form: ${path}`);
      }
    });
  });
  return statuses;
}

const TREE = { 'index.html': 'index', 'about.html': 'about', 'docs/index.html': 'docs', 'app.js': 'app' };

describe('uploads without overwrite', () => {
  test('clean URLs: a file may not come before a page, nor a page before a folder', async () => {
    const paths = ['/about', '/docs.html', '/docs/more', '/new', '/new.html', '/docs/new.html'];
    assert.deepEqual(await statusesOf(TREE, { cleanUrls: true }, paths), {
      '/about': 409,
      '/docs.html': 409,
      '/docs/more': 201,
      '/new': 201,
      '/new.html': 201,
      '/docs/new.html': 201,
    });
    assert.equal((await statusesOf(TREE, {}, ['/about']))['/about'], 201, 'without clean URLs');
    assert.equal((await statusesOf(TREE, { cleanUrls: true }, ['/about'], true))['/about'], 201);
  });

  test('the page of every 404 is not for visitors to make', async () => {
    assert.deepEqual(await statusesOf(TREE, {}, ['/404.html', '/docs/404.html']), {
      '/404.html': 409,
      '/docs/404.html': 201,
    });
    const options = { notFound: 'docs/none.html' };
    assert.deepEqual(await statusesOf(TREE, options, ['/404.html', '/docs/none.html']), {
      '/404.html': 201,
      '/docs/none.html': 409,
    });
    assert.equal((await statusesOf(TREE, {}, ['/404.html'], true))['/404.html'], 201);
  });

  test('a single-page application keeps its routes', async () => {
    const paths = ['/login.html', '/login', '/docs/login.htm', '/photo.jpg', '/docs/data.json'];
    assert.deepEqual(await statusesOf(TREE, { spa: true }, paths), {
      '/login.html': 409,
      '/login': 409,
      '/docs/login.htm': 409,
      '/photo.jpg': 201,
      '/docs/data.json': 201,
    });
    assert.equal((await statusesOf({}, { spa: true }, ['/index.html']))['/index.html'], 409);
    assert.equal((await statusesOf({}, {}, ['/index.html']))['/index.html'], 201);
    assert.equal((await statusesOf(TREE, { spa: true }, ['/login.html'], true))['/login.html'], 201);
  });

  test('a precompressed file is sent for another one, so it may not come beside that', async () => {
    assert.deepEqual(
      await statusesOf(TREE, {}, ['/app.js.br', '/app.js.zst', '/app.js.gz', '/other.js.gz']),
      {
        '/app.js.br': 409,
        '/app.js.zst': 409,
        '/app.js.gz': 409,
        '/other.js.gz': 201,
      },
    );
    const plain = { precompressed: false };
    assert.equal((await statusesOf(TREE, plain, ['/app.js.br']))['/app.js.br'], 201);
  });
});
