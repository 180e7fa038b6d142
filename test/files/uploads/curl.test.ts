/** curl, which most people who upload from a terminal have. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { ServalProcess } from '../../cli/serval-process.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const run = promisify(execFile);

describe('curl', { skip: !hasCurl && 'curl is not installed' }, () => {
  let base: string;
  let serval: ServalProcess;
  const file = (name: string) => join(base, 'mine', name);
  const stored = (name: string) => join(base, 'root', name);
  const LARGE = Buffer.alloc(
    40 * 2 ** 20,
    'more than a server takes by default, and than fits into any buffer. ',
  );

  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'serval-test-'));
    await mkdir(join(base, 'mine'));
    await mkdir(join(base, 'root'));
    await writeFile(file('large.bin'), LARGE);
    await writeFile(file('small, "quoted" ż.txt'), 'small');
    serval = await ServalProcess.serve([join(base, 'root'), '--upload', '--listing']);
  });
  after(async () => {
    await serval?.[Symbol.asyncDispose]();
    await rm(base, { recursive: true });
  });

  const curl = async (...args: string[]) => {
    const flags = ['--silent', '--show-error', '--max-time', '60', '--write-out', '\n%{http_code}'];
    const { stdout } = await run('curl', [...flags, ...args]);
    const at = stdout.lastIndexOf('\n');
    return { text: stdout.slice(0, at), status: Number(stdout.slice(at + 1)) };
  };

  test('-T stores a file under a name, and then refuses to replace it', async () => {
    const { text, status } = await curl('-T', file('large.bin'), `${serval.origin}/`.concat('large.bin'));
    assert.equal(status, 201);
    assert.equal(text, 'Stored as /large.bin\n');
    assert.ok(LARGE.equals(await readFile(stored('large.bin'))));
    const again = await curl('-T', file('large.bin'), `${serval.origin}/large.bin`);
    assert.equal(again.status, 409);
    assert.equal(again.text, 'There is already a file of this name.\n');
  });

  test('-T to a folder appends the name; -T from a pipe knows no length', async () => {
    assert.equal((await curl('-T', file('small, "quoted" ż.txt'), `${serval.origin}/`)).status, 201);
    assert.equal(await readFile(stored('small, "quoted" ż.txt'), 'utf8'), 'small');
    const piped = run('sh', [
      '-c',
      `printf piped | curl -sS --max-time 60 -T - -o /dev/null -w '%{http_code}' "$0/piped"`,
      serval.origin,
    ]);
    assert.equal((await piped).stdout, '201');
    assert.equal(await readFile(stored('piped'), 'utf8'), 'piped');
  });

  test('-F stores several files, and prints what became of them', async () => {
    const { text, status } = await curl(
      ...['-F', 'note=hello', '-F', `file=@${file('large.bin')};filename=again.bin`],
      ...[
        '-F',
        `file=@${file('small, "quoted" ż.txt')
          .replaceAll('"', '\\"')
          .replace(/^(.*)$/, '"$1"')};filename=copy.txt`,
      ],
      `${serval.origin}/`,
    );
    assert.equal(status, 201);
    assert.deepEqual(JSON.parse(text), [
      { name: 'again.bin', status: 201, location: '/again.bin' },
      { name: 'copy.txt', status: 201, location: '/copy.txt' },
    ]);
    assert.ok(LARGE.equals(await readFile(stored('again.bin'))));
  });

  test('lists as JSON what was stored', async () => {
    const { text } = await curl('-H', 'Accept: application/json', `${serval.origin}/?sort=size`);
    const entries = JSON.parse(text) as { name: string; size: number }[];
    assert.deepEqual(
      entries.map(({ name, size }) => [name, size]),
      [
        ['again.bin', LARGE.length],
        ['large.bin', LARGE.length],
        ['copy.txt', 5],
        ['piped', 5],
        ['small, "quoted" ż.txt', 5],
      ],
    );
  });
});
