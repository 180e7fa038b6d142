import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, describe, test } from 'node:test';
import { ServalProcess } from '../serval-process.ts';

const PROGRAMS = ['certutil', 'install', 'rm', 'sudo', 'trust', 'update-ca-certificates'];
const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';

describe('serval trust', { skip: !isLinux, timeout: 60_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), 'serval-trust-'));
  const log = join(home, 'log');
  // Programs that only write down how they were called: this machine trusts nothing new.
  const programs = join(home, 'programs');
  mkdirSync(programs);
  for (const name of PROGRAMS) {
    const fails = name === 'certutil' ? `case "$*" in *" -D "*) exit 1;; esac` : '';
    writeFileSync(join(programs, name), `#!/bin/sh\necho "${name} $*" >> '${log}'\n${fails}\n`);
    chmodSync(join(programs, name), 0o755);
  }
  after(() => rmSync(home, { recursive: true }));
  mkdirSync(join(home, '.pki/nssdb'), { recursive: true });
  writeFileSync(join(home, '.pki/nssdb/cert9.db'), '');
  const env = { HOME: home, XDG_CONFIG_HOME: home, PATH: `${programs}:${process.env['PATH']}` };
  const file = join(home, 'serval/authority.pem');

  test('prints the fingerprint and the commands, and runs none', async () => {
    const serval = new ServalProcess(['trust'], env);
    assert.equal(await serval.exit(), 0);
    assert.match(serval.stdout, /SHA-256 ([0-9A-F]{2}:){31}/);
    assert.match(serval.stdout, /sudo install -m 644 .*authority\.pem/);
    assert.ok(!existsSync(log));
  });

  test('--install prints each command and runs it; without root and a terminal it only says what root has to do', async () => {
    const serval = new ServalProcess(['trust', '--install'], env);
    assert.equal(await serval.exit(), isRoot ? 0 : 1);
    const nss = `certutil -d sql:${home}/.pki/nssdb`;
    const ran = readFileSync(log, 'utf8').trim().split('\n');
    assert.deepEqual(ran.slice(isRoot ? 2 : 0), [
      `${nss} -D -n Serval development`,
      `${nss} -A -t C,, -n Serval development -i ${file}`,
    ]);
    assert.ok(!ran.some((line) => line.startsWith('sudo')));
    assert.match(
      serval.stdout,
      /Chrome and Chromium: certutil -d .* -A -t "C,," -n "Serval development"|-t C,,/,
    );
    if (isRoot) assert.match(ran[0]!, /^install -m 644 /);
    else assert.match(serval.stderr, /not done, because it requires root: sudo install -m 644 /);
  });
});
