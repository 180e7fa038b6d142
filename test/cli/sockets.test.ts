/** Where `serval` listens when it is no port, whom it believes about the client, and what systemd hears of it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exchange } from '../support/raw-client.ts';
import { ServalProcess } from './serval-process.ts';

const NOT_HERE = process.platform === 'win32' && 'there are no unix sockets, and no systemd';

// Two at a time: each is a process that starts.
describe('serval, its sockets and systemd', { skip: NOT_HERE, timeout: 110_000, concurrency: 2 }, () => {
  let folder: string;
  /** With a stand-in for `systemd-notify` that writes down what it is told, into the file `SAID`. */
  let env: Record<string, string>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serval-test-'));
    await writeFile(join(folder, 'a.txt'), 'a');
    await writeFile(join(folder, 'systemd-notify'), '#!/bin/sh\necho "$@" >> "$SAID"\n', { mode: 0o755 });
    env = { PATH: `${folder}:${process.env['PATH']}`, NOTIFY_SOCKET: '/run/systemd/notify' };
  });
  after(() => rm(folder, { recursive: true }));

  const said = async (file: string, pattern: RegExp): Promise<void> => {
    let text = '';
    for (let turn = 0; turn < 1_000; turn++) {
      text = existsSync(file) ? await readFile(file, 'utf8') : '';
      if (pattern.test(text)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.fail(`${pattern} is not in: ${text}`);
  };

  const request = (fields: readonly string[] = [], host = 'localhost'): string =>
    ['GET /a.txt HTTP/1.1', `Host: ${host}`, 'Connection: close', ...fields, '', ''].join('\r\n');

  /** A socket that listens in this process, and its descriptor. */
  async function opened(): Promise<{ server: Server; port: number; fd: number }> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
    return { server, port, fd };
  }

  for (const crew of [[], ['--workers', '1', '--threads', '2']]) {
    it(`listens on the sockets that systemd has opened${crew.length > 0 ? ', in each thread' : ''}, and tells it`, async () => {
      const file = join(folder, `said-${crew.length}`);
      const sockets = [await opened(), await opened()];
      await using serval = new ServalProcess(
        ['.', ...crew],
        { ...env, SAID: file },
        folder,
        sockets.map(({ fd }) => fd),
      );
      await serval.says(/Press Ctrl-C to stop/);
      // From now on it is there alone.
      for (const { server } of sockets) server.close();
      assert.match(serval.stdout, /The sockets are from systemd\./);
      for (const { port } of sockets) {
        assert.match(serval.stdout, new RegExp(`http://127\\.0\\.0\\.1:${port}/`));
        for (let times = 0; times < 4; times++)
          assert.match((await exchange({ port }, request())).text, /\r\n\r\na$/);
      }
      await said(file, /^READY=1\n$/);
      if (crew.length > 0) {
        serval.child.kill('SIGHUP');
        await said(file, /^READY=1\nRELOADING=1 MONOTONIC_USEC=\d+\nREADY=1\n$/);
        assert.match((await exchange({ port: sockets[1]!.port }, request())).text, /\r\n\r\na$/);
      }
      serval.child.kill('SIGTERM');
      assert.equal(await serval.exit(), 0);
      await said(file, /READY=1\nSTOPPING=1\n$/);
    });
  }

  it('goes on when systemd can not be told, and says so', async () => {
    const broken = { ...env, PATH: join(folder, 'nowhere') };
    await using serval = await ServalProcess.serve(['.'], broken, folder);
    assert.match(
      await serval.complaint(),
      /^serval: warning: cannot notify systemd of READY=1: systemd-notify/,
    );
    assert.match((await exchange({ port: serval.port }, request())).text, /\r\n\r\na$/);
  });

  for (const crew of [[], ['--workers', '1']]) {
    it(`listens on a unix socket ${crew.join(' ')}, with its mode, and logs whom a trusted proxy names`, async () => {
      const path = join(folder, `web-${crew.length}.sock`);
      const words = [
        '.',
        '--log',
        '--unix',
        path,
        '--unix-mode',
        '600',
        '--trust',
        'unix',
        '--x-forwarded',
        ...crew,
      ];
      await using serval = new ServalProcess(words, {}, folder);
      await serval.says(/Press Ctrl-C to stop/);
      assert.ok(serval.stdout.includes(`  Unix:    ${path}\n`), serval.stdout);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      await exchange({ path }, request(['X-Forwarded-For: 6.6.6.6, 192.0.2.7']));
      await serval.says(/ 200 GET {2}\/a\.txt .* 192\.0\.2\.7:0\n/);
      await exchange({ path }, request());
      await serval.says(/ unix socket\n/);
      serval.child.kill('SIGTERM');
      assert.equal(await serval.exit(), 0);
      assert.equal(existsSync(path), false);
    });
  }

  it('believes no stranger, and no name that a page could have its browser forward', async () => {
    const words = ['.', '--log', '--trust', '127.0.0.1', '--forwarded'];
    await using serval = await ServalProcess.serve(words, {}, folder);
    const ask = async (fields: readonly string[], host?: string) =>
      (await exchange({ port: serval.port }, request(fields, host))).text.split('\r\n', 1)[0];
    assert.equal(await ask(['Forwarded: for=192.0.2.7;host=localhost']), 'HTTP/1.1 200 OK');
    await serval.says(/ 192\.0\.2\.7:0\n/);
    assert.match((await ask(['Forwarded: for=192.0.2.7;host=localhost'], 'evil.example'))!, / 421 /);
    assert.match((await ask(['Forwarded: for=192.0.2.7;host=evil.example']))!, / 421 /);
    assert.equal(await ask(['X-Forwarded-For: 6.6.6.6']), 'HTTP/1.1 200 OK');
    await serval.says(/ 127\.0\.0\.1:\d+\n/);
  });
});
