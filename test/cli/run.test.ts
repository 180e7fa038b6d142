import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { helpPage } from '../../src/cli/help/pages.ts';
import { until } from '../support/until.ts';
import { CommandLines, type Outcome } from './command-lines.ts';
import { ServalProcess } from './serval-process.ts';

/** For tests that ask the same server. */
const IN_TURN = { concurrency: 1 };

describe('serval', { concurrency: 2 }, () => {
  let base: string;
  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'serval-test-'));
    await mkdir(join(base, 'site', 'sub'), { recursive: true });
    await mkdir(join(base, 'demo'));
    await mkdir(join(base, 'temporary'));
    await writeFile(join(base, 'site', 'index.html'), '<h1>home</h1>');
    await writeFile(join(base, 'demo', 'a.txt'), 'in a folder called demo');
  });
  after(() => rm(base, { recursive: true }));

  async function runs(...words: string[]): Promise<Outcome> {
    const serval = new ServalProcess(words);
    const code = await serval.exit();
    return { code: code ?? -1, stdout: serval.stdout, stderr: serval.stderr };
  }

  const noSignals = process.platform === 'win32' && 'no signals on Windows';
  // First, and two at a time: one of them waits for five seconds.
  describe('told to stop', { skip: noSignals, concurrency: 2 }, () => {
    const HALF = 'PUT /files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello';

    /** A server with an upload under way. */
    async function busy(): Promise<{ serval: ServalProcess; socket: Socket; folder: string }> {
      const folder = await mkdtemp(join(base, 'kept-'));
      const serval = await ServalProcess.serve(['demo', '--directory', folder]);
      const socket = connect(serval.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(HALF);
      await until('it is being written', async () => (await readdir(folder)).length === 1);
      return { serval, socket, folder };
    }

    /** A request for a file that is larger than all buffers of a connection. */
    async function downloading(): Promise<{ serval: ServalProcess; socket: Socket; size: number }> {
      const size = 64 * 2 ** 20;
      const folder = await mkdtemp(join(base, 'large-'));
      await writeFile(join(folder, 'large.bin'), new Uint8Array(size));
      const serval = await ServalProcess.serve([folder]);
      const socket = connect(serval.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(socket, 'readable');
      return { serval, socket, size };
    }

    it('waits for no client that takes nothing of its response', async () => {
      const { serval, socket } = await downloading();
      await using _ = serval;
      const start = performance.now();
      serval.child.kill('SIGTERM');
      assert.equal(await serval.exit(), 0);
      // It waits five seconds; without a limit for draining it would be sixty.
      const seconds = (performance.now() - start) / 1_000;
      assert.ok(seconds < 25, `${seconds} s`);
      socket.destroy();
    });

    it('lets a slow client have the whole response', async () => {
      const { serval, socket, size } = await downloading();
      await using _ = serval;
      serval.child.kill('SIGTERM');
      await serval.says(/Finishing/);
      let received = 0;
      socket.on('data', (octets) => {
        received += octets.length;
        // About eight seconds for all of it.
        if (received % (8 * 2 ** 20) >= octets.length) return;
        socket.pause();
        setTimeout(() => socket.resume(), 1_000);
      });
      await once(socket, 'close');
      assert.ok(received > size, `${received} of ${size}`);
      assert.equal(await serval.exit(), 0);
    });

    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      it(`by ${signal} finishes what has begun, waits for no connection on which nothing happens, and exits with 0`, async () => {
        const { serval, socket } = await busy();
        await using _ = serval;
        const idle = connect(serval.port, '127.0.0.1');
        idle.write('GET /echo/a HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await once(idle, 'data');
        const start = performance.now();
        serval.child.kill(signal);
        await serval.says(/Finishing/);
        const answer = answerOn(socket);
        socket.write('world');
        assert.match(await answer, /^HTTP\/1\.1 201 [\s\S]*connection: close/i);
        assert.equal(await serval.exit(), 0);
        // Its own patience with what is idle is 65 seconds.
        assert.ok(performance.now() - start < 30_000);
        assert.equal(serval.stderr, '');
      });

      it(`by ${signal} twice stops at once, and leaves nothing of what had begun`, async () => {
        const { serval, socket, folder } = await busy();
        await using _ = serval;
        serval.child.kill(signal);
        await serval.says(/Finishing/);
        serval.child.kill(signal);
        assert.equal(await serval.exit(), signal === 'SIGINT' ? 130 : 143);
        assert.deepEqual(await readdir(folder), []);
        socket.destroy();
      });
    }
  });

  describe('without serving', IN_TURN, () => {
    let commandLines: CommandLines;
    before(() => {
      commandLines = new CommandLines();
    });
    after(() => commandLines.end());

    it('helps', async () => {
      assert.deepEqual(await runs('--help'), { code: 0, stdout: helpPage(undefined), stderr: '' });
      const demo = await commandLines.run(['demo', '--help']);
      assert.deepEqual(demo, { code: 0, stdout: helpPage('demo'), stderr: '' });
    });

    it('says its version', async () => {
      const { code, stdout } = await runs('--version');
      assert.equal(code, 0);
      assert.match(stdout, /^\d+\.\d+\.\d+\S*\n$/);
    });

    it('says in one line what it does not understand, with exit code 2', async () => {
      const { code, stdout, stderr } = await runs('--port', 'eighty');
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^serval: --port: expected .* got "eighty".*\n$/);
    });

    it('says in one line that a folder is missing, or none, with exit code 1', async () => {
      for (const words of [[join(base, 'missing')], ['demo', '--directory', join(base, 'missing')]]) {
        const { code, stderr } = await commandLines.run(words);
        assert.equal(code, 1);
        assert.match(stderr, /^serval: the folder .*missing does not exist.*\n$/);
      }
      const { code, stderr } = await commandLines.run([join(base, 'site', 'index.html')]);
      assert.equal(code, 1);
      assert.match(stderr, /^serval: .*index\.html" is a file, not a folder\n$/);
    });

    it('says in one line that it can not listen, with exit code 1', async () => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const { port } = other.address() as { port: number };
      try {
        const { code, stdout, stderr } = await runs(base, '--port', String(port));
        assert.equal(code, 1);
        assert.equal(stdout, '');
        assert.match(
          stderr,
          new RegExp(
            `^serval: port ${port} on 127\\.0\\.0\\.1 is in use; \\d+ is free: --port \\d+, or .*\\n$`,
          ),
        );
      } finally {
        other.close();
      }
      // TEST-NET-1 (RFC 5737) is nobody's address.
      const { code, stderr } = await commandLines.run([base, '--host', '192.0.2.1', '--port', '0']);
      assert.equal(code, 1);
      assert.match(stderr, /^serval: 192\.0\.2\.1 is not an address of this machine.*\n$/);
    });
  });

  describe('with a folder', IN_TURN, () => {
    let quiet: ServalProcess;
    before(async () => {
      quiet = await ServalProcess.serve([join(base, 'site')]);
    });
    after(() => quiet[Symbol.asyncDispose]());

    it('serves it', async () => {
      assert.match(quiet.origin, /^http:\/\/127\.0\.0\.1:\d+$/);
      const response = await fetch(`${quiet.origin}/`);
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
      assert.equal(await response.text(), '<h1>home</h1>');
      const redirect = await fetch(`${quiet.origin}/sub`, { redirect: 'manual' });
      assert.equal(redirect.headers.get('location'), './sub/');
      const raw = await exchange(
        quiet.port,
        'HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      );
      assert.match(raw, /^HTTP\/1\.1 200 OK\r\n/);
      assert.match(raw, /\r\ncontent-length: 13\r\n/i);
      assert.ok(raw.endsWith('\r\n\r\n'));
    });

    it('serves a large file whole', async () => {
      const large = Buffer.alloc(5_000_000, 'serval ');
      await writeFile(join(base, 'site', 'large.bin'), large);
      const content = await (await fetch(`${quiet.origin}/large.bin`)).arrayBuffer();
      assert.ok(large.equals(Buffer.from(content)));
    });

    it('logs when asked to, and never to what is no terminal by itself', async () => {
      await fetch(`${quiet.origin}/`);
      await using logging = await ServalProcess.serve([join(base, 'site'), '--log']);
      await fetch(`${logging.origin}/?a=%1b`);
      await fetch(`${logging.origin}/missing`);
      await logging.says(/ 404 GET {2}\/missing /);
      assert.match(logging.stdout, /Z 200 GET {2}\/\?a=%1b 13 bytes [\d.]+ ms 127\.0\.0\.1:\d+\n/);
      assert.ok(!logging.stdout.includes('\x1b'));
      assert.doesNotMatch(quiet.stdout, /GET/);
    });

    it('logs requests that it refuses, with the reason and the section', async () => {
      await using logging = await ServalProcess.serve([join(base, 'site'), '--log']);
      assert.match(await exchange(logging.port, 'GET / HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 400 /);
      await logging.says(/Z 400 refused: host missing \(RFC 9112 §3\.2\) 127\.0\.0\.1:\d+\n/);
    });

    it('serves it by its path when it is called demo', async () => {
      await using serval = await ServalProcess.serve([join(base, 'demo')]);
      assert.equal(await (await fetch(`${serval.origin}/a.txt`)).text(), 'in a folder called demo');
    });
  });

  describe('demo', IN_TURN, () => {
    let folder: string;
    let serval: ServalProcess;
    before(async () => {
      folder = await mkdtemp(join(base, 'kept-'));
      serval = await ServalProcess.serve(['demo', '--directory', folder, '--log']);
    });
    after(() => serval[Symbol.asyncDispose]());

    it('has its three routes, and keeps files where it is told', async () => {
      assert.equal(await (await fetch(`${serval.origin}/echo/h%C3%A9llo`)).text(), 'héllo');
      const headers = { 'User-Agent': 'cat/9' };
      assert.equal(await (await fetch(`${serval.origin}/user-agent`, { headers })).text(), 'cat/9');
      const file = `${serval.origin}/files/a.txt`;
      const body = new Uint8Array(3_000_000).fill(7);
      assert.equal((await fetch(file, { method: 'PUT', body })).status, 201);
      assert.equal((await fetch(file, { method: 'PUT', body })).status, 204);
      assert.equal((await fetch(file, { method: 'POST', body })).status, 201);
      assert.deepEqual(new Uint8Array(await (await fetch(file)).arrayBuffer()), body);
      assert.deepEqual(await readdir(folder), ['a.txt']);
      await rm(join(folder, 'a.txt'));
    });

    it('answers exactly', async () => {
      const raw = await exchange(
        serval.port,
        'GET /echo/abc HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      );
      assert.match(raw, /^HTTP\/1\.1 200 OK\r\n/);
      assert.match(raw, /\r\ncontent-type: text\/plain\r\n/i);
      assert.match(raw, /\r\ncontent-length: 3\r\n/i);
      assert.ok(raw.endsWith('\r\n\r\nabc'));
      const options = await exchange(
        serval.port,
        'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      );
      assert.match(options, /^HTTP\/1\.1 204 /);
      assert.match(options, /\r\nallow: GET, HEAD, POST, PUT, OPTIONS\r\n/i);
    });

    it('shows the octets that were sent', async () => {
      const head =
        'GET /?a=%20b HTTP/1.1\r\nHost: 127.0.0.1\r\nx-ODD:\t <i>\xe9 \r\nConnection:close\r\n\r\n';
      const raw = await exchange(serval.port, head);
      assert.match(raw, new RegExp(`<strong>${head.length}&nbsp;octets</strong>`));
      assert.ok(Buffer.from(raw, 'latin1').toString('utf8').includes('&lt;i&gt;<i>\\xE9</i>'));
      assert.match(raw, /\r\ncache-control: no-store\r\n/i);
    });

    it('refuses an upload that is too large, and keeps nothing of it', async () => {
      const declared = 'PUT /files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16777217\r\n\r\n';
      assert.match(await exchange(serval.port, declared), /^HTTP\/1\.1 413 /);
      const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
      const chunked = `PUT /files/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}0\r\n\r\n`;
      assert.match(await exchange(serval.port, chunked), /^HTTP\/1\.1 413 /);
      assert.deepEqual(await readdir(folder), []);
    });

    it('keeps nothing of an upload that breaks off', async () => {
      const socket = connect(serval.port, '127.0.0.1');
      socket.write('PUT /files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello');
      await until('it is being written', async () => (await readdir(folder)).length === 1);
      socket.destroy();
      await until('nothing is left', async () => (await readdir(folder)).length === 0);
    });

    it('takes its temporary folder away again, unless there is something in it', async () => {
      const env = { TMPDIR: join(base, 'temporary') };
      const lives = [false, true].map(async (kept) => {
        await using serval = await ServalProcess.serve(['demo'], env);
        const folder = /Files are kept in (.*)/.exec(serval.stdout)![1]!;
        assert.ok(existsSync(folder));
        // The connection is not kept, so there is nothing to wait for.
        const put =
          'PUT /files/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1\r\n\r\na';
        if (kept) assert.match(await exchange(serval.port, put), /^HTTP\/1\.1 201 /);
        serval.child.kill('SIGTERM');
        assert.equal(await serval.exit(), 0);
        assert.equal(existsSync(folder), kept);
      });
      await Promise.all(lives);
    });
  });
});

/** Sends octets and returns all that comes back. */
async function exchange(port: number, octets: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const answer = answerOn(socket);
  socket.write(octets, 'latin1');
  return answer;
}

function answerOn(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
}
