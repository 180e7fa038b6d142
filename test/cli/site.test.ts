/** The options about a site and its config file, through the command line to the wire. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { hashPassword } from '../../src/site/access/password-hash.ts';
import { CommandLines } from './command-lines.ts';
import { ServalProcess } from './serval-process.ts';

/** Of a password that nobody has to know. */
const HASH = `scrypt.15.8.3.${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(32).toString('base64url')}`;

// Two at a time: each is a process that starts.
describe('serval with options', { concurrency: 2 }, () => {
  let base: string;
  let dist: string;
  before(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'serval-options-')));
    dist = join(base, 'dist');
    await mkdir(dist);
    await writeFile(join(dist, 'index.html'), `<h1>home</h1>${' '.repeat(2000)}`);
    await writeFile(join(dist, 'about.html'), '<h1>about</h1>');
    await writeFile(join(dist, '.env'), 'A=1');
    await writeFile(join(base, 'outside.txt'), 'outside');
    await symlink(join('..', 'outside.txt'), join(dist, 'link.txt'));
  });
  after(() => rm(base, { recursive: true }));

  it('serves as it is told', async () => {
    await using plain = await ServalProcess.serve([dist]);
    for (const path of ['/about', '/.env', '/link.txt', '/deep/link']) {
      assert.equal(await navigate(plain, path), 404, path);
    }
    const refused = await fetch(`${plain.origin}/a.bin`, { method: 'PUT', body: 'a' });
    assert.equal(refused.status, 405);
    assert.equal(refused.headers.get('allow'), 'GET, HEAD, OPTIONS');
    await using told = await ServalProcess.serve([
      ...[dist, '--spa', '--clean-urls', '--dotfiles', '--follow-links', '--no-compress', '--cors'],
      ...['--cache', '60'],
    ]);
    for (const path of ['/about', '/.env', '/link.txt', '/deep/link']) {
      assert.equal(await navigate(told, path), 200, path);
    }
    assert.equal((await fetch(`${told.origin}/none.js`)).status, 404);
    const { headers } = await fetch(`${told.origin}/`);
    assert.equal(headers.get('cache-control'), 'max-age=60');
    assert.equal(headers.get('access-control-allow-origin'), '*');
    assert.equal(headers.get('content-encoding'), null);
  });

  it('asks for a password, and is not slowed down by one that is right', async () => {
    const user = `ann:${await hashPassword('meow')}`;
    await using serval = await ServalProcess.serve([dist, '--auth', user]);
    const refused = await fetch(`${serval.origin}/`);
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get('www-authenticate'), 'Basic realm="Serval", charset="UTF-8"');
    const headers = { Authorization: `Basic ${Buffer.from('ann:meow').toString('base64')}` };
    // As when a page is opened: everything at once, before anything is known.
    const first = await Promise.all(
      Array.from({ length: 20 }, () => fetch(`${serval.origin}/`, { headers })),
    );
    assert.ok(first.every(({ status }) => status === 200));
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const start = performance.now();
      await work();
      return performance.now() - start;
    };
    const hash = await timed(() => hashPassword('meow'));
    const requests = await timed(async () => {
      for (let i = 0; i < 100; i++) await (await fetch(`${serval.origin}/`, { headers })).arrayBuffer();
    });
    // A hash takes longer than ten requests; with one for each it would be a hundred.
    assert.ok(requests < 50 * hash, `${requests} ms for a hundred requests, ${hash} for a hash`);
    assert.equal(serval.stderr, '');
  });

  it('warns in one line where passwords cross a network', async () => {
    await using serval = await ServalProcess.serve([dist, '--auth', `ann:${HASH}`, '--host', '0.0.0.0']);
    assert.match(serval.stdout, /^Serval serves .* at\n {2}Local: {3}http:\/\/127\.0\.0\.1:\d+\/\n/);
    assert.match(await serval.complaint(), /^serval: warning: passwords .*TLS.*\n$/);
  });

  it('takes files, of any size below the one it is told', async () => {
    const folder = await mkdtemp(join(base, 'inbox-'));
    const put = (serval: ServalProcess, name: string, octets: number) =>
      fetch(`${serval.origin}/${name}`, { method: 'PUT', body: new Uint8Array(octets) });
    await using wide = await ServalProcess.serve([folder, '--upload', '--listing']);
    // More than the server would take of any other handler.
    assert.equal((await put(wide, 'large.bin', 17 * 2 ** 20)).status, 201);
    assert.equal((await stat(join(folder, 'large.bin'))).size, 17 * 2 ** 20);
    assert.equal((await put(wide, 'large.bin', 1)).status, 409);
    const form = new FormData();
    for (const name of ['a.bin', 'b.bin'])
      form.append('files', new Blob([new Uint8Array(10 * 2 ** 20)]), name);
    const posted = await fetch(`${wide.origin}/`, { method: 'POST', body: form });
    assert.equal(posted.status, 201);
    assert.deepEqual((await readdir(folder)).sort(), ['a.bin', 'b.bin', 'large.bin']);

    await using narrow = await ServalProcess.serve([folder, '--upload', '--overwrite', '--max-size', '1K']);
    assert.equal((await put(narrow, 'c.bin', 1025)).status, 413);
    assert.equal((await put(narrow, 'c.bin', 1024)).status, 201);
    assert.equal((await put(narrow, 'c.bin', 1)).status, 204);
    assert.equal(
      (await fetch(`${narrow.origin}/c.bin`, { method: 'OPTIONS' })).headers.get('allow'),
      'GET, HEAD, OPTIONS, PUT',
    );
  });

  it('warns in one line where everybody on a network may upload', async () => {
    await using serval = await ServalProcess.serve([dist, '--upload', '--host', '0.0.0.0']);
    assert.match(await serval.complaint(), /^serval: warning: anyone .*--auth.*\n$/);
  });

  // One at a time: there is one current folder.
  describe('and a config file', { concurrency: 1 }, () => {
    let commandLines: CommandLines;
    before(() => {
      commandLines = new CommandLines();
    });
    after(() => commandLines.end());

    const CONFIG = {
      root: 'dist',
      headers: [{ source: '/**', headers: { 'X-Frame-Options': 'DENY' } }],
      redirects: [{ source: '/old/:page', destination: '/:page', status: 301 }],
      cleanUrls: true,
      cacheControl: 'max-age=5',
    };

    it('takes serval.json of the current folder, and the command line instead where both speak', async () => {
      await writeFile(join(base, 'serval.json'), JSON.stringify(CONFIG));
      try {
        await using serval = await ServalProcess.serve(['--cache', '7'], {}, base);
        assert.ok(serval.stdout.includes(`Serval serves ${dist} at`), serval.stdout);
        assert.ok(serval.stdout.includes(`Settings: ${join(base, 'serval.json')}`));
        const response = await fetch(`${serval.origin}/old/about`);
        assert.equal(response.url, `${serval.origin}/about`);
        assert.equal(response.headers.get('x-frame-options'), 'DENY');
        assert.equal(response.headers.get('cache-control'), 'max-age=7');

        await using wider = await ServalProcess.serve(['.'], {}, base);
        assert.equal((await fetch(`${wider.origin}/outside.txt`)).status, 200);
        assert.equal((await fetch(`${wider.origin}/serval.json`)).status, 404);
      } finally {
        await rm(join(base, 'serval.json'));
      }
    });

    it('takes the one that is named', async () => {
      const file = join(base, 'other.json');
      await writeFile(file, JSON.stringify(CONFIG));
      await using serval = await ServalProcess.serve(['--config', file]);
      assert.equal((await fetch(`${serval.origin}/about`)).headers.get('x-frame-options'), 'DENY');
    });

    it('is not told what to do by what it serves, and says so', async () => {
      const file = join(dist, 'serval.json');
      await writeFile(file, JSON.stringify({ ...CONFIG, root: '/' }));
      try {
        await using serval = await ServalProcess.serve([dist], {}, base);
        assert.equal((await fetch(`${serval.origin}/`)).headers.get('x-frame-options'), null);
        assert.equal(
          await serval.complaint(),
          `serval: warning: ${file} is served, not read; use --config "${file}" to read it\n`,
        );
      } finally {
        await rm(file);
      }
    });

    it('says what is wrong with it, all of it, with exit code 2', async () => {
      const file = join(base, 'wrong.json');
      await writeFile(file, '{ "spa": 1, "redirect": [], "headers": [{ "source": "/" }] }');
      const { code, stdout, stderr } = await commandLines.run(['--config', file]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.equal(
        stderr,
        [
          `serval: ${file}: 3 errors:`,
          '  spa: expected true or false or a non-empty string, got 1',
          '  redirect: unknown member; did you mean "redirects"?',
          '  headers[0].headers: required\n',
        ].join('\n'),
      );
    });

    it('says that it is missing, and what no handler can keep', async () => {
      const missing = await commandLines.run(['--config', join(base, 'none.json')]);
      assert.equal(missing.code, 2);
      assert.match(missing.stderr, /^serval: config file .*none\.json does not exist\n$/);
      const file = join(base, 'outside.json');
      await writeFile(file, '{ "index": "../outside.txt" }');
      const outside = await commandLines.run(['--config', file]);
      assert.equal(outside.code, 2);
      assert.match(outside.stderr, /^serval: index: [^\n]*\n$/);
    });
  });
});

/** The status of what a browser asks for when somebody opens a link; `fetch` says of itself that it is no navigation. */
function navigate({ port }: ServalProcess, path: string): Promise<number> {
  const fields =
    'Host: localhost\r\nAccept: text/html\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nConnection: close';
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\n${fields}\r\n\r\n`),
    );
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    socket.on('error', reject).on('close', () => resolve(Number(received.slice(9, 12))));
  });
}
