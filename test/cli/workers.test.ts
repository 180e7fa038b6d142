import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/until.ts';
import { ServalProcess } from './serval-process.ts';

const skip = process.platform === 'win32' && 'not there';

// Two at a time: much of it is waiting.
describe('serval --workers', { skip, timeout: 110_000, concurrency: 2 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serval-test-'));
    await mkdir(join(folder, 'site'));
    await writeFile(join(folder, 'site', 'a.txt'), 'a');
  });
  after(() => rm(folder, { recursive: true }));

  const settings = (value: string): string =>
    JSON.stringify({ root: 'site', headers: [{ source: '/**', headers: { 'X-Version': value } }] });

  const complains = (serval: ServalProcess, pattern: RegExp): Promise<void> =>
    until(`it complains ${pattern}`, () => pattern.test(serval.stderr));

  it('says how many, serves, reloads serval.json, goes on when that is wrong, and ends with 0', async () => {
    const config = join(folder, 'serval.json');
    await writeFile(config, settings('1'));
    await using serval = await ServalProcess.serve(['--workers', '2', '--log'], {}, folder);
    const version = async () => {
      const response = await fetch(`${serval.origin}/a.txt`, { headers: { Connection: 'close' } });
      assert.equal(await response.text(), 'a');
      return response.headers.get('x-version');
    };
    assert.match(serval.stdout, /^Serval serves .* with 2 workers at\n {2}Local:/);
    assert.equal(serval.stdout.match(/Local:/g)!.length, 1);
    assert.equal(await version(), '1');
    await serval.says(/ 200 GET {2}\/a\.txt /);

    await writeFile(config, settings('2'));
    serval.child.kill('SIGHUP');
    await complains(serval, /^serval: reloaded: 2 new workers serve$/m);
    assert.equal(await version(), '2');

    await writeFile(config, '{ "headers": 5 }');
    serval.child.kill('SIGHUP');
    await complains(serval, /^serval: reload failed: .*serval\.json.*headers/m);
    assert.equal(await version(), '2');

    serval.child.kill('SIGTERM');
    assert.equal(await serval.exit(), 0);
    assert.match(serval.stdout, /Finishing requests in progress/);
  });

  it('keeps the files of the demo in one place, in threads as well, and told twice to stop nothing of what had begun', async () => {
    await using serval = await ServalProcess.serve(['demo', '--threads', '2']);
    assert.match(serval.stdout, /^Serval demo with 1 worker of 2 threads at\n/);
    const file = `${serval.origin}/files/a.txt`;
    assert.equal((await fetch(file, { method: 'PUT', body: 'a' })).status, 201);
    for (let i = 0; i < 4; i++) {
      const response = await fetch(file, { headers: { Connection: 'close' } });
      assert.equal(await response.text(), 'a');
    }
    const [, kept] = /Files are kept in (.*)/.exec(serval.stdout)!;
    const socket = connect(serval.port, '127.0.0.1').on('error', () => {});
    socket.write('PUT /files/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello');
    await until('the second has begun', async () => (await readdir(kept!)).length === 2);
    serval.child.kill('SIGTERM');
    await serval.says(/Finishing requests in progress/);
    serval.child.kill('SIGTERM');
    assert.equal(await serval.exit(), 143);
    assert.deepEqual([serval.stderr, await readdir(kept!)], ['', ['a.txt']]);
    await rm(kept!, { recursive: true });
  });

  const noProc = process.platform !== 'linux' && 'the process id of a worker is looked up in /proc';
  it('tells of a worker that was killed and of the one in its place', { skip: noProc }, async () => {
    await using serval = await ServalProcess.serve([join(folder, 'site'), '--workers', '1']);
    const { pid } = serval.child;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    process.kill(Number(children.trim()), 'SIGKILL');
    await complains(serval, /^serval: worker \d+ was killed by SIGKILL; restarting (in 100 ms|now)$/m);
    await complains(serval, /^serval: worker \d+ listens as a replacement$/m);
    // The connection is not kept, so a worker that is left alone has nothing to wait for.
    const response = await fetch(`${serval.origin}/a.txt`, { headers: { Connection: 'close' } });
    assert.equal(await response.text(), 'a');
  });

  it('says in one line that it can not listen', async () => {
    const first = createServer();
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
    const { port } = first.address() as { port: number };
    const second = new ServalProcess([folder, '--workers', '2', '--port', String(port)]);
    assert.equal(await second.exit(), 1);
    assert.match(
      second.stderr,
      new RegExp(`^serval: port ${port} on 127\\.0\\.0\\.1 is in use; \\d+ is free: --port \\d+, or .*\\n$`),
    );
    first.close();
  });
});
