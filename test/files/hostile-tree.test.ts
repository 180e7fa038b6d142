/** A folder full of things that are no files, or files that nobody would make on purpose. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { withConnection } from '../support/raw-client.ts';
import { RUNTIME_NAME, type ServerProcess, startServer } from '../support/server-process.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'serval-tree-')));
chmodSync(base, 0o755);
const root = join(base, 'root');
mkdirSync(join(root, 'folder'), { recursive: true });

const NAMES: Record<string, string> = {
  'with space.txt': '/with%20space.txt',
  '"quotes\'.txt': '/%22quotes%27.txt',
  'percent%41.txt': '/percent%2541.txt',
  '%2e%2e': '/%252e%252e',
  'hash#.txt': '/hash%23.txt',
  'question?.txt': '/question%3F.txt',
  'semi;colon=1.txt': '/semi;colon=1.txt',
  'plus+and&.txt': '/plus+and&.txt',
  '<script>.txt': '/%3Cscript%3E.txt',
  '-rf.txt': '/-rf.txt',
  '~': '/~',
  'a..b': '/a..b',
  'ends with dot.': '/ends%20with%20dot.',
  ' leading and trailing ': '/%20leading%20and%20trailing%20',
  'ünï.txt': '/%C3%BCn%C3%AF.txt',
  'u\u0308ni\u0308.txt': '/u%CC%88ni%CC%88.txt',
  日本語: '/%E6%97%A5%E6%9C%AC%E8%AA%9E',
  '😀.txt': '/%F0%9F%98%80.txt',
  '\u202etxt.exe': '/%E2%80%AEtxt.exe',
  constructor: '/constructor',
  ['__proto__']: '/__proto__',
  ['n'.repeat(255)]: `/${'n'.repeat(255)}`,
};
for (const name of Object.keys(NAMES)) writeFileSync(join(root, name), `content of ${name}`);
writeFileSync(join(root, 'Case.txt'), 'upper');
writeFileSync(join(root, 'new\nline.txt'), 'new line');
writeFileSync(
  Buffer.concat([Buffer.from(`${root}/latin1-`), Buffer.from([0xe9]), Buffer.from('.txt')]),
  'latin1',
);
symlinkSync('loop-b', join(root, 'loop-a'));
symlinkSync('loop-a', join(root, 'loop-b'));
symlinkSync('.', join(root, 'itself'));
symlinkSync('nowhere', join(root, 'dangling'));
symlinkSync('/dev/zero', join(root, 'zero'));
symlinkSync('folder', join(root, 'link-to-folder'));
symlinkSync('Case.txt', join(root, 'link-to-file'));
execFileSync('mkfifo', [join(root, 'pipe'), join(root, 'folder', 'index.html'), join(root, 'Case.txt.gz')]);
const isRoot = process.getuid?.() === 0;
if (isRoot) {
  execFileSync('mknod', [join(root, 'device'), 'c', '1', '5']);
  execFileSync('mknod', [join(root, 'disk'), 'b', '7', '99']);
}
const socket = createServer().listen(join(root, 'socket'));
writeFileSync(join(root, 'unreadable.txt'), 'unreadable');
chmodSync(join(root, 'unreadable.txt'), 0);
mkdirSync(join(root, 'closed'));
writeFileSync(join(root, 'closed', 'a.txt'), 'in a closed folder');
chmodSync(join(root, 'closed'), 0);
writeFileSync(join(root, 'half.txt'), 'plain');
writeFileSync(join(root, 'half.txt.gz'), 'unreadable too');
chmodSync(join(root, 'half.txt.gz'), 0);

const SITE = '../../conformance/attacks/servers/site';
const server = await startServer(SITE, { root });
after(async () => {
  await server.stop();
  socket.close();
  rmSync(base, { recursive: true });
});

function ask(to: ServerProcess, target: string, method = 'GET', ...fields: string[]) {
  return withConnection(to, async (connection) => {
    await connection.send([`${method} ${target} HTTP/1.1`, 'Host: a', ...fields, '\r\n'].join('\r\n'));
    // Nothing here may keep anybody waiting.
    const [answer] = await connection.receiveResponses([method]);
    assert.ok(answer !== undefined, target);
    return answer;
  });
}

describe('files: a hostile tree', () => {
  for (const [name, path] of Object.entries(NAMES)) {
    test(`a file is to be had whatever it is called: ${JSON.stringify(name.slice(0, 30))}`, async () => {
      const answer = await ask(server, path);
      assert.equal(answer.status, 200);
      assert.equal(Buffer.from(answer.content).toString(), `content of ${name}`);
      const once = await ask(server, path, 'HEAD');
      assert.equal(once.field('content-length'), String(answer.content.length));
    });
  }

  test('names with control characters, and those that are not UTF-8, have no URL', async () => {
    assert.equal((await ask(server, '/new%0Aline.txt')).status, 400);
    assert.equal((await ask(server, '/latin1-%E9.txt')).status, 400);
    assert.equal((await ask(server, '/latin1-%EF%BF%BD.txt')).status, 404);
    assert.equal((await ask(server, '/latin1-%C3%A9.txt')).status, 404);
  });

  test('case is what the file system takes it for', async () => {
    assert.equal((await ask(server, '/Case.txt')).text, 'upper');
    const other = await ask(server, '/case.TXT');
    assert.equal(other.status, existsSync(join(root, 'case.TXT')) ? 200 : 404);
  });

  test('pipes, sockets and devices are not there, and nobody waits for them', async () => {
    const names = ['pipe', 'socket', 'zero', 'folder/', ...(isRoot ? ['device', 'disk'] : [])];
    for (const name of names) {
      for (const method of ['GET', 'HEAD']) {
        assert.equal((await ask(server, `/${name}`, method, 'Range: bytes=0-9')).status, 404, name);
      }
    }
    // As a precompressed file, a pipe is none.
    const answer = await ask(server, '/Case.txt', 'GET', 'Accept-Encoding: gzip');
    assert.deepEqual([answer.text, answer.field('content-encoding')], ['upper', undefined]);
  });

  test('links that lead nowhere or round in a circle are not there; the others lead where they lead', async () => {
    for (const name of ['loop-a', 'loop-b', 'dangling', 'loop-a/x', 'dangling/']) {
      assert.equal((await ask(server, `/${name}`)).status, 404, name);
    }
    assert.equal((await ask(server, '/link-to-file')).text, 'upper');
    assert.equal((await ask(server, '/link-to-folder')).field('location'), './link-to-folder/');
    assert.equal((await ask(server, `/${'itself/'.repeat(30)}Case.txt`)).text, 'upper');
    assert.equal((await ask(server, `/${'itself/'.repeat(1000)}Case.txt`)).status, 404, 'too many links');
  });

  test('names and paths that are too long are not there', async () => {
    for (const path of [`/${'n'.repeat(256)}`, `/${'a/'.repeat(2500)}`, `/${'%C3%A9'.repeat(128)}`]) {
      assert.equal((await ask(server, path)).status, 404);
    }
  });

  test('RFC 9110 §15.5.4: what the system does not let us read is forbidden, whatever is asked of it', async (t) => {
    if (isRoot && RUNTIME_NAME !== 'node') return t.skip('only on Node can the server become somebody else');
    const nobody = await startServer(SITE, { root, ...(isRoot ? { uid: 65_534 } : {}) });
    try {
      for (const path of ['/unreadable.txt', '/closed/a.txt', '/closed/']) {
        for (const fields of [[], ['If-None-Match: *'], ['Range: bytes=0-1']]) {
          assert.equal((await ask(nobody, path, 'GET', ...fields)).status, 403, path);
          assert.equal((await ask(nobody, path, 'HEAD', ...fields)).status, 403, path);
        }
      }
      const plain = await ask(nobody, '/half.txt', 'GET', 'Accept-Encoding: gzip');
      assert.deepEqual([plain.status, plain.text], [200, 'plain'], 'a precompressed file that is, is none');
      assert.equal((await ask(nobody, '/with%20space.txt')).status, 200);
    } finally {
      await nobody.stop();
    }
  });

  test('all this has opened nothing that is still open', async () => {
    assert.ok(existsSync(join(root, 'pipe')));
    if (!existsSync(`/proc/${server.pid}/fd`)) return;
    const { readdirSync, readlinkSync } = await import('node:fs');
    const open = readdirSync(`/proc/${server.pid}/fd`)
      .map((fd) => {
        try {
          return readlinkSync(`/proc/${server.pid}/fd/${fd}`);
        } catch {
          return '';
        }
      })
      .filter((path) => path.startsWith(base) || path.startsWith('/dev/zero'));
    assert.deepEqual(open, []);
  });
});
