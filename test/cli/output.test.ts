/** What is written where somebody reads it, and where nobody does any more. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { withConnection } from '../support/raw-client.ts';
import { MAIN, ServalProcess } from './serval-process.ts';

// Two at a time: each is a process that starts.
describe('the output of serval', { concurrency: 2 }, () => {
  let base: string;
  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'serval-output-'));
    await writeFile(join(base, 'index.html'), 'home');
  });
  after(() => rm(base, { recursive: true }));

  /** On a connection that is not kept, for which nobody who is told to stop has to wait. */
  const askOnce = (port: number): Promise<string> =>
    withConnection({ port }, async (connection) => {
      await connection.send('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      return (await connection.receiveAll()).text;
    });

  it('may end at a closed pipe: no more is said of it', async () => {
    for (const words of [['--help'], ['help', 'site'], ['--version']]) {
      const serval = new ServalProcess(words);
      serval.child.stdout!.destroy();
      assert.equal(await serval.exit(), 0);
      assert.equal(serval.stderr, '');
    }
    const misused = new ServalProcess(['--prot']);
    misused.child.stderr!.destroy();
    assert.equal(await misused.exit(), 2);
  });

  it('may go nowhere while a folder is served', async () => {
    // Wide open, it has something to warn of.
    const words = [base, '--host', '0.0.0.0', '--upload', '--log', '--port', '0'];
    for (const name of ['stdout', 'stderr'] as const) {
      const serval = new ServalProcess(words);
      await using _ = serval;
      if (name === 'stderr') serval.child.stderr!.destroy();
      await serval.says(/Press Ctrl-C to stop/);
      const { port } = serval;
      serval.child[name]!.destroy();
      for (let i = 0; i < 3; i++) assert.match(await askOnce(port), /^HTTP\/1\.1 200 /);
      serval.child.kill('SIGTERM');
      assert.equal(await serval.exit(), 0);
    }
  });

  it('has no control characters of a config, of its path or of a folder', async () => {
    const folder = join(base, 'a\x1b[2J\x9b31m\u202eb');
    await mkdir(folder);
    await writeFile(
      join(folder, 'odd.json'),
      '{ "redirects": [{ "source": "/:\\u001b]0;x\\u0007", "destination": "/" }] }',
    );
    const refused = new ServalProcess(['--config', join(folder, 'odd.json')]);
    assert.equal(await refused.exit(), 2);
    assert.match(refused.stderr, /redirects\[0\]\.source/);
    await using serval = await ServalProcess.serve([folder]);
    for (const text of [refused.stderr, serval.stdout]) {
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
      assert.match(text, /a\\x1b\[2J\\x9b31m\\u\{202e\}b/);
    }
  });

  it('is one line where the current folder is gone', { skip: process.platform === 'win32' }, async () => {
    const gone = join(base, 'gone');
    await mkdir(gone);
    // A process that is in the folder while it is taken away, and then becomes serval.
    const child = spawn(
      'sh',
      ['-c', 'rmdir "$1"; exec "$2" "$3" --port 0', '-', gone, process.execPath, MAIN],
      {
        cwd: gone,
      },
    );
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(stderr, /^serval: the current folder [^\n]*\n$/);
  });
});
