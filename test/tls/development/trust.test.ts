import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { nssStores } from '../../../src/tls/development/nss-stores.ts';
import { trusting } from '../../../src/tls/development/trust.ts';
import type { Machine } from '../../../src/tls/development/trust-step.ts';

const FILE = '/home/ann/.config/serval/authority.pem';
const CHROMIUM = { what: 'Chrome and Chromium', folder: '/home/ann/.pki/nssdb', exists: true };

function linesOf(kind: 'install' | 'remove', machine: Partial<Machine>, programs: readonly string[] = []) {
  const has = (program: string): boolean => programs.includes(program);
  const all = { platform: 'linux', home: '/home/ann', stores: [CHROMIUM], has, ...machine } as const;
  return trusting(FILE, all)[kind].map(({ command, advice, needsRoot, mayFail }) =>
    command === undefined ? advice! : `${needsRoot ? '# ' : ''}${mayFail ? '-' : ''}${command.join(' ')}`,
  );
}

describe('trust', () => {
  test('Debian: the file, then the store of the system; both need root', () => {
    const installed = '/usr/local/share/ca-certificates/serval-development.crt';
    assert.deepEqual(linesOf('install', {}, ['update-ca-certificates']).slice(0, 2), [
      `# install -m 644 ${FILE} ${installed}`,
      '# update-ca-certificates',
    ]);
    assert.deepEqual(linesOf('remove', {}, ['update-ca-certificates']), [
      `# rm -f ${installed}`,
      '# update-ca-certificates --fresh',
    ]);
  });

  test('Fedora and Arch: p11-kit', () => {
    assert.equal(linesOf('install', {}, ['trust'])[0], `# trust anchor ${FILE}`);
    assert.deepEqual(linesOf('remove', {}, ['trust']), [`# trust anchor --remove ${FILE}`]);
  });

  test('macOS: the keychain of the user', () => {
    const [line] = linesOf('install', { platform: 'darwin' });
    const keychain = '/home/ann/Library/Keychains/login.keychain-db';
    assert.equal(line, `security add-trusted-cert -r trustRoot -k ${keychain} ${FILE}`);
    assert.deepEqual(linesOf('remove', { platform: 'darwin' }), [`security remove-trusted-cert ${FILE}`]);
  });

  test('Windows: the store of the user', () => {
    assert.equal(linesOf('install', { platform: 'win32' })[0], `certutil -user -addstore Root ${FILE}`);
    assert.deepEqual(linesOf('remove', { platform: 'win32' }), [
      'certutil -user -delstore Root Serval development',
    ]);
  });

  test('browsers on Linux: an authority from before is replaced, and a store is made if there is none', () => {
    const db = 'certutil -d sql:/home/ann/.pki/nssdb';
    const add = `${db} -A -t C,, -n Serval development -i ${FILE}`;
    assert.deepEqual(linesOf('install', {}, ['certutil']).slice(1), [`-${db} -D -n Serval development`, add]);
    assert.deepEqual(
      linesOf('install', { stores: [{ ...CHROMIUM, exists: false }] }, ['certutil']).slice(1),
      ['mkdir -p /home/ann/.pki/nssdb', `${db} -N --empty-password`, add],
    );
    assert.deepEqual(linesOf('remove', {}, ['certutil']), [`${db} -D -n Serval development`]);
  });

  test('what no program can do is told to people', () => {
    const lines = linesOf('install', {});
    assert.ok(lines.length === 3 && lines.every((line) => line.includes(FILE)), lines.join('\n'));
  });

  test('the stores of Chromium and of each Firefox profile', () => {
    const home = mkdtempSync(join(tmpdir(), 'serval-nss-'));
    try {
      const chromium = { ...CHROMIUM, folder: join(home, '.pki/nssdb'), exists: false };
      assert.deepEqual(nssStores(home), [chromium]);
      for (const folder of [
        '.pki/nssdb',
        '.mozilla/firefox/a.default',
        'snap/firefox/common/.mozilla/firefox/b',
      ]) {
        mkdirSync(join(home, folder), { recursive: true });
        writeFileSync(join(home, folder, 'cert9.db'), '');
      }
      mkdirSync(join(home, '.mozilla/firefox/Crash Reports'));
      assert.deepEqual(
        nssStores(home).map(({ what, folder, exists }) => [what, folder.slice(home.length + 1), exists]),
        [
          ['Chrome and Chromium', '.pki/nssdb', true],
          ['Firefox', '.mozilla/firefox/a.default', true],
          ['Firefox', 'snap/firefox/common/.mozilla/firefox/b', true],
        ],
      );
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
