import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmod,
  mkdir,
  mkdtemp,
  realpath,
  rm,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { type ListingOptions, listFolder } from '../../../src/files/listing/listing.ts';
import { makePartName } from '../../../src/files/lookup/part-name.ts';
import { Root } from '../../../src/files/lookup/root.ts';
import { counted } from '../counted-work.ts';
import { crowdedFolder, fillFolder } from '../made-once.ts';
import { assertNoStall } from '../no-stall.ts';

interface JsonEntry {
  name: string;
  type: 'file' | 'folder';
  size: number | null;
  modified: string | null;
}

const OPTIONS: ListingOptions = { uploads: undefined, dotfiles: false };

type Listed = Partial<ListingOptions> & { symlinks?: 'anywhere' };

async function listOf(
  root: string,
  names: readonly string[],
  request: Request,
  { symlinks, ...options }: Listed = {},
): Promise<Response> {
  const folder = new Root(root, symlinks ?? 'within');
  const place = await folder.find(names);
  assert.ok(place !== undefined);
  const response = await listFolder({ place, names, root: folder }, request, { ...OPTIONS, ...options });
  assert.ok(response !== undefined);
  return response;
}

describe('listFolder', () => {
  let base: string;
  let root: string;
  before(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'serval-test-')));
    root = join(base, 'root');
    await mkdir(join(root, 'photos', '2026 & <before>'), { recursive: true });
    await mkdir(join(root, 'empty'));
    await mkdir(join(root, '.git'));
    await mkdir(join(root, '.well-known'));
    await mkdir(join(base, 'outside'));
    await writeFile(join(root, 'file10.txt'), 'ten');
    await writeFile(join(root, 'file2.txt'), '');
    await truncate(join(root, 'file2.txt'), 1_234_567);
    await writeFile(join(root, '.env'), 'SECRET=1');
    await writeFile(join(root, makePartName('file2.txt')), 'half');
    await writeFile(join(base, 'outside', 'secret.txt'), 'secret');
    await symlink(join(base, 'outside', 'secret.txt'), join(root, 'leak.txt'));
    await symlink(join(base, 'outside'), join(root, 'leak'));
    await symlink('photos', join(root, 'pictures'));
    await symlink('file10.txt', join(root, 'ten'));
    await symlink('nowhere', join(root, 'dangling'));
    await symlink('loop', join(root, 'loop'));
    await utimes(join(root, 'file10.txt'), 0, 784_111_777);
  });
  after(() => rm(base, { recursive: true }));

  async function list(
    names: string[] = [],
    { query = '', accept, ...options }: { query?: string; accept?: string } & Listed = {},
  ): Promise<Response> {
    const path = `/${names.map((name) => `${encodeURIComponent(name)}/`).join('')}`;
    const request = new Request(`http://127.0.0.1:8080${path}${query}`, {
      headers: accept === undefined ? {} : { accept },
    });
    return listOf(root, names, request, options);
  }

  async function json(names: string[] = [], options: Parameters<typeof list>[1] = {}): Promise<JsonEntry[]> {
    const response = await list(names, { ...options, accept: 'application/json' });
    assert.equal(response.headers.get('content-type'), 'application/json');
    return (await response.json()) as JsonEntry[];
  }

  const namesOf = (entries: JsonEntry[]) => entries.map(({ name }) => name);

  test('is a page that nothing can be loaded into or run in but what it came with', async () => {
    for (const uploads of [undefined, {}, { overwrite: true, delete: true }]) {
      const response = await list([], { uploads });
      const page = await response.text();
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
      assert.equal(response.headers.get('cache-control'), 'no-cache');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(response.headers.get('vary'), 'Accept');
      assert.equal(response.headers.get('referrer-policy'), 'same-origin');
      const hash = (element: string) => {
        const [, text = ''] = new RegExp(`<${element}>([^]*?)</${element}>`).exec(page)!;
        return createHash('sha256').update(text).digest('base64');
      };
      assert.deepEqual(response.headers.get('content-security-policy')?.split('; '), [
        "default-src 'none'",
        `style-src 'sha256-${hash('style')}'`,
        `script-src 'sha256-${hash('script')}'`,
        'img-src data:',
        ...(uploads ? ["form-action 'self'", "connect-src 'self'"] : ["form-action 'none'"]),
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ]);
      assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//);
      assert.doesNotMatch(page, / (style|on\w+)="/);
      assert.equal(page.includes('type="file"'), uploads !== undefined);
      assert.equal(page.includes('aria-label="Delete '), uploads?.delete === true);
    }
  });

  test('says what a file is: its name, its size in bytes, its time', async () => {
    const page = await (await list()).text();
    assert.match(page, /<a href="\.\/file10\.txt">/);
    assert.match(page, /<data value="1234567" title="1,234,567 bytes">1\.2 MB<\/data>/);
    assert.match(page, /<time datetime="1994-11-06T08:49:37\.000Z" title="1994-11-06 08:49:37 UTC">/);
    assert.match(page, /<a href="\.\/photos\/">/);
    assert.match(page, /4 folders · 3 files · 1\.2 MB/);
  });

  test('lists nothing that a request could not get', async () => {
    const shown = ['.well-known', 'empty', 'photos', 'pictures', 'file2.txt', 'file10.txt', 'ten'];
    assert.deepEqual(namesOf(await json()), shown);
    assert.doesNotMatch(await (await list()).text(), /leak|secret|dangling|loop|\.env|\.git|\.part/i);
  });

  test('lists dotfiles and links out of the root where they are allowed, and never uploads under way', async () => {
    assert.deepEqual(namesOf(await json([], { dotfiles: true })), [
      ...['.git', '.well-known', 'empty', 'photos', 'pictures', '.env', 'file2.txt', 'file10.txt', 'ten'],
    ]);
    assert.deepEqual(namesOf(await json([], { symlinks: 'anywhere' })), [
      ...['.well-known', 'empty', 'leak', 'photos', 'pictures', 'file2.txt', 'file10.txt', 'leak.txt', 'ten'],
    ]);
  });

  test('describes what links lead to', async () => {
    const entries = new Map((await json()).map((entry) => [entry.name, entry]));
    assert.deepEqual(entries.get('ten'), {
      name: 'ten',
      type: 'file',
      size: 3,
      modified: '1994-11-06T08:49:37.000Z',
    });
    const { type, size } = entries.get('pictures')!;
    assert.deepEqual({ type, size }, { type: 'folder', size: null });
  });

  test('sorts as it is asked, and says so to those who do not see', async () => {
    assert.deepEqual(namesOf(await json([], { query: '?sort=size&order=asc' })).slice(-3), [
      ...['file10.txt', 'ten', 'file2.txt'],
    ]);
    assert.deepEqual(namesOf(await json([], { query: '?sort=date' })).slice(-3), [
      ...['file2.txt', 'file10.txt', 'ten'],
    ]);
    const page = await (await list([], { query: '?sort=size' })).text();
    assert.equal(page.match(/aria-sort=/g)?.length, 1);
    assert.match(page, /class="size" aria-sort="descending"><a\s+href="\?sort=size&amp;order=asc">Size/);
    assert.match(page, /class="name"><a\s+href="\?">Name/);
    assert.match(page, /<caption>Contents, folders first, sorted by size, descending<\/caption>/);
  });

  test('leads up, and is at home below any path: links are relative', async () => {
    const page = await (await list(['photos', '2026 & <before>'])).text();
    assert.match(page, /<title>2026 &amp; &lt;before&gt;<\/title>/);
    const crumbs = [...page.matchAll(/<li><a href="([^"]*)"><bdi>([^<]*)</g)].map(([, ...parts]) => parts);
    assert.deepEqual(crumbs, [
      ['../../', '127.0.0.1:8080'],
      ['../', 'photos'],
    ]);
    assert.match(page, /<a href="\.\.\/">.*Parent folder/);
    assert.doesNotMatch(await (await list()).text(), /href="\.\./);
  });

  test('says when there is nothing', async () => {
    assert.match(await (await list(['empty'])).text(), /This folder is empty/);
    assert.deepEqual(await json(['empty']), []);
  });

  const negotiated: [accept: string | undefined, type: string][] = [
    [undefined, 'text/html; charset=utf-8'],
    ['*/*', 'text/html; charset=utf-8'],
    ['application/json', 'application/json'],
    ['application/*', 'application/json'],
    ['text/html;q=0.5, application/json', 'application/json'],
    ['text/html, application/json', 'text/html; charset=utf-8'],
    ['application/json;q=0.1, */*', 'text/html; charset=utf-8'],
    ['application/json;q=0', 'text/html; charset=utf-8'],
    ['image/png', 'text/html; charset=utf-8'],
  ];
  for (const [accept, type] of negotiated) {
    test(`RFC 9110 §12.5.1: Accept: ${accept} gets ${type}`, async () => {
      const response = await list([], accept === undefined ? {} : { accept });
      assert.equal(response.headers.get('content-type'), type);
      assert.equal(response.headers.get('vary'), 'Accept');
      await response.text();
    });
  }

  test('lists only the folder that was found', async () => {
    const folder = new Root(root, 'within');
    const place = await folder.find(['photos']);
    const request = new Request('http://127.0.0.1/');
    const gone = { ...place!, path: join(root, 'gone') };
    assert.equal(await listFolder({ place: gone, names: [], root: folder }, request, OPTIONS), undefined);
    const file = { ...place!, path: join(root, 'file10.txt') };
    assert.equal(await listFolder({ place: file, names: [], root: folder }, request, OPTIONS), undefined);
    const other = { ...place!, path: join(root, 'empty') };
    assert.equal(await listFolder({ place: other, names: [], root: folder }, request, OPTIONS), undefined);
  });

  describe('with names that were made to break it', { skip: process.platform === 'win32' }, () => {
    const odd = 'odd';
    const spoken = [
      ...['a b', "it's", '"quoted"', '<script>alert(1)<', '&amp;', '%2e%2e', '#frag?query', 'a:b', '-rf'],
      ...['evil\u202egpj.exe', ' spaces ', '…', 'javascript:alert(1)', '`$(id)`', '\ufffd'],
    ];
    before(async () => {
      await mkdir(join(root, odd));
      for (const name of spoken) await writeFile(join(root, odd, name), name);
      await writeFile(join(root, odd, 'line\nbreak'), '');
      await writeFile(join(root, odd, 'back\\slash'), '');
      await writeFile(Buffer.concat([Buffer.from(`${join(root, odd)}/latin1-`), Buffer.from([0xe9])]), '');
      execFileSync('mkfifo', [join(root, odd, 'pipe')]);
      await symlink('pipe', join(root, odd, 'to-pipe'));
    });

    test('lists those that a request can have, and each link leads to its file', async () => {
      const entries = await json([odd]);
      assert.deepEqual(namesOf(entries).sort(), [...spoken].sort());
      const page = await (await list([odd])).text();
      const links = [...page.matchAll(/<th scope="row" role="rowheader"><a href="([^"]*)"/g)]
        .map(([, href = '']) => href.replaceAll('&#39;', "'"))
        .slice(1);
      const found = links.map((href) => {
        const url = new URL(href, `http://host/${odd}/`);
        assert.equal(url.host + url.search + url.hash, 'host');
        assert.ok(url.pathname.startsWith(`/${odd}/`), url.pathname);
        return decodeURIComponent(url.pathname.slice(odd.length + 2));
      });
      assert.deepEqual(found.sort(), [...spoken].sort());
    });

    test('escapes all of them', async () => {
      const page = await (await list([odd])).text();
      const table = page.slice(page.indexOf('<tbody'), page.indexOf('</tbody>'));
      const tags = new Set(table.match(/<\/?[a-z]+/g));
      assert.deepEqual([...tags].filter((tag) => !tag.startsWith('</')).sort(), [
        ...['<a', '<bdi', '<data', '<i', '<span', '<svg', '<tbody', '<td', '<th', '<time', '<tr', '<use'],
      ]);
      assert.doesNotMatch(table, /\u202e/u);
    });
  });

  test('answers 403 by what the system says, where it refuses', async (t) => {
    if (process.getuid?.() === 0) return t.skip('root may read everything');
    await mkdir(join(root, 'closed'), { mode: 0 });
    await assert.rejects(list(['closed']), { code: 'EACCES' });
    await chmod(join(root, 'closed'), 0o700);
  });

  // That a folder of 100,000 holds nobody up is in `many-files.test.ts`, over a socket.
  describe('of a folder of 10,001 entries', () => {
    const many = crowdedFolder(10_001);
    const listMany = (request: Request) => listOf(many, [], request);
    const requested = (query: string, accept = 'text/html') =>
      new Request(`http://127.0.0.1/${query}`, { headers: { accept } });

    for (const query of ['', '?sort=size&page=5']) {
      test(`holds up nobody else: ${query || 'by name'}`, async () => {
        await assertNoStall(async () => {
          const page = await (await listMany(requested(query))).text();
          assert.equal(page.match(/<tr role="row"/g)?.length, 1001);
        });
      });
    }

    test('RFC 9110 §9.3.2: HEAD does not read it', async () => {
      const { fileRequests } = await counted(async () => {
        for (const query of ['', '?sort=size']) {
          const response = await listMany(new Request(requested(query), { method: 'HEAD' }));
          assert.equal(response.status, 200);
          assert.equal(await response.text(), '');
          const whole = await listMany(requested(query));
          for (const name of ['content-type', 'vary', 'cache-control', 'content-security-policy']) {
            assert.equal(response.headers.get(name), whole.headers.get(name), name);
          }
          await whole.body?.cancel();
        }
      });
      const alone = await counted(() => listMany(new Request(requested(''), { method: 'HEAD' })));
      assert.ok(
        alone.fileRequests <= 6,
        `${alone.fileRequests} of ${fileRequests} requests to the file system`,
      );
    });

    test('comes in pages', async () => {
      const first = await listMany(requested(''));
      assert.equal(first.headers.get('link'), '<?page=2>; rel="next"');
      assert.match(await first.text(), /10,001 files · page 1 of 11/);
      const last = await listMany(requested('?page=11'));
      assert.equal(last.headers.get('link'), null);
      const text = await last.text();
      assert.match(text, /href="\.\/f10001"/);
      assert.match(text, /href="\?page=10">Previous/);
      assert.match(await (await listMany(requested('?page=12'))).text(), /page 11 of 11/);
    });

    test('comes whole to a program that follows the links', async () => {
      const names: string[] = [];
      let query: string | undefined = '?order=desc';
      let requests = 0;
      while (query !== undefined) {
        const response = await listMany(requested(query, 'application/json'));
        names.push(...namesOf((await response.json()) as JsonEntry[]));
        query = /^<(\?[^>]*)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
        requests++;
      }
      assert.equal(requests, 2);
      assert.deepEqual([names[0], names.at(-1)], ['f10001', 'f1']);
      assert.equal(new Set(names).size, 10_001);
      const beyond = await listMany(requested('?page=3', 'application/json'));
      assert.deepEqual(await beyond.json(), []);
    });

    test('gives up when the client has', async () => {
      const controller = new AbortController();
      const listing = listMany(new Request('http://127.0.0.1/', { signal: controller.signal }));
      setImmediate(() => controller.abort(new Error('gone')));
      await assert.rejects(listing, /gone/);
    });

    test('does not begin when the client has gone already', async () => {
      const request = new Request('http://127.0.0.1/', { signal: AbortSignal.abort(new Error('gone')) });
      const folder = new Root(many, 'within');
      const place = await folder.find([]);
      const listing = () => listFolder({ place: place!, names: [], root: folder }, request, OPTIONS);
      const work = await counted(() => assert.rejects(listing(), /gone/));
      assert.equal(work.fileRequests, 0);
    });
  });

  test('leaves out what vanishes meanwhile', async () => {
    const path = join(root, 'vanishing');
    await mkdir(path);
    fillFolder(path, 2_000);
    const listing = json(['vanishing'], { query: '?sort=date' });
    for (let i = 2; i < 200; i++) await unlink(join(path, `f${i}`));
    const names = new Set(namesOf(await listing));
    assert.ok(names.size >= 2_000 - 198 && names.size <= 2_000, `${names.size} names`);
  });
});
