/** What becomes of uploads when the disk is full, and when a file may not become so large. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { uploads } from '../../../src/files/uploads/uploads.ts';
import { message, withServer } from '../../server/with-server.ts';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const MIB = 2 ** 20;

const base = realpathSync(mkdtempSync(join(tmpdir(), 'serval-test-')));
after(() => rm(base, { recursive: true }));

/** Only root can mount one, and in some containers not even root. */
function mountSmallDisk(): string | undefined {
  const path = join(base, 'disk');
  mkdirSync(path);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', path]);
  return status === 0 ? path : undefined;
}

const disk = mountSmallDisk() ?? '';

describe('on a disk of 4 MiB', { skip: disk === '' && 'there is no small disk to be had' }, () => {
  before(() => writeFile(join(disk, 'old'), 'old'));
  after(() => execFileSync('umount', [disk]));

  test('RFC 4918 §11.5: a file that does not fit is answered 507, the old one stays, and its room is free again', async () => {
    const handler = uploads(disk, () => new Response(), { overwrite: true });
    const send = (content: string) => message('PUT /old', [], content);
    await withServer(
      handler,
      async ({ ask, faults }) => {
        for (let attempt = 0; attempt < 3; attempt++) {
          const answer = await ask(send('x'.repeat(5 * MIB)));
          assert.equal(answer.status, 507);
          assert.equal(answer.text, 'There is no room left for the file.\n');
          assert.deepEqual(await readdir(disk), ['old']);
          assert.equal(await readFile(join(disk, 'old'), 'utf8'), 'old');
        }
        // 3 MiB twice do not fit beside each other either, but one behind the other do.
        assert.equal((await ask(send('y'.repeat(3 * MIB)))).status, 204);
        assert.equal((await ask(send('z'.repeat(3 * MIB)))).status, 507);
        assert.equal((await readFile(join(disk, 'old'), 'utf8'))[0], 'y');
        assert.deepEqual(faults, []);
      },
      { limits: { maxRequestBodySize: 0 } },
    );
  });

  test('a form is told which of its files did not fit', async () => {
    const part = (name: string, content: string) =>
      `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${content}\r\n`;
    const form = `${part('small', 's')}${part('large', 'l'.repeat(5 * MIB))}${part('last', 't')}--b--`;
    await withServer(
      uploads(disk, () => new Response()),
      async ({ ask }) => {
        const answer = await ask(message('POST /', ['Content-Type: multipart/form-data; boundary=b'], form));
        assert.equal(answer.status, 507);
        const told = JSON.parse(answer.text) as { name: string; status: number }[];
        assert.deepEqual(
          told.map(({ name, status }) => [name, status]),
          [
            ['small', 201],
            ['large', 507],
            ['last', 201],
          ],
        );
        assert.deepEqual((await readdir(disk)).sort(), ['last', 'old', 'small']);
      },
      { limits: { maxRequestBodySize: 0 } },
    );
  });
});

const canLimit = spawnSync('prlimit', ['--version']).status === 0;

test('where the process may only write 1 MiB files, a larger one is answered 413', {
  skip: !canLimit && 'there is no prlimit',
}, async () => {
  const root = join(base, 'limited');
  await mkdir(root);
  const serval = spawn(
    'prlimit',
    [`--fsize=${MIB}`, process.execPath, MAIN, root, '--upload', '--port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    let said = '';
    serval.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    while (!/http:\/\/[^/\s]+/.test(said)) await once(serval.stdout, 'data');
    const [origin] = /http:\/\/[^/\s]+/.exec(said)!;
    const put = async (octets: number) =>
      (await fetch(`${origin}/a`, { method: 'PUT', body: 'x'.repeat(octets) })).status;
    assert.equal(await put(MIB + 1), 413);
    assert.deepEqual(await readdir(root), []);
    assert.equal(await put(MIB), 201);
  } finally {
    serval.kill('SIGKILL');
    await once(serval, 'exit');
  }
});
