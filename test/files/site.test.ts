/** What people expect of a server of static files: indexes, clean URLs, single-page applications, a page for 404. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { files } from '../../src/files/files.ts';
import { withSite, withTree } from './with-site.ts';

const NAVIGATE = ['Sec-Fetch-Mode: navigate', 'Accept: text/html,*/*;q=0.8'];

describe('files: folders', () => {
  const tree = { 'index.html': 'home', 'a b/index.html': 'sub', 'a b/main.htm': 'main', 'bare/x.txt': 'x' };

  test('the index stands for its folder', () =>
    withSite(tree, {}, async ({ at }) => {
      assert.equal((await at('/')).text, 'home');
      assert.equal((await at('/?a=b')).text, 'home');
      assert.equal((await at('/a%20b/')).text, 'sub');
      assert.equal((await at('/bare/')).status, 404);
      assert.equal((await at('/nothing/')).status, 404);
      assert.equal((await at('/index.html/')).status, 404);
    }));

  test('another index, or none', async () => {
    await withSite(tree, { index: 'main.htm' }, async ({ at }) => {
      assert.equal((await at('/a%20b/')).text, 'main');
      assert.equal((await at('/')).status, 404);
    });
    await withSite(tree, { index: false }, async ({ at }) => {
      assert.equal((await at('/a%20b/')).status, 404);
      assert.equal((await at('/index.html')).text, 'home');
    });
  });

  test('RFC 9110 §10.2.2: a folder without its slash redirects to it, on this host, with the query', () =>
    withSite({ ...tree, '@:&+=$,;/x': 'x', '%2f/x': 'x' }, {}, async ({ at }) => {
      for (const [path, location] of [
        ['/a%20b', './a%20b/'],
        ['/a%20b?c=//d', './a%20b/?c=//d'],
        ['/bare', './bare/'],
        ['/@:&+=$,;', './@:&+=$,;/'],
        ['/%252f', './%252f/'],
      ] as const) {
        const answer = await at(path);
        assert.equal(answer.status, 302);
        assert.equal(answer.field('location'), location);
      }
    }));

  test('RFC 3986 §5.2: a redirect leads to the right place below a prefix that the handler does not know', () =>
    withTree({ 'docs/a/index.html': 'a', 'b:c/index.html': 'b' }, async (root) => {
      const handler = files(root, { cleanUrls: true });
      const prefix = 'http://a/some/where';
      for (const [asked, target] of [
        ['/docs/a', '/docs/a/'],
        ['/docs/a/index.html', '/docs/a/'],
        ['/b:c', '/b:c/'],
      ]) {
        // As Hono's `mount` does, or nginx with a path in its proxy_pass.
        const location = (await handler(new Request(`http://a${asked}`))).headers.get('location')!;
        assert.equal(new URL(location, `${prefix}${asked}`).href, `${prefix}${target}`);
      }
    }));

  test('a listing is what a folder without an index is answered with, if it is asked for', async () => {
    await withSite(tree, { listing: true }, async ({ at }) => {
      assert.equal((await at('/')).text, 'home');
      const page = await at('/bare/');
      assert.equal(page.status, 200);
      assert.match(page.text, /x\.txt/);
      const json = await at('/bare/', 'Accept: application/json');
      assert.deepEqual(
        (JSON.parse(json.text) as { name: string }[]).map(({ name }) => name),
        ['x.txt'],
      );
      assert.equal((await at('/nothing/')).status, 404);
    });
    await withSite(tree, { listing: true, index: false }, async ({ at }) => {
      assert.match((await at('/')).text, /index\.html/);
    });
  });
});

describe('files: clean URLs', () => {
  const tree = {
    'index.html': 'home',
    'about.html': 'about',
    'docs/index.html': 'docs',
    'docs/first step.html': 'first',
    'docs.html': 'page beside the folder',
    both: 'file',
    'both.html': 'page',
    'folder/x.txt': 'x',
    'a.html.html': 'twice',
  };

  test('a page is to be had without its extension, which redirects there with the query', () =>
    withSite(tree, { cleanUrls: true }, async ({ at }) => {
      for (const [path, content] of [
        ['/about', 'about'],
        ['/docs/first%20step', 'first'],
        ['/docs', 'page beside the folder'],
        ['/docs/', 'docs'],
        ['/both', 'file'],
        ['/both.html', 'page'],
        ['/a.html', 'twice'],
        ['/', 'home'],
      ] as const) {
        const answer = await at(path);
        assert.equal(answer.status, 200, path);
        assert.equal(answer.text, content, path);
        assert.equal(
          answer.field('content-type'),
          path === '/both' ? 'application/octet-stream' : 'text/html; charset=utf-8',
        );
      }
      for (const [path, location] of [
        ['/about.html', './about'],
        ['/about.html?a=//b', './about?a=//b'],
        ['/index.html', './'],
        ['/docs/index.html', './'],
        ['/docs/first%20step.html', './first%20step'],
        ['/docs.html', './docs'],
        ['/a.html.html', './a.html'],
        ['/folder', './folder/'],
        ['/about/', '../about'],
        ['/docs/first%20step/?a=b', '../first%20step?a=b'],
      ] as const) {
        const answer = await at(path);
        assert.equal(answer.status, 302, path);
        assert.equal(answer.field('location'), location, path);
      }
      for (const path of ['/missing', '/missing.html', '/missing/', '/about.htm']) {
        assert.equal((await at(path)).status, 404, path);
      }
    }));

  test('no redirect leads to another', () =>
    withSite(
      { ...tree, '.html': 'a', '...html': 'b', '.x.html': 'c' },
      { cleanUrls: true, dotfiles: true },
      async ({ at }) => {
        for (const path of Object.keys({ ...tree, '.html': '', '...html': '', '.x.html': '' })) {
          const asked = `/${path.replaceAll(' ', '%20')}`;
          const location = (await at(asked)).field('location');
          if (location === undefined) continue;
          const { pathname } = new URL(location, `http://a${asked}`);
          assert.equal((await at(pathname)).status, 200, `${path} ${location}`);
        }
      },
    ));

  test('are off by default', () =>
    withSite(tree, {}, async ({ at }) => {
      assert.equal((await at('/about')).status, 404);
      assert.equal((await at('/about.html')).text, 'about');
    }));
});

describe('files: single-page applications', () => {
  const tree = { 'index.html': 'app', 'app/shell.html': 'shell', 'a.js': 'script', 'folder/x.txt': 'x' };

  test('navigations for which there is nothing are answered with the application', () =>
    withSite(tree, { spa: true }, async ({ at, head }) => {
      for (const path of ['/users/7', '/users/7?a=b', '/v1.2', '/folder/', '/users/']) {
        const answer = await at(path, ...NAVIGATE);
        assert.equal(answer.status, 200, path);
        assert.equal(answer.text, 'app');
        assert.equal(answer.field('content-type'), 'text/html; charset=utf-8');
        assert.equal(answer.field('vary'), 'Accept, Sec-Fetch-Mode');
        assert.equal((await head(path, ...NAVIGATE)).field('content-length'), '3');
        const again = await at(path, ...NAVIGATE, `If-None-Match: ${answer.field('etag')}`);
        assert.equal(again.status, 304);
        assert.equal(again.field('vary'), 'Accept, Sec-Fetch-Mode');
      }
      // There is a file, or a folder that wants its slash.
      assert.equal((await at('/a.js', ...NAVIGATE)).text, 'script');
      assert.equal((await at('/folder', ...NAVIGATE)).status, 302);
    }));

  test('what is missing of a page is missing', () =>
    withSite(tree, { spa: true }, async ({ at, head }) => {
      for (const fields of [
        ['Sec-Fetch-Mode: no-cors', 'Accept: */*'],
        ['Sec-Fetch-Mode: cors', 'Accept: text/html'],
        ['Accept: */*'],
        [],
      ]) {
        const answer = await at('/assets/app-old.js', ...fields);
        assert.equal(answer.status, 404, fields.join());
        assert.equal(answer.field('vary'), 'Accept, Sec-Fetch-Mode');
        assert.equal((await head('/users/7', ...fields)).status, 404);
      }
      // Browsers send no Sec-Fetch-Mode over plain http in a network, and a route may have a dot.
      for (const path of ['/users/john.doe', '/v1.2/about']) {
        assert.equal((await at(path, 'Accept: text/html,application/xhtml+xml,*/*;q=0.8')).text, 'app');
      }
      for (const path of ['/%00', '/.env', '/.git/config', '/..%2f']) {
        assert.notEqual((await at(path, ...NAVIGATE)).status, 200, path);
      }
    }));

  test('another file, or one that is not there', async () => {
    await withSite(tree, { spa: 'app/shell.html' }, async ({ at }) => {
      assert.equal((await at('/users/7', ...NAVIGATE)).text, 'shell');
    });
    await withSite(tree, { spa: 'gone.html' }, async ({ at }) => {
      assert.equal((await at('/users/7', ...NAVIGATE)).status, 404);
    });
    await withSite(tree, { spa: true, cleanUrls: true }, async ({ at }) => {
      assert.equal((await at('/users/7', ...NAVIGATE)).text, 'app');
    });
  });
});

describe('files: the page for what was not found', () => {
  const page = `<h1>Lost</h1>${'.'.repeat(2000)}`;
  const tree = { '404.html': page, 'errors/lost.html': 'lost' };

  test('is sent with 404, whole, without validators, and coded', () =>
    withSite(tree, {}, async ({ at, head }) => {
      const fields = [
        'If-None-Match: *',
        'Range: bytes=0-1',
        'If-Modified-Since: Mon, 07 Nov 2044 00:00:00 GMT',
      ];
      for (const path of ['/missing', '/missing/', '/.env']) {
        for (const extra of [[], fields]) {
          const answer = await at(path, ...extra);
          assert.equal(answer.status, 404);
          assert.equal(answer.text, page);
          assert.equal(answer.field('content-type'), 'text/html; charset=utf-8');
          for (const name of ['etag', 'last-modified', 'accept-ranges'])
            assert.equal(answer.field(name), undefined);
          assert.equal(answer.field('vary'), 'Accept-Encoding, Accept');
        }
      }
      const coded = await at('/missing', 'Accept-Encoding: gzip');
      assert.equal(coded.field('content-encoding'), 'gzip');
      assert.equal(gunzipSync(coded.content).toString(), page);
      const dry = await head('/missing');
      assert.deepEqual([dry.status, dry.field('content-length')], [404, String(page.length)]);
      assert.equal((await at('/404.html')).status, 200);
    }));

  test('is not kept for as long as files are', async () => {
    await withSite(tree, { cacheControl: 'public, max-age=31536000, immutable' }, async ({ at }) => {
      assert.equal((await at('/missing')).field('cache-control'), 'no-cache');
      assert.equal((await at('/404.html')).field('cache-control'), 'public, max-age=31536000, immutable');
    });
    await withSite(tree, { cacheControl: false }, async ({ at }) => {
      assert.equal((await at('/missing')).field('cache-control'), undefined);
    });
  });

  test('is problem details for those who want no HTML, and a line of text where there is none', async () => {
    await withSite(tree, {}, async ({ at }) => {
      const answer = await at('/missing', 'Accept: application/json');
      const problem = { type: 'about:blank', title: 'Not Found', status: 404 };
      assert.deepEqual([answer.status, JSON.parse(answer.text)], [404, problem]);
      assert.equal(answer.field('vary'), 'Accept');
      assert.equal((await at('/missing', 'Accept-Encoding: identity;q=0, deflate')).status, 404);
    });
    await withSite({}, {}, async ({ at }) => {
      const answer = await at('/missing');
      assert.equal(answer.text, 'Not Found\n');
      assert.equal(answer.field('vary'), 'Accept');
    });
    await withSite(tree, { notFound: 'errors/lost.html' }, async ({ at }) => {
      assert.equal((await at('/missing')).text, 'lost');
    });
  });
});

describe('files: what the owner says of files', () => {
  test('Cache-Control, Content-Disposition and media types', () =>
    withSite(
      { 'a.glsl': 'x', 'report für "alle".pdf': 'x', '_app/immutable/app.js': 'x' },
      {
        mediaTypes: { glsl: 'text/plain' },
        disposition: (name) => (name.endsWith('.pdf') ? 'attachment' : undefined),
      },
      async ({ at }) => {
        const shader = await at('/a.glsl');
        assert.equal(shader.field('content-type'), 'text/plain; charset=utf-8');
        assert.equal(shader.field('cache-control'), 'no-cache');
        assert.equal(shader.field('content-disposition'), undefined);
        assert.equal(
          (await at('/_app/immutable/app.js')).field('cache-control'),
          'public, max-age=31536000, immutable',
        );
        const report = await at('/report%20f%C3%BCr%20%22alle%22.pdf');
        assert.equal(report.status, 200);
        assert.match(
          report.field('content-disposition')!,
          /^attachment; filename="[ -~]+"; filename\*=UTF-8''report%20f%C3%BCr%20%22alle%22.pdf$/,
        );
      },
    ));

  test('a policy that gives what can not be sent is a fault of the program, which answers 500', () =>
    withSite({ 'a.txt': 'a' }, { cacheControl: () => 'a\r\nb: c' }, async ({ at, faults }) => {
      const answer = await at('/a.txt');
      assert.equal(answer.status, 500);
      assert.doesNotMatch(answer.text, /b: c/);
      assert.equal(faults.length, 1);
    }));

  test('a disposition that is none is such a fault, too, and does not become a field', () =>
    withSite({ 'a.txt': 'a' }, { disposition: () => 'attachment; x=y' as never }, async ({ at, faults }) => {
      const answer = await at('/a.txt');
      assert.deepEqual([answer.status, answer.field('content-disposition')], [500, undefined]);
      assert.match(
        String(faults[0]?.error),
        /^TypeError: disposition of a\.txt: expected "attachment" or "inline"/,
      );
    }));

  test('dotfiles, if they are to be served, but never an upload that is under way', () =>
    withSite(
      { '.env': 'dot', 'a/.b/c': 'deep', '.a.txt.0123abcd-77-0123456789abcdef.part': 'half' },
      { dotfiles: true },
      async ({ at }) => {
        assert.equal((await at('/.env')).text, 'dot');
        assert.equal((await at('/a/.b/c')).text, 'deep');
        assert.equal((await at('/.a.txt.0123abcd-77-0123456789abcdef.part')).status, 404);
        for (const path of ['/..', '/%2e%2e', '/a/..%2f']) assert.notEqual((await at(path)).text, 'dot');
      },
    ));
});

describe('files: methods', () => {
  test('RFC 9110 §9.3.7, §15.5.6: OPTIONS and what is not allowed say what is', () =>
    withSite({ 'a.txt': 'a' }, {}, async ({ ask }) => {
      const options = await ask('OPTIONS /a.txt HTTP/1.1\r\nHost: a\r\n\r\n');
      assert.equal(options.status, 204);
      assert.equal(options.field('allow'), 'GET, HEAD, OPTIONS');
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'BREW', 'get']) {
        const answer = await ask(`${method} /a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`);
        assert.equal(answer.status, 405, method);
        assert.equal(answer.field('allow'), 'GET, HEAD, OPTIONS');
      }
    }));
});
