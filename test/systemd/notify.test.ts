/** `notify`, with a stand-in for the `systemd-notify` program. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { notify } from '../../src/systemd/index.ts';

describe('notify', () => {
  let folder: string;
  const { PATH, NOTIFY_SOCKET } = process.env;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serval-'));
    process.env['PATH'] = folder;
    process.env['NOTIFY_SOCKET'] = join(folder, 'socket');
  });
  afterEach(async () => {
    restore('PATH', PATH);
    restore('NOTIFY_SOCKET', NOTIFY_SOCKET);
    await rm(folder, { recursive: true });
  });

  const program = (script: string) =>
    writeFile(join(folder, 'systemd-notify'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

  test('sd_notify(3): hands the assignments to systemd-notify, each as one word, and the socket with them', async () => {
    await program(`printf '%s\\n' "$NOTIFY_SOCKET" "$@" > ${folder}/said`);
    assert.equal(await notify('READY=1', 'STATUS=serving; really $HOME'), true);
    assert.equal(
      await readFile(join(folder, 'said'), 'utf8'),
      `${folder}/socket\nREADY=1\nSTATUS=serving; really $HOME\n`,
    );
  });

  test('sd_notify(3): without NOTIFY_SOCKET nobody wants to know, and nothing is run', async () => {
    await program(`: > ${folder}/run`);
    for (const socket of [undefined, '']) {
      restore('NOTIFY_SOCKET', socket);
      assert.equal(await notify('READY=1'), false);
    }
    await assert.rejects(readFile(join(folder, 'run')), { code: 'ENOENT' });
  });

  test('sd_notify(3): a program that fails or is missing is an error that says so', async () => {
    await program('echo "Failed to notify init system" >&2; exit 1');
    await assert.rejects(notify('READY=1'), /systemd-notify: Failed to notify init system/);
    await rm(join(folder, 'systemd-notify'));
    await assert.rejects(notify('READY=1'), /systemd-notify.*ENOENT/);
  });

  test('sd_notify(3): what is no assignment is a TypeError that names it, and never an option', async () => {
    await program(`: > ${folder}/run`);
    for (const text of ['READY', '--ready', '=1', 'ready=1', 'A=1\nB=2', '-x=1', '', 'STATUS=\0'])
      await assert.rejects(notify('READY=1', text), (error: unknown) => {
        assert.ok(error instanceof TypeError);
        assert.ok(error.message.includes(JSON.stringify(text)));
        return true;
      });
    await assert.rejects(readFile(join(folder, 'run')), { code: 'ENOENT' });
  });
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
